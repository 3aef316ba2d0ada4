import type { Bin } from './histogram.ts';

/** A stretch of time, from inclusive, to exclusive. */
export interface TimeRange {
  fromUs: number;
  toUs: number;
}

/** All of the time of a histogram. */
export function wholeRange(bins: readonly Bin[]): TimeRange {
  return { fromUs: bins[0]!.fromUs, toUs: bins[bins.length - 1]!.toUs };
}

/** Number of the bin edge at or before a time. */
export function edgeOf(bins: readonly Bin[], us: number): number {
  const at = bins.findIndex((bin) => us < bin.toUs);
  return at === -1 ? bins.length : at;
}

/** The range (all, where none is chosen) with one end moved by a key, by at least one bin; undefined for other keys. */
export function movedRange(
  bins: readonly Bin[],
  range: TimeRange = wholeRange(bins),
  end: 'from' | 'to',
  key: string,
  step: number,
): TimeRange | undefined {
  const moves: Record<string, number> = {
    ArrowLeft: -step,
    ArrowRight: step,
    Home: -bins.length,
    End: bins.length,
  };
  if (!Object.hasOwn(moves, key)) return undefined;
  const [from, to] = [edgeOf(bins, range.fromUs), edgeOf(bins, range.toUs)];
  const moved = (end === 'from' ? from : to) + moves[key]!;
  const usOf = (edge: number) => bins[edge]?.fromUs ?? wholeRange(bins).toUs;
  return end === 'from'
    ? { fromUs: usOf(Math.max(0, Math.min(moved, to - 1))), toUs: usOf(to) }
    : { fromUs: usOf(from), toUs: usOf(Math.max(from + 1, Math.min(moved, bins.length))) };
}
