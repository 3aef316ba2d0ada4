import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { parseTime } from '../../base/time.ts';
import { bornUs, keyText, type LedgerKey, own, type Renumbered } from './record.ts';
import { lowestFreeUid } from './uid.ts';

/** A run of a ledger as its text has it. */
export interface LedgerRow extends LedgerKey {
  record: JsonObject;
}

/** A run as it stands here, and as others get to see it: texts that must not leave are masked there. */
export interface OwnRow {
  here: LedgerRow;
  shown: LedgerRow;
}

/** Two copies of a ledger as one. */
export interface JoinedRows {
  /** All runs: ours in our order, then those that only the other copy had. */
  rows: OwnRow[];
  /** Runs of ours that are called otherwise now. */
  renumbered: Renumbered[];
  /** Whether this copy, and whether the other one, has to be written for it. */
  isChangedHere: boolean;
  isChangedThere: boolean;
}

/**
 * Brings two copies of a ledger together, of which each may have runs that the other has not; `base` is what both had last, where
 * that is known. No run is lost: one that is gone from a copy comes back from the other. No uid means two runs: where both copies
 * gave one to different runs, told apart by when they began, the other copy's keeps it and ours takes the lowest that is free. The
 * history of a run is that of both; of a value that both changed, that of the copy counts which logged last.
 */
export function joinLedgers(
  ours: readonly OwnRow[],
  theirs: readonly LedgerRow[],
  base: readonly LedgerRow[] = [],
): JoinedRows {
  const pairs = pairsOf(ours, theirs);
  const paired = new Set(pairs.values());
  const bases = new Map(base.map((row) => [keyText(row), row]));
  const names = new Names(ours, theirs, pairs);
  const result: JoinedRows = { rows: [], renumbered: [], isChangedHere: false, isChangedThere: false };
  for (const row of ours) {
    const their = pairs.get(row);
    const uid = their?.uid ?? names.of(row);
    const moved = uid === row.here.uid ? row : withUid(row, uid);
    if (moved !== row) {
      const { identifier, relpath, uid: before, record } = row.here;
      result.renumbered.push({ from: { identifier, relpath, uid: before }, uid, bornUs: bornUs(record) });
    }
    const now = their === undefined ? moved : joinRun(moved, their, bases.get(keyText(their)));
    result.rows.push(now);
    result.isChangedHere ||= now !== row;
    result.isChangedThere ||= their === undefined || !isSame(now.shown.record, their.record);
  }
  for (const their of theirs) {
    if (paired.has(their)) continue;
    result.rows.push({ here: their, shown: their });
    result.isChangedHere = true;
  }
  return result;
}

/** Which run of the other copy a run of ours is: by its uid first, then by when it began, wherever it is. */
function pairsOf(ours: readonly OwnRow[], theirs: readonly LedgerRow[]): Map<OwnRow, LedgerRow> {
  const byKey = new Map(theirs.map((row) => [keyText(row), row]));
  const pairs = new Map<OwnRow, LedgerRow>();
  const rest: OwnRow[] = [];
  for (const row of ours) {
    const their = byKey.get(keyText(row.shown));
    if (their === undefined || !isSameRun(row.shown, their)) rest.push(row);
    else pairs.set(row, their);
  }
  const taken = new Set(pairs.values());
  const byBirth = onceEach(theirs.filter((row) => !taken.has(row)));
  for (const [birth, row] of onceEach(rest, ({ shown }) => shown)) {
    const their = byBirth.get(birth);
    if (their !== undefined) pairs.set(row, their);
  }
  return pairs;
}

/** Those whose birth says which run they are: several that began at one instant are told apart by their uid alone. */
function onceEach(rows: readonly LedgerRow[]): Map<string, LedgerRow>;
function onceEach<Row>(rows: readonly Row[], rowOf: (row: Row) => LedgerRow): Map<string, Row>;
function onceEach<Row>(rows: readonly Row[], rowOf = (row: Row) => row as LedgerRow): Map<string, Row> {
  const found = new Map<string, Row | undefined>();
  for (const row of rows) {
    const { record } = rowOf(row);
    if (bornUs(record) === undefined) continue;
    const birth = identityText(rowOf(row));
    found.set(birth, found.has(birth) ? undefined : row);
  }
  return new Map([...found].filter((entry): entry is [string, Row] => entry[1] !== undefined));
}

/** When a run began is what nobody can take from it; without that it is known by its uid and parameters. */
function identityText({ identifier, relpath, uid, record }: LedgerRow): string {
  const born = bornUs(record);
  return jsonText([identifier, relpath, ...(born === undefined ? [uid, hashOf(record)] : [born])]);
}

function isSameRun(a: LedgerRow, b: LedgerRow): boolean {
  return identityText(a) === identityText(b);
}

const hashOf = (record: JsonObject): JsonValue => own(record, 'param_hash') ?? null;

/** Gives uids to runs of ours whose own the other copy gave to another run. */
class Names {
  readonly #taken: Set<string>;
  /** What stays where it is keeps its name, whoever comes first. */
  readonly #staying: Set<string>;
  readonly #next = new Map<string, number>();

  constructor(ours: readonly OwnRow[], theirs: readonly LedgerRow[], pairs: ReadonlyMap<OwnRow, LedgerRow>) {
    this.#taken = new Set(theirs.map(keyText));
    const alone = ours.filter((row) => !pairs.has(row)).map(({ shown }) => keyText(shown));
    this.#staying = new Set(alone.filter((key) => !this.#taken.has(key)));
  }

