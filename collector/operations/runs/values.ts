import { fieldValue, type RunField } from '../../runs/field.ts';
import { runFieldNamed } from '../../runs/fields.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';

/** What the parameters and metrics of some runs are called. */
export interface RunNames {
  all: Set<string>;
  params: ReadonlySet<string>;
  metrics: ReadonlySet<string>;
  /** How many runs there are. */
  runs: number;
  /** Names that are those of a parameter and of a metric; "params." and "metrics." in front tell them apart. */
  both: Set<string>;
  /** Names of parameters that are not numbers in every run. */
  textual: Set<string>;
  /** A name as it may have been given: the one word of a field where it is another word for it. */
  wordFor(name: string): string;
  /** The field that a name means, where it is not that of a parameter or metric. */
  fieldOf(name: string): RunField | undefined;
  /** Whether a name means a metric. */
  isMetric(name: string): boolean;
}

/** The names of all parameters and metrics of some runs. */
export function runNames(runs: readonly RunRecord[]): RunNames {
  const [params, metrics, textual] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const run of runs) {
    for (const name in run.params) {
      params.add(name);
      if (typeof run.params[name] !== 'number') textual.add(name);
    }
    for (const name in run.metrics) metrics.add(name);
  }
  const isRecorded = (name: string) => params.has(name) || metrics.has(name);
  return {
    all: new Set([...params, ...metrics]),
    params,
    metrics,
    runs: runs.length,
    both: new Set([...params].filter((name) => metrics.has(name))),
    textual,
    fieldOf: (name) => runFieldNamed(name, isRecorded),
    wordFor: (name) => runFieldNamed(name, isRecorded)?.id ?? name,
    isMetric: (name) => {
      if (runFieldNamed(name, isRecorded) !== undefined || params.has(name)) return false;
      return metrics.has(name) || (name.startsWith('metrics.') && metrics.has(name.slice('metrics.'.length)));
    },
  };
}

/** A column as it was named: two of them where the name is that of a parameter and of a metric. */
export function columnsNamed(name: string, { both, wordFor }: RunNames): string[] {
  const word = wordFor(name);
  return both.has(word) ? [`metrics.${word}`, `params.${word}`] : [word];
}

/** The value of a field, else of a parameter or metric; parameters come before metrics. */
export function valueOfRun(run: RunRecord, name: string, { fieldOf }: RunNames): Scalar | undefined {
  const field = fieldOf(name);
  if (field !== undefined) return fieldValue(field, run);
  if (name.startsWith('metrics.') && !(name in run.params))
    return run.metrics[name.slice(8)] ?? run.metrics[name];
  return run.params[name] ?? run.metrics[name] ?? run.params[name.replace(/^params\./, '')];
}
