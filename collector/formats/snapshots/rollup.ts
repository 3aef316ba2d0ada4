import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { isoMicros, parseTime } from '../../base/time.ts';
import { type Tombstone, tombstonesOf } from '../redaction.ts';
import { visitSnapshotLeaves } from './leaves.ts';
import type { SnapshotRecord } from './periodic.ts';

/** How long a time one roll-up stands for, of UTC. */
export type RollupUnit = 'hour' | 'day' | 'month';

/** What is left of one field of the snapshots that a roll-up stands for. */
export interface RolledField {
  /** How many snapshots had it, and in how many it was a number. */
  count: number;
  numbers: number;
  /** Of the numbers; undefined where there was none. */
  min?: number;
  max?: number;
  mean?: number;
  first: JsonValue;
  last: JsonValue;
  /** Values that are no numbers, as texts, in order of their coming; `more` where there were others, too. */
  seen: string[];
  more: boolean;
}

/** What is left of the snapshots of an hour, a day or a month that retention did not keep. */
export interface Rollup {
  unit: RollupUnit;
  fromUs: number;
  untilUs: number;
  /** The snapshots that it stands for, oldest first. */
  snapshots: { id: string; atUs: number }[];
  fields: Map<string, RolledField>;
  /** Fields of which nothing is kept, because there were too many. */
  leftOut: number;
  /** What was taken out of its fields by hand. */
  redacted: Tombstone[];
}

/** So many fields are kept of the snapshots of one roll-up, and so many of the texts of a field. */
const maxFields = 5000;
const maxSeen = 12;
const maxTextChars = 200;

