import { isObject, type JsonObject, type JsonValue } from '../base/json/json.ts';
import { type Place, parsePath, valueAt } from '../base/json/path.ts';
import { jsonText, parseJson } from '../base/json/text.ts';
import { parseTime } from '../base/time.ts';
import { isBlobReference, sealLine } from './actions/action.ts';

/** That something was taken out of a record, where it stood, when and by whom; never what. */
export interface Tombstone {
  at: string;
  by: string;
  /** As it was given, e.g. "details.note"; "" for all details and the error of an action. */
  path: string;
}

/** What stands in the place of a value that was taken out. */
export const redactedNote = '‹masked: by hand›';

/** What a line of the log that was redacted holds, and others almost never do: a cheap look. */
export const tombstoneMark = '"redacted":[{"at":';

/** A record without what stood at a path, and with a tombstone; undefined where nothing stood there. */
export function redactRecord(
  raw: JsonObject,
  tombstone: Tombstone,
): { record: JsonObject; removed: JsonValue[] } | undefined {
  const record = parseJson(jsonText(raw)) as JsonObject;
  const removed = placesIn(record, tombstone.path).flatMap((place) => takeAt(record, place));
  if (removed.length === 0) return undefined;
  const earlier = Array.isArray(record['redacted']) ? record['redacted'] : [];
  // Details stand last in a line, so that readers can tell it without them; so does the checksum, which is made again.
  const { action, checksum: _, redacted: __, ...rest } = record;
  const redacted: JsonValue[] = [...earlier, { ...tombstone }];
  return { record: { ...rest, redacted, ...(action === undefined ? {} : { action }) }, removed };
}

/** Whether a record is what another was before something was taken out of it: with the same taken out, it is the other. */
export function isRedactedTo(record: JsonObject, redacted: JsonObject): boolean {
  const tombstones = tombstonesOf(redacted).slice(tombstonesOf(record).length);
  if (tombstones.length === 0) return false;
  let now = record;
  for (const tombstone of tombstones) now = redactRecord(now, tombstone)?.record ?? now;
  return jsonText(now) === jsonText(redacted);
}

/** The line of a record; with a checksum where `sealed`. */
export function redactedLine(record: JsonObject, sealed: boolean): string {
  const json = jsonText(record);
  return sealed ? sealLine(json).toString('utf8').trimEnd() : json;
}

/** The lines that tombstones replaced: they must not come back from a copy of the log. */
export class RedactedLines {
  /** Times of the records, where they say one. */
  readonly timesUs: number[] = [];
  readonly #byId = new Map<string, { line: string; tombstones: Tombstone[] }[]>();

  /** Hears of a line that may be a tombstone. */
  take(line: string): void {
    if (!line.includes(tombstoneMark)) return;
    const record = recordOf(line);
    const tombstones = record === undefined ? [] : tombstonesOf(record);
    const id = record?.['snapshot_id'];
    if (typeof id !== 'string' || tombstones.length === 0) return;
    this.#byId.set(id, [...(this.#byId.get(id) ?? []), { line, tombstones }]);
    const atUs = parseTime(String(record?.['timestamp']))?.us;
    if (atUs !== undefined) this.timesUs.push(atUs);
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** Whether a line is what a tombstone replaced: with the same taken out of it, it is that line. */
  replaces(line: string): boolean {
    const id = /"snapshot_id"\s*:\s*"([^"\\]+)"/.exec(line)?.[1];
    const candidates = id === undefined ? undefined : this.#byId.get(id);
    const record = candidates === undefined ? undefined : recordOf(line);
    if (record === undefined) return false;
    const known = tombstonesOf(record).length;
    return candidates!.some(({ line: kept, tombstones }) => {
      let now: JsonObject = record;
      for (const tombstone of tombstones.slice(known)) now = redactRecord(now, tombstone)?.record ?? now;
      return kept !== line && redactedLine(now, 'checksum' in record) === kept;
    });
  }
}

function recordOf(line: string): JsonObject | undefined {
  try {
    const value = parseJson(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The tombstones of a record. */
export function tombstonesOf({ redacted }: JsonObject): Tombstone[] {
  if (!Array.isArray(redacted)) return [];
  return redacted.flatMap((each) =>
    isObject(each) &&
    typeof each['at'] === 'string' &&
    typeof each['by'] === 'string' &&
    typeof each['path'] === 'string'
      ? [{ at: each['at'], by: each['by'], path: each['path'] }]
      : [],
  );
}

/** The places that a path means: from the top of the record, in its action, or in the details of that. */
function placesIn(record: JsonObject, path: string): Place[] {
  const inDetails = ['action', 'details'];
  const isBlob = isBlobReference(valueAt(record, inDetails) ?? null);
  if (path === '') return [inDetails, ['action', 'error']];
  const given = parsePath(path);
  if (given === undefined) return [];
  for (const start of [[], ['action'], inDetails]) {
    const place = [...start, ...given];
    // What lies in a blob goes as a whole.
    if (isBlob && place[0] === 'action' && place[1] === 'details') return [inDetails];
    if (valueAt(record, place) !== undefined && !isNeeded(place)) return [place];
  }
  return [];
}

/** Without these a record is none any more. */
function isNeeded(place: Place): boolean {
  const path = place.join('.');
  return [
    'snapshot_id',
    'snapshot_type',
    'timestamp',
    'action',
    'action.status',
    'action.type',
    'redacted',
  ].includes(path);
}

function takeAt(record: JsonObject, place: Place): JsonValue[] {
  const old = valueAt(record, place);
  const holder = valueAt(record, place.slice(0, -1));
  const last = place.at(-1)!;
  if (old === undefined || old === redactedNote) return [];
  if (Array.isArray(holder)) holder[typeof last === 'number' ? last : holder.indexOf(old)] = redactedNote;
  else if (isObject(holder)) holder[String(last)] = redactedNote;
  else return [];
  return [old];
}
