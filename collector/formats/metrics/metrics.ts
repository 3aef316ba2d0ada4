import { crc32Hex } from '../../base/hash.ts';
import { numberIn } from '../../base/json/exact-number.ts';
import { readJoined } from '../../base/json/joined.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText, parsePlainJson } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { decodeBytes } from '../../base/text-encoding.ts';
import { parseTime } from '../../base/time.ts';
import { joinedFound, joinedHint } from '../actions/joined-lines.ts';
import type { Finding } from '../findings/finding.ts';
import { encodingRemark } from '../text/file.ts';
import { settleResumes, type WrittenLines, type WrittenSeries } from './resumed.ts';
import type { MetricSeries } from './series.ts';

/** What a metrics.jsonl holds, no matter who wrote it. */
export interface MetricsRecord {
  /** By name, in the order in which they first occur; complete when the reading is finished. */
  series: Map<string, MetricSeries>;
  /** Lines that were read; repeated ones count once. */
  lines: number;
  firstAtUs: number | undefined;
  lastAtUs: number | undefined;
  zoneless: boolean;
}

/** What was read of a file before: how many lines that count, and ids of lines, to which those of the reading are added. */
export interface LinesBefore {
  lines: number;
  ids: Set<string>;
}

/** The beginning of a file. */
export function noLinesBefore(): LinesBefore {
  return { lines: 0, ids: new Set() };
}

/** What is not a metric, whatever its value. */
const stepNames = ['step', 'global_step', '_step', 'iteration', 'epoch'] as const;
const timeNames = ['time', 'timestamp', '_timestamp', 'wall_time'] as const;
const timeNameSet: ReadonlySet<string> = new Set(timeNames);
const maxFindings = 20;
const deepestNames = 8;

/**
 * Takes the lines of a metrics.jsonl one by one and makes series of them. Every number is a point of a series; nested
 * maps get names with dots; NaN and infinities count, as literals and as texts. The step of a point is the first of
 * step, global_step, _step, iteration and epoch, else its position. Broken lines are reported and left out.
 */
export class MetricsReading {
  readonly record: MetricsRecord = {
    series: new Map(),
    lines: 0,
    firstAtUs: undefined,
    lastAtUs: undefined,
    zoneless: false,
  };
  /** Whether lines that are appended may change what earlier ones are taken for; known when the reading is finished. */
  isUnsettled = false;
  readonly #file: string;
  readonly #report: (finding: Finding) => void;
  readonly #ids: Set<string>;
  readonly #before: number;
  readonly #others = new Set<string>();
  readonly #remarks = new Map<Finding['code'], number>();
  readonly #written = new Map<string, WrittenSeries>();
  readonly #lines: WrittenLines = { clocks: [], timesUs: [] };
  #broken = 0;

  constructor(file: string, report: (finding: Finding) => void, after: LinesBefore = noLinesBefore()) {
    this.#file = file;
    this.#report = report;
    this.#ids = after.ids;
    this.#before = after.lines;
  }

  /** Reads the bytes of one line, newline excluded; `terminated` is false for the last line of a torn file. */
  addLine(bytes: Buffer, line: number, terminated: boolean): void {
    const { text, encoding } = decodeBytes(bytes);
    if (text.trim() === '') return;
    const parsed = parseLenientJson(text, parsePlainJson);
    if (!parsed.ok) {
      if (!parsed.tooDeep && this.#takeJoined(text, line)) return;
      const code = parsed.tooDeep ? 'too-deep' : terminated ? 'broken-json' : 'truncated';
      this.#say(code, line, 'one JSON object', parsed.tooDeep ? parsed.reason : showText(text));
      return;
    }
    if (!isObject(parsed.value)) {
      this.#say('wrong-shape', line, 'one JSON object', showText(text));
    } else if (!isUnchanged(parsed.value, text)) {
      if (this.#takeJoined(text, line)) return;
      this.#say('bad-checksum', line, 'a line as it was written', 'a line with another checksum');
    } else {
      if (encoding !== undefined) this.#remark({ ...encodingRemark(encoding), file: this.#file, line });
      this.#take(parsed.value);
    }
  }

  /** Says what only the whole file tells; call it once, after the last line. */
  finish(): MetricsRecord {
    if (this.#broken > maxFindings) {
      this.#tell(
        'broken-json',
        'warning',
        undefined,
        'one JSON object a line',
        `${this.#broken - maxFindings} more lines that are none`,
      );
    }
    if (this.#others.size > 0) {
      const names = showText([...this.#others].slice(0, 8).join(', '));
      this.#tell('wrong-shape', 'note', undefined, 'numbers', `fields that hold something else: ${names}`);
    }
    const settled = settleResumes([...this.#written.values()], this.#lines, {
      unsettled: () => {
        this.isUnsettled = true;
      },
    });
    for (const each of settled) this.record.series.set(each.name, each);
    return this.record;
  }

  /** Takes every whole point of a line that is not one; false where there is none. */
  #takeJoined(text: string, line: number): boolean {
    const { values, hasRest } = readJoined(text, readPoint);
    if (values.length === 0) return false;
    for (const point of values) this.#take(point);
    this.#remark({
      code: 'joined-lines',
      severity: hasRest ? 'warning' : 'note',
      file: this.#file,
      line,
      expected: 'one JSON object a line',
      found: joinedFound(values.length, hasRest),
      hint: joinedHint(hasRest),
    });
    return true;
  }