/** The bounds of the hour, day or month that a time lies in. */
export function boundsOf(unit: RollupUnit, atUs: number): { fromUs: number; untilUs: number } {
  if (unit !== 'month') {
    const us = unit === 'hour' ? 3_600_000_000 : 86_400_000_000;
    const fromUs = Math.floor(atUs / us) * us;
    return { fromUs, untilUs: fromUs + us };
  }
  const date = new Date(atUs / 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { fromUs: Date.UTC(year, month) * 1000, untilUs: Date.UTC(year, month + 1) * 1000 };
}

/** A roll-up of nothing yet. */
export function emptyRollup(unit: RollupUnit, atUs: number): Rollup {
  return { unit, ...boundsOf(unit, atUs), snapshots: [], fields: new Map(), leftOut: 0, redacted: [] };
}

/** A snapshot as a roll-up of it alone. */
export function rollupOf(unit: RollupUnit, { id, atUs, content }: SnapshotRecord): Rollup {
  const rollup = emptyRollup(unit, atUs);
  rollup.snapshots.push({ id, atUs });
  rollup.redacted.push(...tombstonesOf(content));
  visitSnapshotLeaves(content, (path, leaf) => {
    const known = rollup.fields.get(path);
    const field = fieldOf(leaf);
    if (known !== undefined) rollup.fields.set(path, joined(known, field));
    else if (rollup.fields.size < maxFields) rollup.fields.set(path, field);
    else rollup.leftOut += 1;
  });
  return rollup;
}

/** Takes another one into a roll-up; it comes after what is there. */
export function addTo(rollup: Rollup, later: Rollup): void {
  rollup.snapshots.push(...later.snapshots);
  rollup.leftOut = Math.max(rollup.leftOut, later.leftOut);
  rollup.redacted.push(...later.redacted);
  for (const [path, field] of later.fields) {
    const known = rollup.fields.get(path);
    if (known !== undefined) rollup.fields.set(path, joined(known, field));
    else if (rollup.fields.size < maxFields) rollup.fields.set(path, field);
    else rollup.leftOut += 1;
  }
}

/** Whether a field had one value all the time. */
export function isConstant({ numbers, count, min, max, seen, more }: RolledField): boolean {
  if (numbers === count) return min === max;
  return numbers === 0 && seen.length === 1 && !more;
}

function fieldOf(leaf: JsonValue): RolledField {
  const number = numberIn(leaf);
  const isNumber = number !== undefined && Number.isFinite(number);
  const base = { count: 1, first: shortened(leaf), last: shortened(leaf), more: false };
  if (isNumber) return { ...base, numbers: 1, min: number, max: number, mean: number, seen: [] };
  return { ...base, numbers: 0, seen: [textOf(leaf)] };
}

function joined(a: RolledField, b: RolledField): RolledField {
  const numbers = a.numbers + b.numbers;
  const seen = [...new Set([...a.seen, ...b.seen])];
  const field: RolledField = {
    count: a.count + b.count,
    numbers,
    first: a.first,
    last: b.last,
    seen: seen.slice(0, maxSeen),
    more: a.more || b.more || seen.length > maxSeen,
  };
  if (numbers === 0) return field;
  const [of, and] = [a, b].filter((each) => each.numbers > 0) as [RolledField, RolledField?];
  field.min = Math.min(of.min!, and?.min ?? of.min!);
  field.max = Math.max(of.max!, and?.max ?? of.max!);
  const mean = and === undefined ? of.mean! : of.mean! + (and.mean! - of.mean!) * (and.numbers / numbers);
  // A mean never lies beside what it is one of, whatever rounding did.
  field.mean = Math.min(field.max, Math.max(field.min, mean));
  return field;
}

/** Texts tell values apart: a long one by its beginning and its length. */
function textOf(leaf: JsonValue): string {
  const text = typeof leaf === 'string' ? leaf : jsonText(leaf);
  return text.length <= maxTextChars
    ? text
    : `${text.slice(0, maxTextChars).toWellFormed()}… (${text.length})`;
}

function shortened(leaf: JsonValue): JsonValue {
  return typeof leaf === 'string' && leaf.length > maxTextChars ? textOf(leaf) : leaf;
}

/** A roll-up as files of them and commands write it. */
export function rollupContent(rollup: Rollup): JsonObject {
  const { unit, fromUs, untilUs, snapshots, fields, leftOut, redacted } = rollup;
  return {
    rollup: unit,
    from: isoMicros(fromUs),
    until: isoMicros(untilUs),
    snapshots: snapshots.map(({ id, atUs }) => [id, isoMicros(atUs)]),
    ...(leftOut === 0 ? {} : { left_out: leftOut }),
    ...(redacted.length === 0 ? {} : { redacted: redacted.map((each) => ({ ...each })) }),
    fields: Object.fromEntries(
      [...fields].map(([path, { numbers, seen, more, ...rest }]) => [
        path,
        {
          ...rest,
          ...(numbers > 0 ? { numbers } : {}),
          ...(seen.length > 0 ? { seen } : {}),
          ...(more ? { more } : {}),
        },
      ]),
    ),
  };
}

/** The line of a file of roll-ups. */
export function rollupLine(rollup: Rollup): string {
  return `${jsonText(rollupContent(rollup))}\n`;
}

/** The roll-up of a line; undefined for anything else. */
export function parseRollup(value: JsonValue): Rollup | undefined {
  if (!isObject(value)) return undefined;
  const { rollup: unit, snapshots: listed, fields: given } = value;
  if (unit !== 'hour' && unit !== 'day' && unit !== 'month') return undefined;
  const [fromUs, untilUs] = [timeOf(value['from']), timeOf(value['until'])];
  if (fromUs === undefined || untilUs === undefined || !Array.isArray(listed) || !isObject(given))
    return undefined;
  const snapshots = listed.flatMap((each) => {
    const [id, time] = Array.isArray(each) ? each : [];
    const atUs = timeOf(time);
    return typeof id === 'string' && atUs !== undefined ? [{ id, atUs }] : [];
  });
  if (snapshots.length !== listed.length || snapshots.length === 0) return undefined;
  const leftOut = numberIn(value['left_out']) ?? 0;
  const fields = new Map(Object.entries(given).flatMap(([path, each]) => parsedField(path, each)));
  return { unit, fromUs, untilUs, snapshots, fields, leftOut, redacted: tombstonesOf(value) };
}

function parsedField(path: string, value: JsonValue): [string, RolledField][] {
  if (!isObject(value)) return [];
  const { count, numbers, min, max, mean, first, last, seen, more } = value;
  const field: RolledField = {
    count: numberIn(count) ?? 0,
    numbers: numberIn(numbers) ?? 0,
    first: first ?? null,
    last: last ?? null,
    seen: Array.isArray(seen) ? seen.map(String) : [],
    more: more === true,
  };
  if (field.numbers > 0)
    Object.assign(field, { min: numberIn(min) ?? 0, max: numberIn(max) ?? 0, mean: numberIn(mean) ?? 0 });
  return [[path, field]];
}

function timeOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'string' ? parseTime(value)?.us : undefined;
}
