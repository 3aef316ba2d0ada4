import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { formatPath, identityKeyOf, ownValue, type Place, parsePath } from '../../base/json/path.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { identityOf } from '../../formats/snapshots/leaves.ts';
import { readField } from '../../store/periodic-field.ts';
import { periodicIds, readPeriodic } from '../../store/periodic-store.ts';
import { readRollups, rolledIds } from '../../store/segments/read-rollups.ts';
import { addActions, type RecordedPeriod } from './actions-between.ts';
import { FieldPeriods, type FieldPoint } from './field-periods.ts';

export type { RecordedPeriod } from './actions-between.ts';

/** The values of one field over all snapshots of a book. */
export interface FieldHistory {
  path: string;
  /** All snapshots, those that have the field, and how often its value became another. */
  snapshots: number;
  present: number;
  changes: number;
  firstUs: number;
  lastUs: number;
  /** Newest first, as many as were asked for. */
  values: RecordedPeriod[];
  /** One for every snapshot, oldest first, for a chart. */
  points: FieldPoint[];
  /** How many snapshots could not be read. */
  damaged: number;
  /** How many of the snapshots that have the field were thinned out, so that roll-ups tell of them. */
  rolled: number;
}

/** What of a history is wanted. */
export interface HistoryOptions {
  root: string;
  /** As differences print it: "git.head", "modules[3].name", "processes.72.cpu_seconds", "modules[name=core].state". */
  path: string;
  /** Only values that were still there at this time or later. */
  sinceUs?: number | undefined;
  /** How many of the newest values; default: 20. */
  limit?: number | undefined;
  /** The name of this build of Daybook, where what it kept of a large book may be used. */
  build?: string | undefined;
}

/**
 * Follows one field through all periodic snapshots and looks up which actions were recorded while it changed: one pass
 * over the snapshots and one over the log, neither held in memory.
 * @throws DaybookError `usage` where the path is none, `not-found` where no snapshot has such a field.
 */
export async function fieldHistory(options: HistoryOptions): Promise<FieldHistory> {
  const { root, path, sinceUs = Number.NEGATIVE_INFINITY, limit = 20, build } = options;
  const place = placeOf(path);
  const periods = new FieldPeriods(limit);
  const { rollups } = readRollups(root);
  const name = formatPath(place.map(identityOf));
  const gone = rolledIds(rollups);
  let next = 0;
  const rolledUntil = (atUs: number) => {
    for (; next < rollups.length && rollups[next]!.snapshots[0]!.atUs <= atUs; next++) {
      const field = rollups[next]!.fields.get(name);
      if (field !== undefined) periods.addRolled(rollups[next]!, field);
    }
  };
  const damaged = await readField(root, place, build, ({ id, atUs, value }) => {
    // What a roll-up stands for may still be there, if archiving was stopped.
    if (gone.has(id)) return;
    rolledUntil(atUs);
    periods.add(id, atUs, value);
  });
  rolledUntil(Number.POSITIVE_INFINITY);
  if (periods.points.length === 0) throw noSnapshots();
  if (periods.present === 0) throw noSuchField(path, newestContent(root));
  const values = periods
    .newest()
    .filter(({ untilUs }) => untilUs >= sinceUs)
    .map((period): RecordedPeriod => ({ ...period, between: { count: 0, newest: [] } }));
  await addActions(root, values, build);
  const points = periods.points.filter(({ atUs }) => atUs >= sinceUs);
  return {
    path: formatPath(place),
    snapshots: periods.snapshots,
    present: periods.present,
    changes: periods.changes,
    firstUs: periods.points[0]!.atUs,
    lastUs: periods.points.at(-1)!.atUs,
    values,
    points,
    damaged,
    rolled: periods.rolled,
  };
}

/** The content of the newest snapshot that can be read. */
function newestContent(root: string): JsonValue {
  for (const id of periodicIds(root).reverse()) {
    const { record } = readPeriodic(root, id);
    if (record !== undefined) return record.content;
  }
  return null;
}

function placeOf(path: string): Place {
  const place = parsePath(path);
  if (place !== undefined && place.length > 0) return place;
  throw new DaybookError('usage', `Expected the path of a field, found "${showText(path)}".`, {
    hint: 'Write it as differences print it: git.head, modules[3].name, modules[name=core].state.',
  });
}

function noSnapshots(): DaybookError {
  return new DaybookError('not-found', 'There is no periodic snapshot in this book yet.', {
    hint: 'Take one: daybook periodic',
  });
}

function noSuchField(path: string, newest: JsonValue): DaybookError {
  const near = nearPaths(path, newest);
  return new DaybookError('not-found', `No snapshot has a field "${showText(path)}".`, {
    hint:
      near.length > 0
        ? `Near are ${near.map((one) => showText(one)).join(', ')}.`
        : 'Run daybook latest to see the fields of the newest snapshot.',
  });
}

const maxPaths = 5000;
const maxNear = 3;

/** Paths of the newest snapshot that end alike, hold the same words, or differ by a few letters. */
function nearPaths(wanted: string, newest: JsonValue): string[] {
  const paths: string[] = [];
  listPaths(newest, [], paths);
  const last = wanted.slice(Math.max(wanted.lastIndexOf('.'), wanted.lastIndexOf('[')) + 1).toLowerCase();
  const ending = paths.filter((path) => path.toLowerCase().endsWith(last));
  const typo = nearest(wanted, paths);
  const lastKeys = new Map(paths.map((path) => [path.slice(path.lastIndexOf('.') + 1), path]));
  const typoOfLast = lastKeys.get(nearest(last, lastKeys.keys()) ?? '');
  const near = [typo, ...ending, typoOfLast].filter((path) => path !== undefined);
  return [...new Set(near)].slice(0, maxNear);
}

function listPaths(value: JsonValue, place: (string | number)[], paths: string[]): void {
  if (paths.length >= maxPaths || place.length > 20) return;
  if (place.length > 0) paths.push(formatPath(place));
  if (isObject(value)) {
    for (const key of Object.keys(value)) listPaths(ownValue(value, key)!, [...place, key], paths);
  } else if (Array.isArray(value) && value.length > 0) {
    const identity = identityKeyOf(value);
    for (const [at, element] of value.entries()) {
      const step = identity === undefined ? at : String((element as { [key: string]: JsonValue })[identity]);
      listPaths(element, [...place, step], paths);
    }
  }
}
