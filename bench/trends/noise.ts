import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../collector/trends/random.ts';
import { median } from '../../collector/trends/robust.ts';

/** How many values each series has. */
export const seriesLength = 20;

/**
 * Series of benchmarks that four public repositories ran on the machines of a CI, cut into pieces of 20 neighbours; each value is a
 * share of the median of its piece.
 */
export function recordedSeries(): number[][] {
  const path = join(import.meta.dirname, '../../tests/fixtures/noise/benchmarks.json');
  return Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, number[][]>).flat();
}

/** What is left of recorded values without what is slow: each as a share of the median of its eleven neighbours, in their order. */
export function residuals(values: readonly number[]): number[] {
  return values.map((value, at) => value / median(values.slice(Math.max(0, at - 5), at + 6)));
}

/** The same values in any other order: whatever happened to them is spread over all. */
export function inAnyOrder(values: readonly number[], random: Random): number[] {
  const shuffled = [...values];
  random.shuffle(shuffled);
  return shuffled;
}

/** Values of a level with normal noise, and from the place `at` on of one that is higher by a share. */
export function normalSeries(
  random: Random,
  noise: number,
  step?: { at: number; by: number },
  length = seriesLength,
): number[] {
  return Array.from({ length }, (_, at) => {
    const level = step !== undefined && at >= step.at ? 1 + step.by : 1;
    return level * (1 + noise * random.normal());
  });
}
