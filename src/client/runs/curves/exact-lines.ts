import { type CurveAxis, spanOn } from '../../../charts/curve-axis.ts';
import { jsonText } from '../../../data/browser.ts';
import type { CardLine, CurveDetail } from '../../../parts/runs/curve-cards.tsx';
import { type ExactPoints, type ExactStretch, rowsFor } from '../exact-points.ts';

/** What a chart is about to show. */
export interface ExactWish {
  axis: CurveAxis;
  window: readonly [number, number] | undefined;
  smooth: number;
}

/** Lines as they can be drawn now, and what they are. */
export interface ExactShown {
  lines: readonly CardLine[];
  detail: CurveDetail | undefined;
}

/** Beyond so many rows a chart stays with what is published of all of them. */
const mostRows = 2_100_000;
/** So many points a chart draws as they are: they are placed, cut and drawn within a moment. */
const mostPoints = 30_000;
/** Of more than these, so many of each line. */
const thinnedPoints = 4000;
/** What smoothing needs before a window so that it does not begin anew in it. */
const smoothingPoints = 1000;

interface Read {
  /** Stands for what was asked for. */
  key: string;
  axis: CurveAxis;
  window: readonly [number, number];
  stretches: ReadonlyMap<string, ExactStretch>;
}

/** The exact points of one chart: asked for where its window is narrow enough, drawn when they are there. */
export class ExactLines {
  readonly #points: ExactPoints;
  readonly #onChange: () => void;
  #asked: { key: string; end: AbortController } | undefined;
  #read: Read | undefined;
  #failed: { key: string; why: string } | undefined;

  /** `onChange` is called when what was asked for is there, or cannot be had. */
  constructor(points: ExactPoints, onChange: () => void) {
    this.#points = points;
    this.#onChange = onChange;
  }

  /** The lines with their exact points where those are there; else as they are, and what is missing is asked for. */
  show(lines: readonly CardLine[], { axis, window, smooth }: ExactWish): ExactShown {
    const long = lines.filter(({ exact }) => exact !== undefined);
    if (long.length === 0) return this.#without(lines, undefined);
    if (window === undefined) return this.#without(lines, { kind: 'levels' });
    const asked = long.flatMap((line) => {
      const span = spanOn(axis, window, line.clock);
      return span === undefined ? [] : [{ id: line.id, parts: line.exact!, span }];
    });
    if (asked.reduce((sum, { parts, span }) => sum + rowsFor(parts, span), 0) > mostRows)
      return this.#without(lines, { kind: 'levels' });
    const margin = smooth > 0 ? smoothingPoints : 0;
    const key = jsonText([axis, window, margin, long.map(({ id, count }) => [id, count])]);
    if (this.#read?.key === key) return { lines: withExact(lines, this.#read), detail: { kind: 'exact' } };
    if (this.#failed?.key === key) return { lines, detail: { kind: 'failed', why: this.#failed.why } };
    if (this.#asked?.key !== key) this.#ask(key, asked, { axis, window, margin });
    const detail: CurveDetail = { kind: 'reading' };
    return this.#read !== undefined && covers(this.#read, { axis, window }, long)
      ? { lines: withExact(lines, this.#read), detail }
      : { lines, detail };
  }

  /** Ends what is on its way. */
  end(): void {
    this.#asked?.end.abort();
    this.#asked = undefined;
  }

  #without(lines: readonly CardLine[], detail: CurveDetail | undefined): ExactShown {
    this.end();
    return { lines, detail };
  }

  #ask(
    key: string,
    asked: readonly { id: string; parts: CardLine['exact'] & {}; span: Parameters<ExactPoints['read']>[1] }[],
    { axis, window, margin }: Pick<Read, 'axis' | 'window'> & { margin: number },
  ): void {
    this.end();
    const end = new AbortController();
    this.#asked = { key, end };
    const most = Math.floor(mostPoints / asked.length);
    const how = { margin, most, thinned: Math.min(most, thinnedPoints), signal: end.signal };
    Promise.all(
      asked.map(async ({ id, parts, span }) => [id, await this.#points.read(parts, span, how)] as const),
    )
      .then((read) => {
        this.#read = { key, axis, window, stretches: new Map(read) };
      })
      .catch((error: unknown) => {
        if (end.signal.aborted) return;
        // The others are not needed without it.
        end.abort();
        this.#failed = { key, why: error instanceof Error ? error.message : String(error) };
      })
      .finally(() => {
        if (this.#asked?.key !== key) return;
        this.#asked = undefined;
        this.#onChange();
      });
  }
}

function withExact(lines: readonly CardLine[], { stretches }: Read): CardLine[] {
  return lines.map((line) => {
    const stretch = stretches.get(line.id);
    if (stretch === undefined) return line;
    const { count, ...points } = stretch;
    return { ...line, course: { name: line.course.name, ...points }, count };
  });
}

/** Whether what was read for another window has all of this one, so that it can stand until the new one is there. */
function covers(
  read: Read,
  { axis, window }: Pick<Read, 'axis' | 'window'>,
  long: readonly CardLine[],
): boolean {
  return (
    read.axis === axis &&
    read.window[0] <= window[0] &&
    read.window[1] >= window[1] &&
    long.every(({ id }) => read.stretches.has(id))
  );
}
