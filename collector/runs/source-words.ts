/** What people call the files that a source of runs reads, where that is not its name. */
const words: Readonly<Record<string, string>> = {
  mlflow: 'MLflow run',
  'mlflow-db': 'MLflow database',
  huggingface: 'Hugging Face Trainer',
  hydra: 'Hydra job',
  sacred: 'Sacred run',
  tensorboard: 'TensorBoard events',
  wandb: 'W&B run',
  trackio: 'Trackio database',
  dvc: 'DVC pipeline',
  dvclive: 'DVCLive run',
  'github-action-benchmark': 'github-action-benchmark',
  junit: 'test report (JUnit XML)',
  coverage: 'coverage report',
  'go-bench': 'benchmarks of Go',
  lighthouse: 'Lighthouse report',
  k6: 'k6 summary',
};

/** The programs whose records are read, as a sentence names them. */
const programs = [
  'Daybook',
  'FlexLock',
  'pycaddy',
  'CrackSeg',
  'MLflow',
  'DVC',
  'DVCLive',
  'YOLO',
  'Lightning',
  'Keras',
  'the Hugging Face Trainer',
  'Hydra',
  'Sacred',
  'TensorBoard',
  'W&B',
  'Trackio',
  'github-action-benchmark',
  'JUnit XML',
  'lcov',
  'Cobertura',
  'pytest-benchmark',
  'hyperfine',
  'Go’s benchmarks',
  'criterion',
  'k6',
  'Lighthouse',
];

/** Sources whose "failed" is a judgement of the numbers that they hold: tests that did not pass, limits that were not kept. */
const verdicts: ReadonlySet<string> = new Set(['junit', 'k6']);

/** Whether a run that failed has a result all the same, namely what it failed by. */
export function isVerdict({ status, statusFrom }: { status: string; statusFrom: string }): boolean {
  return status === 'failed' && verdicts.has(statusFrom);
}

/** The word for the kind of a file of a run: "receipt", "MLflow run". */
export function sourceWord(name: string): string {
  return Object.hasOwn(words, name) ? words[name]! : name;
}

/** What this version reads, for who has something else: "files of Daybook, … and MLflow". */
export function readableKinds(): string {
  return `files of ${programs.slice(0, -1).join(', ')} and ${programs.at(-1)}`;
}
