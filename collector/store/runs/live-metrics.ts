import { createReadStream, readSync } from 'node:fs';
import { join } from 'node:path';
import { GrowingSeries, type KeptPoints } from '../../formats/metrics/growing.ts';
import { type LinesBefore, MetricsReading, noLinesBefore } from '../../formats/metrics/metrics.ts';
import { isFalling } from '../../formats/metrics/number-column.ts';
import { type MetricSeries, timeAt } from '../../formats/metrics/series.ts';
import { AppendedFile } from '../appended-file.ts';
import { LineFile } from '../line-file.ts';

/** What was appended to a file of metrics since the last look. */
export interface AppendedPoints {
  /** New points, by name; undefined where the file began anew or went back, so that only the whole of it tells. */
  series: MetricSeries[] | undefined;
  /** Whether more stands in the file than was read at once. */
  isMore: boolean;
}

/** The newest value of a metric. */
export interface LastValue {
  step: number;
  value: number;
}

const mostAtOnce = 1024 * 1024;
/** So much of the end of a large file tells the last values, before anyone asks for its curves. */
const tailBytes = 64 * 1024;
const mostIds = 4096;
/** Further metrics of a file are shown by the next build. */
const mostMetrics = 300;
/** Of all curves of a file together. */
const mostPoints = 60_000;
const newline = 10;

/**
 * A metrics.jsonl that is being written. What was appended is read when it is looked at; the whole file only where its curves
 * are asked for (`open`), and they are kept in bounded memory until they are closed.
 */
export class LiveMetrics {
  /** The newest value of each metric that was seen. */
  readonly last = new Map<string, LastValue>();
  lastAtUs: number | undefined;
  readonly #path: string;
  readonly #file: string;
  readonly #bytes: AppendedFile;
  #lines: LineFile;
  #reading: MetricsReading | undefined;
  #before: LinesBefore = noLinesBefore();
  #curves: Map<string, GrowingSeries> | undefined;
  #resumed = new Map<string, MetricSeries['resumed']>();
  #most = 2000;
  #isOpening = false;
  #isUnsettled = false;
  #isAnew = false;

