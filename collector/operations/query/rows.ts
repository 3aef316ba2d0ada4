import { isExactNumber, numberIn } from '../../base/json/exact-number.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { timeAt } from '../../formats/metrics/series.ts';
import { visitSnapshotLeaves } from '../../formats/snapshots/leaves.ts';
import type { SnapshotRecord } from '../../formats/snapshots/periodic.ts';
import type { Rollup } from '../../formats/snapshots/rollup.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readSeries } from '../../store/runs/read-series.ts';
import type { ViewName } from './views.ts';

/** The cells of a row, in the order of the columns of its view; times in microseconds since 1970 UTC. */
export type Row = (string | number | boolean | readonly string[] | null | undefined)[];

/** Takes the rows of one view as they come. */
export type TakeRow = (row: Row) => void;

/** Whether a column is asked for: what takes long is left out where it is not. */
export type IsNeeded = (column: string) => boolean;

/** The row of one line of the log. */
export function actionRow(record: ActionRecord, isNeeded: IsNeeded): Row {
  const { source } = record;
  return [
    record.key,
    record.snapshotId,
    record.actionId,
    record.atUs,
    record.type,
    record.status,
    record.statusWord,
    record.startedAtUs,
    record.endedAtUs,
    record.durationMs,
    record.error,
    record.run,
    source?.host,
    source?.ci,
    source?.branch,
    source?.commit,
    isNeeded('details') ? jsonText(record.details) : null,
    record.file,
    record.line,
  ];
}

/** The row of a snapshot. */
export function snapshotRow(
  { id, atUs, health, healthReasons, content, file, bytes }: SnapshotRecord,
  isNeeded: IsNeeded,
): Row {
  return [id, atUs, health, healthReasons, isNeeded('content') ? jsonText(content) : null, file, bytes];
}

/** A row for each single value of a snapshot. */
export function fieldRows({ id, atUs, content }: SnapshotRecord, take: TakeRow): void {
  visitSnapshotLeaves(content, (path, leaf) => take([id, atUs, path, ...valueCells(leaf)]));
}

/** A row for each field of a roll-up. */
export function rollupRows({ unit, fromUs, untilUs, fields }: Rollup, take: TakeRow): void {
  for (const [path, { count, numbers, min, max, mean, first, last, seen, more }] of fields) {
    const [start, end] = [valueCells(first)[0], valueCells(last)[0]];
    take([unit, fromUs, untilUs, path, count, numbers, min, max, mean, start, end, seen, more]);
  }
}

/** A value as text and as number. */
function valueCells(value: JsonValue): [string | null, number | null] {
  if (value === null) return [null, null];
  const text = typeof value === 'object' && !isExactNumber(value) ? jsonText(value) : String(value);
  return [text, numberIn(value) ?? null];
}

/** The rows of runs for one of their views. */
export const runRows: Record<
  Exclude<ViewName, 'actions' | 'snapshots' | 'fields' | 'rollups'>,
  (root: string, run: RunRecord, take: TakeRow) => void | Promise<void>
> = {
  runs: (_root, run, take) =>
    take([
      run.key,
      run.name,
      run.place,
      run.identifier,
      run.status,
      run.statusWord,
      run.stale !== undefined,
      run.atUs,
      run.startedAtUs,
      run.endedAtUs,
      run.durationMs,
      run.tags,
      run.description,
      run.error,
      jsonText(run.params),
      jsonText(numbersAsTexts(run.metrics)),
    ]),
  params: (_root, run, take) => {
    for (const [name, value] of Object.entries(run.params)) take([run.key, name, ...valueCells(value)]);
  },
  metrics: async (root, run, take) => {
    if (run.series.length === 0) return;
    for (const series of await readSeries(root, run))
      for (const [at, value] of series.values.entries())
        take([run.key, series.name, series.steps[at], timeAt(series, at), value]);
  },
  artifacts: (_root, run, take) => {
    for (const { id, type, path, file, bytes, digest, description, tags, addedAtUs } of run.artifacts)
      take([run.key, id, type, path, file, bytes, digest, description, tags, addedAtUs]);
  },
};

/** JSON has no NaN and no infinities. */
function numbersAsTexts(values: Readonly<Record<string, number>>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
}