  /** Says what is odd about a line that was read; many lines of a file are alike in this. */
  #remark(finding: Finding): void {
    const count = (this.#remarks.get(finding.code) ?? 0) + 1;
    this.#remarks.set(finding.code, count);
    if (count <= maxFindings) this.#report(finding);
  }

  #take(point: JsonObject): void {
    const id = point['_id'];
    if (typeof id === 'string') {
      // A writer that could not be sure of its line writes it again: one id is one line.
      if (this.#ids.has(id)) return;
      this.#ids.add(id);
    }
    const position = this.record.lines;
    this.record.lines += 1;
    const stepName = stepNames.find((name) => typeof point[name] === 'number');
    const step = stepName === undefined ? this.#before + position : (point[stepName] as number);
    const atUs = this.#timeOf(point);
    this.#lines.clocks.push(stepName?.replace(/^(?:global)?_/, ''));
    this.#lines.timesUs.push(atUs);
    for (const [name, value] of numbersIn(point, '', this.#others, 0)) {
      if (name === stepName || timeNameSet.has(name)) continue;
      let series = this.#written.get(name);
      if (series === undefined) {
        series = { name, steps: [], timesUs: [], values: [], records: [] };
        this.#written.set(name, series);
      }
      series.records.push(position);
      series.steps.push(step);
      series.timesUs.push(atUs);
      series.values.push(value);
    }
  }

  #timeOf(point: JsonObject): number | undefined {
    for (const name of timeNames) {
      const value = point[name];
      const time = timeOf(value);
      if (time === undefined) continue;
      this.record.zoneless ||= time.zoneless;
      this.record.firstAtUs = Math.min(time.us, this.record.firstAtUs ?? time.us);
      this.record.lastAtUs = Math.max(time.us, this.record.lastAtUs ?? time.us);
      return time.us;
    }
    return undefined;
  }

  #say(code: Finding['code'], line: number, expected: string, found: string): void {
    this.#broken += 1;
    if (this.#broken <= maxFindings) this.#tell(code, 'warning', line, expected, found);
  }

  #tell(
    code: Finding['code'],
    severity: Finding['severity'],
    line: number | undefined,
    expected: string,
    found: string,
  ): void {
    const hint =
      severity === 'note'
        ? 'Only numbers become curves; nothing needs to be done.'
        : 'The other lines are read; correct this one or delete it.';
    this.#report({
      code,
      severity,
      file: this.#file,
      ...(line === undefined ? {} : { line }),
      expected,
      found,
      hint,
    });
  }
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
function isUnchanged(point: JsonObject, text: string): boolean {
  if (!Object.hasOwn(point, '_crc')) return true;
  const match = checksumTail.exec(text.slice(-40));
  if (match === null) return false;
  return crc32Hex(text.slice(0, text.length - match[0].length)) === match[1];
}

/** A point as it would be read on a line of its own; undefined for anything less. */
function readPoint(text: string): JsonObject | undefined {
  const parsed = parseLenientJson(text, parsePlainJson);
  return parsed.ok && isObject(parsed.value) && isUnchanged(parsed.value, text) ? parsed.value : undefined;
}

/** Every number in a value with its name; names of anything else are added to `others`. */
function* numbersIn(
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

function timeOf(value: JsonValue | undefined): { us: number; zoneless: boolean } | undefined {
  if (typeof value === 'string') return parseTime(value);
  // Seconds since 1970, as Python's time.time() gives them; smaller numbers are durations.
  if (typeof value === 'number' && value > 1e8 && value < 1e11)
    return { us: Math.round(value * 1e6), zoneless: false };
  return undefined;
}