  constructor(root: string, file: string) {
    this.#path = join(root, file);
    this.#file = file;
    this.#lines = this.#newLines();
    this.#bytes = new AppendedFile(this.#path, {
      take: (bytes) => this.#lines.push(bytes),
      again: () => this.#startAgain(),
    });
    this.#skipToTail();
  }

  /** Whether its curves are there. */
  get isOpen(): boolean {
    return this.#curves !== undefined;
  }

  /** Reads what was appended; undefined where nothing was, or while the whole file is read. */
  look(): AppendedPoints | undefined {
    if (this.#isOpening) return undefined;
    let isMore = false;
    try {
      isMore = this.#bytes.readOn(mostAtOnce);
    } catch {
      // It may be away for a moment while it is replaced, or for good.
      return undefined;
    }
    const record = this.#reading?.finish();
    this.#reading = undefined;
    const isAnew = this.#isAnew;
    this.#isAnew = false;
    if (record === undefined) return isAnew ? { series: undefined, isMore } : undefined;
    this.#before.lines += record.lines;
    forgetOldest(this.#before.ids);
    this.lastAtUs = record.lastAtUs ?? this.lastAtUs;
    const series = [...record.series.values()];
    for (const { name, steps, values } of series)
      if (values.length > 0 && (this.last.size < mostMetrics || this.last.has(name)))
        this.last.set(name, { step: steps.at(-1)!, value: values.at(-1)! });
    if (isAnew || !this.#add(series)) {
      this.close();
      return { series: undefined, isMore };
    }
    return { series, isMore };
  }

  /** Reads the whole file up to where it has been looked at, as a build does. */
  async open(): Promise<void> {
    if (this.#isOpening || this.#curves !== undefined) return;
    this.#isOpening = true;
    try {
      const reading = new MetricsReading(this.#file, ignore);
      const lines = new LineFile(this.#file, ignore, (bytes, line, terminated) => {
        // The line that is being written now comes with what is appended.
        if (bytes !== undefined && terminated) reading.addLine(bytes, line, true);
      });
      await readUpTo(this.#path, this.#bytes.at, (chunk) => lines.push(chunk));
      const record = reading.finish();
      this.#isUnsettled = reading.isUnsettled;
      this.#curves = new Map();
      this.#resumed = new Map();
      this.#before.lines = record.lines;
      this.#most = Math.min(
        2000,
        Math.max(mostPoints / mostMetrics, Math.floor(mostPoints / record.series.size)),
      );
      for (const series of record.series.values()) {
        if (series.resumed !== undefined) this.#resumed.set(series.name, series.resumed);
        this.#push(series);
      }
    } finally {
      this.#isOpening = false;
    }
  }

  /** Lets the curves go. */
  close(): void {
    this.#curves = undefined;
    this.#resumed.clear();
  }

  /** The curves as they are kept, by name; none where they are not open. */
  curves(): { name: string; points: KeptPoints; resumed: MetricSeries['resumed'] }[] {
    return [...(this.#curves ?? [])].map(([name, series]) => ({
      name,
      points: series.kept(),
      resumed: this.#resumed.get(name),
    }));
  }

  /** How many points a metric has, where its curve is open. */
  countOf(name: string): number | undefined {
    return this.#curves?.get(name)?.count;
  }

  /** Adds new points to the curves; false where they go back, so that only the whole file tells which of them count. */
  #add(series: readonly MetricSeries[]): boolean {
    if (this.#curves === undefined) return true;
    if (this.#isUnsettled) return false;
    for (const each of series) {
      const { name, steps, resumed } = each;
      const last = this.#curves.get(name)?.last;
      if (resumed !== undefined || last === undefined) {
        if (resumed !== undefined) return false;
        continue;
      }
      if (steps[0] !== undefined && steps[0] < last.step) return false;
      const firstUs = timeAt(each, 0);
      if (firstUs !== undefined && last.timeUs !== null && firstUs < last.timeUs) return false;
    }
    if (series.some(goesBack)) return false;
    for (const each of series) this.#push(each);
    return true;
  }

  #push(series: MetricSeries): void {
    const { name, steps, values } = series;
    const curve = this.#curves!.get(name) ?? new GrowingSeries(this.#most);
    if (this.#curves!.size < mostMetrics) this.#curves!.set(name, curve);
    for (const [at, value] of values.entries()) curve.push(steps[at]!, timeAt(series, at), value);
  }

  #skipToTail(): void {
    try {
      this.#bytes.skip((descriptor, size) => startOfTail(descriptor, size));
    } catch {
      // Not there yet: it is read from its beginning when it comes.
    }
  }

  #startAgain(): void {
    this.#isAnew = true;
    this.#lines = this.#newLines();
    this.#reading = undefined;
    this.#before = noLinesBefore();
    this.last.clear();
  }

  #newLines(): LineFile {
    return new LineFile(this.#file, ignore, (bytes, line, terminated) => {
      if (bytes === undefined || !terminated) return;
      this.#reading ??= new MetricsReading(this.#file, ignore, this.#before);
      this.#reading.addLine(bytes, line, true);
    });
  }
}

function ignore(): void {
  // What is wrong with a file is said by the build.
}

/** The beginning of a small file; of a large one the first line of its end. */
function startOfTail(descriptor: number, size: number): number {
  if (size <= tailBytes) return 0;
  const block = Buffer.alloc(tailBytes);
  const bytes = readSync(descriptor, block, 0, tailBytes, size - tailBytes);
  const first = block.subarray(0, bytes).indexOf(newline);
  return first === -1 ? size - tailBytes : size - tailBytes + first + 1;
}

async function readUpTo(path: string, end: number, take: (chunk: Buffer) => void): Promise<void> {
  if (end === 0) return;
  const stream = createReadStream(path, { end: end - 1, highWaterMark: 128 * 1024 });
  for await (const chunk of stream) {
    take(chunk as Buffer);
    // Others get their turn: a large file takes as long as hundreds of points of others.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function goesBack({ steps, timesUs }: MetricSeries): boolean {
  return isFalling(steps) || (timesUs !== undefined && isFalling(timesUs));
}

/** A line that is written twice comes soon after the first. */
function forgetOldest(ids: Set<string>): void {
  for (const id of ids) {
    if (ids.size <= mostIds) return;
    ids.delete(id);
  }
}