  of({ here, shown }: OwnRow): string {
    if (this.#staying.has(keyText(shown))) return here.uid;
    const { identifier, relpath } = shown;
    const space = jsonText([identifier, relpath, here.uid.length]);
    const isTaken = (uid: string) => {
      const key = keyText({ identifier, relpath, uid });
      return this.#taken.has(key) || this.#staying.has(key);
    };
    const { uid, number } = lowestFreeUid(isTaken, here.uid.length, this.#next.get(space));
    this.#next.set(space, number + 1);
    this.#taken.add(keyText({ identifier, relpath, uid }));
    return uid;
  }
}

function withUid({ here, shown }: OwnRow, uid: string): OwnRow {
  return { here: { ...here, uid }, shown: { ...shown, uid } };
}

/** One run as both copies have it. What is masked in theirs alone stays as it is here. */
function joinRun(row: OwnRow, their: LedgerRow, last: LedgerRow | undefined): OwnRow {
  const [own, other] = [row.shown.record, their.record];
  const base = last !== undefined && isSameRun(last, their) ? last : undefined;
  if (isSame(own, other) || (base !== undefined && isSame(base.record, other))) return row;
  const shown =
    base !== undefined && isSame(base.record, own) ? other : joinRecords(own, other, base?.record);
  if (isSame(shown, own)) return row;
  const here = Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const kept = Object.hasOwn(own, name) && isSame(own[name]!, value) ? row.here.record[name] : undefined;
      return [name, kept ?? value];
    }),
  );
  return { here: { ...row.here, record: here }, shown: { ...row.shown, record: shown } };
}

function joinRecords(ours: JsonObject, theirs: JsonObject, base: JsonObject | undefined): JsonObject {
  const isOursNewer = isLater(ours, theirs);
  const pick = (name: string, from: JsonObject, to: JsonObject, before: JsonObject | undefined) => {
    const [mine, other, was] = [own(from, name), own(to, name), before && own(before, name)];
    if (mine === undefined || other === undefined) return (mine ?? other)!;
    if (was !== undefined && isSame(was, mine)) return other;
    if (was !== undefined && isSame(was, other)) return mine;
    return isOursNewer ? mine : other;
  };
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const joined = names.map((name): [string, JsonValue] => {
    const [mine, other] = [own(ours, name), own(theirs, name)];
    if (name === 'timestamp_status_lst' && Array.isArray(mine) && Array.isArray(other))
      return [name, joinHistories(mine, other)];
    if (name !== 'files' || !isObject(mine) || !isObject(other))
      return [name, pick(name, ours, theirs, base)];
    const was = base === undefined ? undefined : own(base, 'files');
    const files = [...new Set([...Object.keys(mine), ...Object.keys(other)])];
    const before = isObject(was) ? was : undefined;
    return [name, Object.fromEntries(files.map((file) => [file, pick(file, mine, other, before)]))];
  });
  const record: JsonObject = Object.fromEntries(joined);
  // The status is what the history ends with, where it has one.
  const last = historyOf(record).at(-1);
  if (Array.isArray(last) && typeof last[1] === 'string' && historyEndsWith(ours) && historyEndsWith(theirs))
    record['status'] = last[1];
  return record;
}

const historyOf = (record: JsonObject): readonly JsonValue[] => {
  const history = own(record, 'timestamp_status_lst');
  return Array.isArray(history) ? history : [];
};

function historyEndsWith(record: JsonObject): boolean {
  const last = historyOf(record).at(-1);
  return Array.isArray(last) && last[1] === own(record, 'status');
}

/** Every change once, in order of time; one without a time stays behind the one before it. */
function joinHistories(ours: readonly JsonValue[], theirs: readonly JsonValue[]): JsonValue[] {
  const [long, short] = ours.length >= theirs.length ? [ours, theirs] : [theirs, ours];
  const known = new Set(long.map((change) => jsonText(change)));
  const more = short.filter((change) => !known.has(jsonText(change)));
  if (more.length === 0) return [...long];
  let atUs = Number.NEGATIVE_INFINITY;
  const timed = [...long, ...more].map((change) => {
    atUs = timeOf(change) ?? atUs;
    return { change, atUs };
  });
  return timed.sort((a, b) => (a.atUs < b.atUs ? -1 : a.atUs > b.atUs ? 1 : 0)).map(({ change }) => change);
}

function timeOf(change: JsonValue | undefined): number | undefined {
  const text = Array.isArray(change) ? change[0] : undefined;
  return typeof text === 'string' ? parseTime(text)?.us : undefined;
}

/** Whether a record counts where both changed a value: who logged last, else whose history is longer, else whose text is greater. */
function isLater(a: JsonObject, b: JsonObject): boolean {
  const [lastA, lastB] = [a, b].map((record) => timeOf(historyOf(record).at(-1)) ?? Number.NEGATIVE_INFINITY);
  if (lastA !== lastB) return lastA! > lastB!;
  const [longA, longB] = [historyOf(a).length, historyOf(b).length];
  return longA === longB ? jsonText(a) > jsonText(b) : longA > longB;
}

/** The order in which something was put into a record says nothing. */
function isSame(a: JsonValue, b: JsonValue): boolean {
  if (a === b || jsonText(a) === jsonText(b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, at) => isSame(value, b[at]!));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name]!, b[name]!))
  );
}
