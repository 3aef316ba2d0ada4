/** For how long a sync goes on trying while others push first. */
export const patienceMs = 5 * 60_000;

/** For how long a lock at the remote may stand while its branch does not move: a living writer holds it for an instant. */
export const lockPatienceMs = 20_000;

/**
 * How long to wait after so many lost races. Waiting spreads those who lost the same race, the more the longer it goes on;
 * who has lost many waits less than newcomers, so that nobody starves.
 */
export function waitAfter(losses: number, random: number): number {
  const spread = losses <= 6 ? 40 * 1.5 ** losses : 1200 / losses;
  return random * spread;
}
