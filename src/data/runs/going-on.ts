import type { RunDetails } from './types.ts';

/** Whether what a page of this run says depends on when it is built: it goes on. */
export function isGoingOn(run: Pick<RunDetails, 'status'>): boolean {
  return run.status === 'running' || run.status === 'pending';
}

/** When the status that a run has now began, as far as its files say. */
export function lastChangeUs({
  history,
  startedAtUs,
}: Pick<RunDetails, 'history' | 'startedAtUs'>): number | undefined {
  const known = [...history.map(({ atUs }) => atUs), startedAtUs ?? Number.NaN].filter(Number.isFinite);
  return known.length === 0 ? undefined : Math.max(...known);
}

const secondUs = 1_000_000;
const steps = [10, 60, 600, 3600, 6 * 3600, 86_400].map((seconds) => seconds * secondUs);
/** A step is this share of the time at most: nobody sees it in a bar, or reads it in "3 d 4 h". */
const leastShare = 1 / 400;

/**
 * The time up to which it is told how a run goes that has gone on since then: not much before `nowUs`, and the same for a
 * while, so that pages of runs that were left open long ago need not be rendered at each build.
 */
export function toldUntilUs(sinceUs: number | undefined, nowUs: number): number {
  if (sinceUs === undefined) return nowUs;
  const step = steps.findLast((one) => one <= (nowUs - sinceUs) * leastShare);
  return step === undefined ? nowUs : Math.floor(nowUs / step) * step;
}
