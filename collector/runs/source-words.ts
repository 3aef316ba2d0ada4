/** What people call the files that a source of runs reads, where that is not its name. */
const words: Readonly<Record<string, string>> = {
  mlflow: 'MLflow run',
  'mlflow-db': 'MLflow database',
};

/** The word for the kind of a file of a run: "receipt", "MLflow run". */
export function sourceWord(name: string): string {
  return Object.hasOwn(words, name) ? words[name]! : name;
}
