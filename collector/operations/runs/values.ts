import { runFields } from '../../runs/filter/parse.ts';
import type { RunRecord } from '../../runs/record.ts';

/** What the parameters and metrics of some runs are called. */
export interface RunNames {
  all: Set<string>;
  /** Names that are those of a parameter and of a metric; "params." and "metrics." in front tell them apart. */
  both: Set<string>;
  /** Names of parameters that are not numbers in every run. */
  textual: Set<string>;
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
  return {
    all: new Set([...params, ...metrics]),
    both: new Set([...params].filter((name) => metrics.has(name))),
    textual,
    isMetric: (name) => {
      if ((runFields as readonly string[]).includes(name) || params.has(name)) return false;
      return metrics.has(name) || (name.startsWith('metrics.') && metrics.has(name.slice('metrics.'.length)));
    },
  };
}

/** A column as it was named: two of them where the name is that of a parameter and of a metric. */
export function columnsNamed(name: string, { both }: RunNames): string[] {
  return both.has(name) ? [`metrics.${name}`, `params.${name}`] : [name];
}

/** The value of a field, parameter or metric of a run; parameters come before metrics. */
export function valueOfRun(run: RunRecord, name: string): string | number | boolean | null | undefined {
  switch (name) {
    case 'status':
    case 'identifier':
    case 'name':
    case 'key':
      return run[name];
    case 'tag':
      return run.tags.length === 0 ? undefined : run.tags.join(', ');
    case 'started':
      return run.startedAtUs ?? run.atUs;
    case 'duration':
      return run.durationMs;
    case 'stale':
      return run.stale !== undefined;
    case 'reason':
      return run.error?.split('\n', 1)[0];
    default: {
      if (name.startsWith('metrics.') && !(name in run.params))
        return run.metrics[name.slice(8)] ?? run.metrics[name];
      return run.params[name] ?? run.metrics[name] ?? run.params[name.replace(/^params\./, '')];
    }
  }
}
