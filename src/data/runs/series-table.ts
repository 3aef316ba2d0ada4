import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { NumberedTexts, Numbers } from '../publish/parquet-file/columns.ts';
import { type ParquetColumn, ParquetFile } from '../publish/parquet-file/file.ts';
import { writeTwin } from '../publish/twin.ts';
import type { RunTableFile } from './index.ts';
import { scaledNumbers } from './scaled.ts';

/** Some points of one series, from one on and before another. */
export interface PointRows {
  slug: string;
  series: MetricSeries;
  from: number;
  to: number;
}

/** `units` divided by ten to the power of `scale` is the value where there is no `value`. */
const columns: ParquetColumn[] = [
  { name: 'run', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'step', kind: 'split' },
  { name: 'time', kind: 'time' },
  { name: 'value', kind: 'split' },
  { name: 'units', kind: 'long' },
  { name: 'scale', kind: 'long' },
];
/** Packing harder takes several times as long and saves a hundredth. */
const gzipLevel = 4;

/** What a reader of a stretch reads at least. */
export const groupRows = 65_536;

/**
 * Writes a file of points below `folder`, the rows in their order: a run's points stand together, each series in order. Pages that
 * are opened from disk find it where it has a `twin`.
 */
export function writePoints(
  folder: string,
  rows: readonly PointRows[],
  { hasTwin }: { hasTwin: boolean },
): RunTableFile {
  const points = new Points(rows);
  const file = new ParquetFile(columns, gzipLevel, 'points');
  for (let from = 0; from < points.count; from += groupRows)
    file.addGroup(points.group(from, Math.min(from + groupRows, points.count)));
  const bytes = file.finish();
  const name = `metrics-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
  // A file of the name may be that of an earlier site as well, which nothing is to be written into.
  for (const ending of ['parquet', 'js']) rmSync(join(folder, `${name}.${ending}`), { force: true });
  writeFileSync(join(folder, `${name}.parquet`), bytes);
  if (hasTwin) writeTwin(folder, 'runs/', name, bytes);
  return { file: `${name}.parquet`, bytes: bytes.length, rows: points.count };
}

/** A name for the content of rows: the same rows make the same file. By checksums of so many rows each, ten times quicker than one. */
export function sumOfRows({ slug, series, from, to }: PointRows): string {
  const sum = createHash('sha256').update(`${slug}\0${series.name}\0${to - from}`);
  for (const column of [series.steps, series.timesUs, series.values]) {
    sum.update('\n');
    for (let start = from; column !== undefined && start < to; start += partRows)
      sum.update(`${crc32(bytesOf(column.subarray(start, Math.min(start + partRows, to))))}\0`);
  }
  return sum.digest('hex').slice(0, 32);
}

const partRows = 8192;

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The columns of a file; NaN in `timesUs`, `units` and `scales` where there is none. */
class Points {
  readonly count: number;
  readonly #runs: NumberedTexts;
  readonly #names: NumberedTexts;
  readonly #steps: Float64Array;
  readonly #timesUs: Float64Array;
  readonly #values: Float64Array;
  readonly #units: Float64Array;
  readonly #scales: Float64Array;

  constructor(rows: readonly PointRows[]) {
    this.count = rows.reduce((sum, { from, to }) => sum + to - from, 0);
    const column = () => new Float64Array(this.count);
    [this.#steps, this.#timesUs, this.#values] = [column(), column(), column()];
    [this.#units, this.#scales] = [column().fill(Number.NaN), column().fill(Number.NaN)];
    this.#runs = textsOf(rows, ({ slug }) => slug, this.count);
    this.#names = textsOf(rows, ({ series }) => series.name, this.count);
    let at = 0;
    for (const each of rows) {
      this.#take(each, at);
      at += each.to - each.from;
    }
  }

  group(from: number, to: number) {
    const units = this.#units.subarray(from, to);
    const isWhole = (row: number) => !Number.isNaN(units[row]);
    return [
      part(this.#runs, from, to),
      part(this.#names, from, to),
      { numbers: this.#steps.subarray(from, to) },
      presentOf(this.#timesUs.subarray(from, to)),
      presentOf(this.#values.subarray(from, to), (row) => !isWhole(row)),
      presentOf(units, isWhole),
      presentOf(this.#scales.subarray(from, to), isWhole),
    ];
  }

  #take({ series: { steps, timesUs, values }, from, to }: PointRows, start: number): void {
    this.#steps.set(steps.subarray(from, to), start);
    this.#values.set(values.subarray(from, to), start);
    if (timesUs === undefined) this.#timesUs.fill(Number.NaN, start, start + to - from);
    else this.#timesUs.set(timesUs.subarray(from, to), start);
    const scaled = scaledNumbers(values, from, to);
    if (scaled === undefined) return;
    this.#units.set(scaled.units, start);
    this.#scales.fill(scaled.scale, start, start + to - from);
  }
}

/** Those of the numbers that are there: that are any, or of whose row it is said. */
function presentOf(numbers: Float64Array, isThere = (row: number) => !Number.isNaN(numbers[row])): Numbers {
  const present = new Uint8Array(numbers.length);
  const found = new Float64Array(numbers.length);
  let count = 0;
  for (let row = 0; row < numbers.length; row++) {
    if (!isThere(row)) continue;
    present[row] = 1;
    found[count++] = numbers[row]!;
  }
  return count === numbers.length ? { numbers } : { numbers: found.subarray(0, count), present };
}

function textsOf(
  rows: readonly PointRows[],
  textOf: (rows: PointRows) => string,
  count: number,
): NumberedTexts {
  const known = new Map<string, number>();
  const numbers = new Uint32Array(count);
  let at = 0;
  for (const each of rows) {
    // Halves of characters, which UTF-8 has not.
    const text = textOf(each).toWellFormed();
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    numbers.fill(number, at, at + each.to - each.from);
    at += each.to - each.from;
  }
  return { texts: [...known.keys()], numbers };
}

/** What of numbered texts some rows have, with no other texts. */
function part({ texts, numbers }: NumberedTexts, from: number, to: number): NumberedTexts {
  const all = numbers.subarray(from, to);
  const first = all[0]!;
  // They come in the order in which they are numbered, but for those that come again.
  const used = [...new Set(all)];
  const place = new Map(used.map((number, at) => [number, at]));
  const isWhole = used.every((number, at) => number === first + at);
  return {
    texts: used.map((number) => texts[number]!),
    numbers: isWhole ? all.map((number) => number - first) : all.map((number) => place.get(number)!),
  };
}
