import type { RecordedSpan } from '../../charts/curve-axis.ts';
import { extremesOf } from '../../data/runs/thin-series.ts';
import type { ExactPart } from '../../data/runs/types.ts';
import { breathe } from '../breathe.ts';
import type { DataFiles } from '../data-files.ts';
import { Kept } from '../kept.ts';
import { type OpenedParquet, openParquet } from '../parquet.ts';
import { groupsOf, mayHold, type PointColumns, type PointGroup, readPoints } from './points-file.ts';

/** The points of a series in a stretch, as they were recorded. */
export interface ExactStretch {
  steps: number[];
  timesUs: (number | null)[];
  values: number[];
  /** How many there are in it; fewer are here where they are too many to be drawn: the extremes of each stretch. */
  count: number;
}

/** How a stretch is read. */
export interface ExactWay {
  /** So many points more on either side. */
  margin: number;
  /** More than these are thinned to so many. */
  most: number;
  thinned: number;
  signal: AbortSignal;
}

/** What one of the parts of a series has that is asked for. */
interface Piece extends PointColumns {
  from: number;
  to: number;
}

/** How many groups stay in memory, and how many files are open: from disk those are there whole. */
const maxGroups = 48;
const maxFiles = 24;
/** So many are on their way at once. */
const maxReading = 4;
/** So many rows at least are read of a file. */
const leastRows = 65_536;

/** All points of long series, read where a reader looks closer: groups of rows that hold the stretch, and no others. */
export class ExactPoints {
  readonly #opened: Kept<string, OpenedParquet>;
  readonly #bytes = new Map<string, number>();
  readonly #groups = new Map<string, Promise<PointColumns>>();
  readonly #waiting: (() => void)[] = [];
  #reading = 0;

  constructor(files: DataFiles) {
    this.#opened = new Kept((file) => openParquet(files, { file, bytes: this.#bytes.get(file)! }), maxFiles);
  }

  /** The points of a span and the next ones on either side. Where the signal ends it, nothing more is asked for. */
  async read(parts: readonly ExactPart[], span: RecordedSpan, way: ExactWay): Promise<ExactStretch> {
    const { margin, signal } = way;
    const wide = widened(parts, span, margin);
    const read = parts
      .filter((part) => overlaps(part, wide))
      .map((part) => this.#readPart(part, wide, signal));
    const pieces = (await Promise.all(read)).flat();
    await breathe();
    return stretchOf(pieces, span, way);
  }

  async #readPart(part: ExactPart, span: RecordedSpan, signal: AbortSignal): Promise<Piece[]> {
    this.#bytes.set(part.file, part.bytes);
    const opened = await this.#inTurn(signal, () => this.#opened.get(part.file));
    const end = part.from + part.rows;
    const groups = groupsOf(opened).filter(
      (group) => group.from < end && group.from + group.rows > part.from && mayHold(opened, group, span),
    );
    const pieces = await Promise.all(
      groups.map(async (group) => {
        const columns = await this.#group(part.file, opened, group, signal);
        const from = Math.max(0, part.from - group.from);
        return pieceIn(columns, [from, Math.min(group.rows, end - group.from)], span);
      }),
    );
    return pieces.filter(({ from, to }) => from < to);
  }

  async #group(
    file: string,
    opened: OpenedParquet,
    group: PointGroup,
    signal: AbortSignal,
  ): Promise<PointColumns> {
    const key = `${file} ${group.number}`;
    for (;;) {
      const known = this.#groups.get(key);
      const columns = known ?? this.#inTurn(signal, () => readPoints(opened, group, signal));
      this.#keep(key, columns);
      try {
        return await columns;
      } catch (error) {
        // What another asked for and ended is asked for again.
        if (known === undefined || signal.aborted) throw error;
      }
    }
  }

  #keep(key: string, columns: Promise<PointColumns>): void {
    this.#groups.delete(key);
    this.#groups.set(key, columns);
    columns.catch(() => {
      if (this.#groups.get(key) === columns) this.#groups.delete(key);
    });
    if (this.#groups.size > maxGroups) this.#groups.delete(this.#groups.keys().next().value!);
  }

  async #inTurn<Value>(signal: AbortSignal, read: () => Promise<Value>): Promise<Value> {
    if (this.#reading >= maxReading) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#reading += 1;
    try {
      signal.throwIfAborted();
      return await read();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#reading -= 1;
      else next();
    }
  }
}

/** About how many rows are read for a span. */
export function rowsFor(parts: readonly ExactPart[], span: RecordedSpan): number {
  let rows = 0;
  for (const part of parts) {
    if (!overlaps(part, span)) continue;
    const told = part[span.by];
    const within = told === null ? part.rows : part.rows * shareOf(told, span);
    rows += Math.min(part.rows, within + leastRows);
  }
  return rows;
}

function shareOf([low, high]: readonly [number, number], { from, to }: RecordedSpan): number {
  return low === high ? 1 : Math.max(0, Math.min(high, to) - Math.max(low, from)) / (high - low);
}

function overlaps(part: ExactPart, { by, from, to }: RecordedSpan): boolean {
  const told = part[by];
  return told === null || (told[0] <= to && told[1] >= from);
}

/** The span with the next point on either side, whatever lies in it, and so many more. */
function widened(parts: readonly ExactPart[], span: RecordedSpan, margin: number): RecordedSpan {
  const apart = Math.max(
    0,
    ...parts.map(({ rows, [span.by]: told }) =>
      told === null ? 0 : (told[1] - told[0]) / Math.max(1, rows - 1),
    ),
  );
  const more = (margin + 1.5) * apart;
  return { ...span, from: span.from - more, to: span.to + more };
}

/** The rows from the first in the span to the last. */
function pieceIn(
  columns: PointColumns,
  [first, end]: [number, number],
  { by, from, to }: RecordedSpan,
): Piece {
  const places = columns[by];
  const isIn = (row: number) => places[row]! >= from && places[row]! <= to;
  let [start, stop] = [first, end];
  while (start < stop && !isIn(start)) start += 1;
  while (stop > start && !isIn(stop - 1)) stop -= 1;
  return { ...columns, from: start, to: stop };
}

function stretchOf(
  pieces: readonly Piece[],
  { by, from, to }: RecordedSpan,
  { most, thinned }: ExactWay,
): ExactStretch {
  const read = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  const all = { steps: joined(pieces, 'steps', read), timesUs: joined(pieces, 'timesUs', read) };
  const values = joined(pieces, 'values', read);
  const places = all[by];
  let count = 0;
  for (let at = 0; at < read; at++) if (places[at]! >= from && places[at]! <= to) count += 1;
  const timeOf = (us: number) => (Number.isNaN(us) ? null : us);
  if (read <= most)
    return {
      steps: Array.from(all.steps),
      timesUs: Array.from(all.timesUs, timeOf),
      values: Array.from(values),
      count,
    };
  const kept = extremesOf(values, Math.max(1, Math.floor(thinned / 2) - 1));
  return {
    steps: kept.map((at) => all.steps[at]!),
    timesUs: kept.map((at) => timeOf(all.timesUs[at]!)),
    values: kept.map((at) => values[at]!),
    count,
  };
}

function joined(pieces: readonly Piece[], name: keyof PointColumns, count: number): Float64Array {
  const all = new Float64Array(count);
  let at = 0;
  for (const { from, to, [name]: column } of pieces) {
    all.set(column.subarray(from, to), at);
    at += to - from;
  }
  return all;
}
