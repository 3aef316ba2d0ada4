import { hasResult } from '../formats/actions/status.ts';
import { recordedDirections } from '../runs/direction.ts';
import { fieldValue } from '../runs/field.ts';
import { commitOf, runFieldNamed } from '../runs/fields.ts';
import type { RunRecord } from '../runs/record.ts';
import { isVerdict } from '../runs/source-words.ts';
import { type BetterSettings, directionOfSeries } from './direction.ts';
import { environmentText } from './environment.ts';
import type { TrendPoint, TrendSeries } from './series.ts';

/** How runs become series. */
export interface RunSeriesOptions {
  /** Parameters and fields whose values tell series apart, beside the identifier. */
  by: readonly string[];
  better: BetterSettings;
}

/**
 * A series for each metric of runs that belong together (one identifier, the same values of `by`), and one for how long they took.
 * Runs that did not end well have no result, and no place in it, but for those whose numbers are why they are said to have failed.
 */
export function seriesOfRuns(runs: readonly RunRecord[], { by, better }: RunSeriesOptions): TrendSeries[] {
  const found = new Map<string, TrendSeries>();
  const recorded = recordedDirections(runs);
  const groups = new Map<RunRecord, string>(runs.map((run) => [run, `runs/${groupOf(run, by)}`]));
  // A metric of that name is what somebody measured, also where some runs lack it.
  const ownDuration = new Set(
    runs.flatMap((run) => (Object.hasOwn(run.metrics, 'duration') ? [groups.get(run)] : [])),
  );
  for (const run of runs) {
    const { atUs } = run;
    if (atUs === undefined || !(hasResult(run) || isVerdict(run))) continue;
    const group = groups.get(run)!;
    const point = {
      atUs,
      id: run.key,
      commit: commitOf(run),
      branch: branchOf(run),
      ...(run.tags.length === 0 ? {} : { tags: run.tags }),
      environment: environmentText(run.receipt?.environment ?? run.origin?.environment),
    };
    for (const [name, value] of Object.entries(run.metrics)) add(group, name, { ...point, value });
    if (run.durationMs !== undefined && hasResult(run) && !ownDuration.has(group))
      add(group, 'duration', { ...point, value: run.durationMs }, 'ms');
  }
  return [...found.values()];

  function add(group: string, name: string, point: TrendPoint, unit?: 'ms'): void {
    const key = `${group}/${name}`;
    let series = found.get(key);
    if (series === undefined) {
      const known = recorded.get(name);
      const disputed = known === undefined && recorded.has(name);
      const direction = directionOfSeries(key, name, better, { direction: known, disputed });
      series = { key, kind: 'runs', name, direction, points: [], ...(unit === undefined ? {} : { unit }) };
      found.set(key, series);
    }
    series.points.push(point);
  }
}

function branchOf({ receipt }: RunRecord): string | undefined {
  return Object.values(receipt?.repos ?? {}).find(({ branch }) => branch !== undefined)?.branch;
}

function groupOf(run: RunRecord, by: readonly string[]): string {
  const values = by.map((name) => `${name}=${namedValue(run, name) ?? '-'}`);
  return `${run.identifier || '.'}${values.length === 0 ? '' : `[${values.join(',')}]`}`;
}

function namedValue(run: RunRecord, name: string) {
  if (Object.hasOwn(run.params, name)) return run.params[name];
  const field = runFieldNamed(name, () => false);
  return field === undefined ? undefined : fieldValue(field, run);
}
