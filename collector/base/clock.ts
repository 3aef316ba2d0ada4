/** Where times come from; handed in so that tests can set it. */
export interface Clock {
  /** Microseconds since 1970 UTC, as a whole number. */
  nowUs(): number;
}

/** How far the fine counter may drift from the wall clock before it is set again. */
const maxDriftMs = 2;

/**
 * The system's clock in microseconds. Two calls never return the same number, and time does not run
 * backwards unless the wall clock itself is set back.
 */
export const systemClock: Clock = createSystemClock();

function createSystemClock(): Clock {
  let anchorMs = Date.now() - monotonicMs();
  let lastUs = 0;
  return {
    nowUs() {
      let wallMs = Date.now();
      let fineMs = anchorMs + monotonicMs();
      // A process that had to wait between the two looks has seen no drift: it looks again.
      while (Math.abs(fineMs - wallMs) > maxDriftMs && Date.now() - wallMs > 1) {
        wallMs = Date.now();
        fineMs = anchorMs + monotonicMs();
      }
      if (Math.abs(fineMs - wallMs) > maxDriftMs) {
        anchorMs += wallMs - fineMs;
        if (wallMs < fineMs) lastUs = 0;
        fineMs = wallMs;
      }
      const us = Math.round(fineMs * 1000);
      lastUs = us > lastUs ? us : lastUs + 1;
      return lastUs;
    },
  };
}

/** Milliseconds that only grow. Not performance.now(): touching `performance` loads a module that recording needs not. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
