/** For how long a sync goes on trying while others push first. */
export const patienceMs = 5 * 60_000;

/** For how long a lock at the remote may stand while its branch does not move: a living writer holds it for an instant. */
export const lockPatienceMs = 20_000;

/**
 * How long to wait after a lost race, from how long it took: the more push at once, the longer each takes and the longer
 * all wait. What is queued at the remote is taken along in the meantime, so that waiting makes nobody starve; chance spreads
 * those who lost together.
 */
export function waitAfter(tookMs: number, random: number): number {
  return Math.min(Math.max(tookMs, 50), 10_000) * (0.5 + random);
}
