import { scaleLinear } from 'd3';
import type { StatusName } from './status-shape.ts';
import { type TimeTick, timeTicks } from './time-ticks.ts';

/** A change of status. */
export interface StatusChange {
  atUs: number;
  status: StatusName;
  word: string;
}

/** A stretch of time with one status; `again` counts how many times it had been running before. */
export interface StatusZone extends StatusChange {
  toUs: number;
  x: number;
  width: number;
  again: number;
}

/** A life as a bar of time; x in units of the width. */
export interface StatusBar {
  zones: StatusZone[];
  /** What it ended with, where it has ended. */
  end: (StatusChange & { x: number }) | undefined;
  ticks: TimeTick[];
  fromUs: number;
  toUs: number;
}

const ended: readonly StatusName[] = ['completed', 'failed', 'aborted'];

/**
 * Draws the changes of a run's status as zones of time; what still goes on reaches to `untilUs`. Undefined where there is
 * no stretch of time to draw: fewer than two moments. Changes are put in order; those without a time are left out.
 */
export function statusBar(
  changes: readonly StatusChange[],
  size: { width: number; untilUs?: number | undefined },
): StatusBar | undefined {
  const sorted = changes.filter(({ atUs }) => Number.isFinite(atUs)).sort((a, b) => a.atUs - b.atUs);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (first === undefined || last === undefined) return undefined;
  const isOver = ended.includes(last.status);
  const toUs = isOver ? last.atUs : Math.max(last.atUs, size.untilUs ?? last.atUs);
  if (toUs <= first.atUs) return undefined;
  const place = scaleLinear([first.atUs, toUs], [0, size.width]);
  let ran = 0;
  const zones = sorted.flatMap((change, index) => {
    const until = sorted[index + 1]?.atUs ?? toUs;
    // Who says twice that it runs has not begun again.
    if (change.status === 'running' && sorted[index - 1]?.status !== 'running') ran += 1;
    const again = Math.max(0, ran - 1);
    if (until <= change.atUs) return [];
    const x = round(place(change.atUs));
    return [{ ...change, toUs: until, x, width: round(place(until) - x), again }];
  });
  return {
    zones,
    end: isOver ? { ...last, x: size.width } : undefined,
    ticks: timeTicks(first.atUs, toUs, 5, size.width),
    fromUs: first.atUs,
    toUs,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
