import { isObject, type JsonObject } from '../../base/json/json.ts';
import type { MappedName, Mapping } from './mapping.ts';
import { isStatusWord } from './status-words.ts';
import { textIn, timeUs, valueAt } from './values.ts';

/** Names that people give to parts of an event, the likeliest first. */
const usual: Record<'time' | 'type' | 'status' | 'id' | 'error', readonly string[]> = {
  time: [
    'timestamp',
    '@timestamp',
    'time',
    'ts',
    'ts_ms',
    'datetime',
    'date',
    'at',
    'created_at',
    'createdAt',
    'eventTime',
    'when',
  ],
  type: [
    'type',
    'event',
    'event_type',
    'eventType',
    'kind',
    'action',
    'operation',
    'op',
    'name',
    'msg',
    'message',
  ],
  status: ['status', 'state', 'result', 'outcome', 'conclusion', 'success', 'ok', 'level', 'severity'],
  id: ['id', 'uuid', 'event_id', 'eventId', 'uid'],
  error: ['error', 'error_message', 'exception'],
};
/** Nearly all records must have what a mapping leans on. */
const share = 0.95;

/** The mapping that fits the first records of a file best; undefined where nothing in them is a time. */
export function proposeMapping(records: readonly JsonObject[]): Mapping | undefined {
  const paths = pathsIn(records);
  const best = (name: keyof typeof usual, fits: (path: string) => boolean) =>
    candidates(paths, usual[name]).find(fits);
  const part = (path: string, is: (value: ReturnType<typeof valueAt>) => boolean) =>
    records.filter((record) => is(valueAt(record, path))).length / Math.max(1, records.length);
  const isTime = (path: string) => part(path, (value) => timeUs(value) !== undefined) >= share;
  const time = best('time', isTime) ?? paths.find(isTime);
  if (time === undefined) return undefined;
  const mapping: Mapping = { time };
  const take = (name: MappedName, path: string | undefined) => {
    if (path !== undefined) mapping[name] = path;
  };
  take(
    'type',
    best(
      'type',
      (path) => part(path, (value) => typeof value === 'string') >= share && isWord(records, path),
    ),
  );
  take(
    'status',
    best('status', (path) => isStatus(records, path)),
  );
  take(
    'id',
    best('id', (path) => isUnique(records, path)),
  );
  take(
    'error',
    best(
      'error',
      (path) =>
        part(path, (value) => typeof value === 'string' || value === undefined || value === null) === 1,
    ),
  );
  return mapping;
}

/** Members of the records and of the objects in them, in the order of their first occurrence. */
function pathsIn(records: readonly JsonObject[]): string[] {
  const paths = new Set<string>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      paths.add(name);
      if (isObject(value)) for (const inner of Object.keys(value)) paths.add(`${name}.${inner}`);
    }
  }
  // What --map cannot name is not proposed.
  return [...paths].filter((path) => !/[,=]/.test(path));
}

/** Members by these names: those of the record itself before those of objects in it. */
function candidates(paths: readonly string[], names: readonly string[]): string[] {
  const inner = names.flatMap((name) => paths.filter((path) => path.endsWith(`.${name}`)));
  return [...names.filter((name) => paths.includes(name)), ...inner];
}

/** A type is a word that comes again, no sentence. */
function isWord(records: readonly JsonObject[], path: string): boolean {
  const words = records.map((record) => textIn(valueAt(record, path)) ?? '');
  const kinds = new Set(words).size;
  return words.every((word) => word.length <= 100) && (kinds <= 20 || kinds <= records.length / 4);
}

/** A few words that mostly say how something went, or truth. */
function isStatus(records: readonly JsonObject[], path: string): boolean {
  const values = records.map((record) => valueAt(record, path));
  const words = new Set(values.filter((value) => typeof value === 'string'));
  const told = values.filter((value) => typeof value === 'boolean' || typeof value === 'string').length;
  const known = [...words].filter(isStatusWord).length;
  return told >= records.length * share && known * 2 >= words.size && words.size <= 12;
}

function isUnique(records: readonly JsonObject[], path: string): boolean {
  const ids = records.map((record) => textIn(valueAt(record, path)));
  return !ids.includes(undefined) && new Set(ids).size === ids.length;
}
