import { crc32Hex } from '../../base/hash.ts';
import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';
import { parseTime } from '../../base/time.ts';

/** Names that say which step a point is of, the first that is there first. */
export const stepNames = ['step', 'global_step', '_step', 'iteration', 'epoch'] as const;
/** Names that say when it was, the first that is believed first. */
export const timeNames = ['time', 'timestamp', '_timestamp', 'wall_time'] as const;
const timeNameSet: ReadonlySet<string> = new Set(timeNames);
const deepestNames = 8;

/** Whether a name says when, and so is no metric whatever its value. */
export function isTimeName(name: string): boolean {
  return timeNameSet.has(name);
}

/** One line of a metrics.jsonl as Daybook writes it, newline included: small, with an id and a checksum of its own. */
export function serializeMetrics(point: {
  id: string;
  values: Readonly<Record<string, number>>;
  step?: number | undefined;
  epoch?: number | undefined;
  time: string;
}): Buffer {
  const fields: [string, JsonValue][] = [];
  if (point.step !== undefined) fields.push(['step', point.step]);
  if (point.epoch !== undefined) fields.push(['epoch', point.epoch]);
  fields.push(['time', point.time]);
  for (const [name, value] of Object.entries(point.values)) {
    fields.push([name, Number.isFinite(value) ? value : String(value)]);
  }
  fields.push(['_id', point.id]);
  const body = fields.map(([name, value]) => `${jsonText(name)}:${jsonText(value)}`).join(',');
  const start = `{${body}`;
  return Buffer.from(`${start},"_crc":"${crc32Hex(start)}"}\n`);
}

/** Whether a name may be that of a metric: not one of those that say when, which step, or which line. */
export function isMetricName(name: string): boolean {
  return name !== '' && !name.startsWith('_') && !reserved.has(name);
}

const reserved: ReadonlySet<string> = new Set([...stepNames, ...timeNames]);

/** A number as metrics files hold it: a JSON number, or "NaN", "Infinity", "-Infinity" and their short forms as text. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'string') return specialNumbers.get(value.toLowerCase());
  return numberIn(value);
}

const specialNumbers = new Map([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['+nan', Number.NaN],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);

const checksumTail = /,"_crc":"([0-9a-f]{8})"\}\s*$/;

/** Whether a line is as it was written, as far as it has a checksum. */
export function isUnchanged(point: JsonObject, text: string): boolean {
  if (!Object.hasOwn(point, '_crc')) return true;
  const match = checksumTail.exec(text.slice(-40));
  if (match === null) return false;
  return crc32Hex(text.slice(0, text.length - match[0].length)) === match[1];
}

/** A point as it would be read on a line of its own; undefined for anything less. */
export function readPoint(text: string): JsonObject | undefined {
  const parsed = parseLenientJson(text, parsePlainJson);
  return parsed.ok && isObject(parsed.value) && isUnchanged(parsed.value, text) ? parsed.value : undefined;
}

/** Every number in a value with its name; names of anything else are added to `others`. */
export function* numbersIn(
  value: JsonObject,
  prefix: string,
  others: Set<string>,
  depth: number,
): Generator<[string, number]> {
  for (const [key, member] of Object.entries(value)) {
    if (depth === 0 && (key.startsWith('_') || timeNameSet.has(key))) continue;
    const name = prefix + key;
    const number = numberOf(member);
    if (number !== undefined) yield [name, number];
    else if (isObject(member) && depth < deepestNames)
      yield* numbersIn(member, `${name}.`, others, depth + 1);
    else if (member !== null && others.size < 20) others.add(name);
  }
}

/** The time in a value: a text as clocks write it, or seconds since 1970; undefined for anything else. */
export function timeOf(value: JsonValue | undefined): { us: number; zoneless: boolean } | undefined {
  if (typeof value === 'string') return parseTime(value);
  // Seconds since 1970, as Python's time.time() gives them; smaller numbers are durations.
  if (typeof value === 'number' && value > 1e8 && value < 1e11)
    return { us: Math.round(value * 1e6), zoneless: false };
  return undefined;
}
