import { type RunNames, valueOfRun } from '../../operations/runs/values.ts';
import {
  mainMetrics,
  mostTelling,
  type RunColumn,
  runColumns,
  tellingCounts,
  tellingWeight,
} from '../../runs/columns.ts';
import type { RunRecord } from '../../runs/record.ts';

/**
 * The columns of a table of runs that nobody chose any for: time, status, key and duration where known, the metrics and
 * parameters that tell most among these runs, and why some did not end well. `rank` is the same with the most worth first:
 * where a terminal is narrow, the last ones are left out.
 */
export function usualColumns(
  runs: readonly RunRecord[],
  names: RunNames,
): { shown: string[]; rank: readonly string[] } {
  const all = runColumns(runs);
  const named = ({ kind, name }: RunColumn) =>
    names.both.has(name) || names.fieldOf(name) !== undefined ? `${kind}s.${name}` : name;
  const metrics = mainMetrics(all, runs.length);
  const params = mostTelling(
    all.filter(({ kind }) => kind === 'param'),
    tellingWeight,
    { among: runs.length, most: tellingCounts.param },
  );
  // A metric that has the name of a parameter is not mistaken for it where both are there.
  const namesakes = metrics.filter(({ name }) => names.both.has(name)).map(({ name }) => `params.${name}`);
  const reason = runs.some(({ error }) => error !== undefined) ? ['reason'] : [];
  const byWorth = (columns: RunColumn[]) =>
    [...columns].sort((a, b) => tellingWeight(b) - tellingWeight(a)).map(named);
  const [worthMetrics, worthParams] = [byWorth(metrics), byWorth(params)];
  const pair = (at: number) => [worthMetrics[at], worthParams[at]].filter((name) => name !== undefined);
  return {
    shown: [
      ...['started', 'status', 'key', 'duration'].filter((name) =>
        runs.some((run) => valueOfRun(run, name, names) !== undefined),
      ),
      ...new Set([...metrics.map(named), ...params.map(named), ...namesakes]),
      ...reason,
    ],
    rank: [
      ...['key', 'status', ...pair(0), ...pair(1), 'started', ...reason],
      ...[...pair(2), 'duration', ...pair(3), ...pair(4), ...namesakes],
    ],
  };
}

/** Names with commas between them. */
export function listOfNames(given: string): string[] {
  return given
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
