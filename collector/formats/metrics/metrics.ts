import { readJoined } from '../../base/json/joined.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { parsePlainJson } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { decodeBytes } from '../../base/text-encoding.ts';
import { joinedFound, joinedHint } from '../actions/joined-lines.ts';
import type { Finding } from '../findings/finding.ts';
import { encodingRemark } from '../text/file.ts';
import { PlainLine } from './plain-lines.ts';
import { isTimeName, isUnchanged, numbersIn, readPoint, stepNames, timeNames, timeOf } from './points.ts';
import { type MetricsRecord, noPoints } from './record.ts';
import { settleResumes } from './resumed.ts';
import { WrittenLines, WrittenSeries } from './written.ts';

/** What was read of a file before: how many lines that count, and ids of lines, to which those of the reading are added. */
export interface LinesBefore {
  lines: number;
  ids: Set<string>;
}

/** The beginning of a file. */
export function noLinesBefore(): LinesBefore {
  return { lines: 0, ids: new Set() };
}

const clockOf: ReadonlyMap<string, string> = new Map(
  stepNames.map((name) => [name, name.replace(/^(?:global)?_/, '')]),
);
const maxFindings = 20;
/** Training and validation write lines of their own. */
const mostShapes = 6;

/** What lines of nothing but numbers look like, and what each number means. */
interface PlainPoints {
  line: PlainLine;
  clock: string | undefined;
  /** Which of the numbers is the step; -1 where none is. */
  stepAt: number;
  /** Which of the numbers may be times, the first that is believed first. */
  timesAt: readonly number[];
  /** The others, which are points of these series. */
  valuesAt: readonly number[];
  series: readonly WrittenSeries[];
}

/**
 * Takes the lines of a metrics.jsonl one by one and makes series of them. Every number is a point of a series; nested
 * maps get names with dots; NaN and infinities count, as literals and as texts. The step of a point is the first of
 * step, global_step, _step, iteration and epoch, else its position. Broken lines are reported and left out.
 */
export class MetricsReading {
  readonly record: MetricsRecord = noPoints();
  /** Whether lines that are appended may change what earlier ones are taken for; known when the reading is finished. */
  isUnsettled = false;
  readonly #file: string;
  readonly #report: (finding: Finding) => void;
  readonly #ids: Set<string>;
  readonly #before: number;
  readonly #others = new Set<string>();
  readonly #remarks = new Map<Finding['code'], number>();
  readonly #written = new Map<string, WrittenSeries>();
  readonly #lines = new WrittenLines();
  /** What lines of nothing but numbers have looked like, the latest first. */
  #plain: PlainPoints[] = [];
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
      if (encoding === undefined && terminated) this.#learn(bytes);
    }
  }

  /**
   * Takes lines of nothing but numbers that look like one that was read before, from a place on where a line begins, up to the
   * first other one: the same points as line by line, in a fraction of the time.
   */
  addLines(bytes: Buffer, from: number): { to: number; lines: number } {
    let [to, lines] = [from, 0];
    while (to < bytes.length) {
      const next = this.#takePlain(bytes, to);
      if (next === -1) break;
      to = next;
      lines += 1;
    }
    return { to, lines };
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
    const stepName = stepNames.find((name) => typeof point[name] === 'number');
    const clock = stepName && clockOf.get(stepName);
    const position = this.#addLine(clock, point[stepName ?? ''] as number, this.#timeOf(point));
    for (const [name, value] of numbersIn(point, '', this.#others, 0)) {
      if (name === stepName || isTimeName(name)) continue;
      let series = this.#written.get(name);
      if (series === undefined) {
        series = new WrittenSeries(name);
        this.#written.set(name, series);
      }
      series.push(position, value);
    }
  }

  #addLine(clock: string | undefined, step: number, atUs: number | undefined): number {
    const position = this.record.lines;
    this.record.lines += 1;
    this.#lines.push(clock, clock === undefined ? this.#before + position : step, atUs);
    return position;
  }

  /** Takes a line that looks like one of those before; gives where the next begins, -1 where it is another. */
  #takePlain(bytes: Buffer, at: number): number {
    for (let rank = 0; rank < this.#plain.length; rank++) {
      const plain = this.#plain[rank]!;
      const next = plain.line.read(bytes, at);
      if (next === -1) continue;
      this.#takeNumbers(plain);
      if (rank > 0) this.#plain = [plain, ...this.#plain.filter((one) => one !== plain)];
      return next;
    }
    return -1;
  }

  #takeNumbers({ line, clock, stepAt, timesAt, valuesAt, series }: PlainPoints): void {
    const { numbers } = line;
    const atUs = timesAt.length === 0 ? undefined : this.#firstTime(timesAt.map((each) => numbers[each]!));
    const position = this.#addLine(clock, stepAt === -1 ? 0 : numbers[stepAt]!, atUs);
    for (let each = 0; each < series.length; each++) series[each]!.push(position, numbers[valuesAt[each]!]!);
  }

  /** Remembers what a line looks like, if it holds nothing but numbers. */
  #learn(bytes: Buffer): void {
    const line = PlainLine.of(bytes);
    if (line === undefined) return;
    const { names } = line;
    const stepName = stepNames.find((name) => names.includes(name));
    const valuesAt = [...names.keys()].filter((at) => names[at] !== stepName && !isTimeName(names[at]!));
    const plain: PlainPoints = {
      line,
      clock: stepName && clockOf.get(stepName),
      stepAt: stepName === undefined ? -1 : names.indexOf(stepName),
      timesAt: timeNames.map((name) => names.indexOf(name)).filter((at) => at !== -1),
      valuesAt,
      series: valuesAt.map((at) => this.#written.get(names[at]!)!),
    };
    this.#plain = [plain, ...this.#plain.slice(0, mostShapes - 1)];
  }

  #timeOf(point: JsonObject): number | undefined {
    return this.#firstTime(timeNames.map((name) => point[name]));
  }

  #firstTime(values: readonly (JsonValue | undefined)[]): number | undefined {
    for (const value of values) {
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
