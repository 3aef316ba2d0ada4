import { shortNumber } from '../../base/format/number.ts';
import { visibleText } from '../../base/terminal.ts';

/** A value at a time: a number, the word of a state, undefined where there is none. */
export interface SparkPoint {
  atUs: number;
  value: number | string | undefined;
}

/** A row of characters that shows values over time, and what they mean. */
export interface Sparkline {
  line: string;
  /** "▁ 79.9 … █ 95.2", or one entry for every state. */
  legend: string[];
}

const blocks = '▁▂▃▄▅▆▇█';
const maxStates = 8;

/**
 * Points as one line of at most `width` characters, each for a stretch of time as long as the others: numbers as blocks
 * of eight heights (the mean of the stretch), states as letters (of several in one stretch the rarest), nothing where nothing was recorded. Undefined where
 * there is nothing to see: no points, or more states than letters could tell apart.
 */
export function sparkline(points: readonly SparkPoint[], width: number): Sparkline | undefined {
  if (points.length === 0) return undefined;
  const stretches = intoStretches(points, Math.max(1, Math.min(width, points.length)));
  const isNumeric = points.every(({ value }) => typeof value === 'number' || value === undefined);
  return isNumeric ? ofNumbers(stretches) : ofStates(stretches);
}

function intoStretches(points: readonly SparkPoint[], count: number): SparkPoint[][] {
  const [first, last] = [points[0]!.atUs, points[points.length - 1]!.atUs];
  const stretches: SparkPoint[][] = Array.from({ length: count }, () => []);
  for (const point of points) {
    const share = last > first ? (point.atUs - first) / (last - first) : 0;
    stretches[Math.min(count - 1, Math.floor(share * count))]!.push(point);
  }
  return stretches;
}

function ofNumbers(stretches: SparkPoint[][]): Sparkline {
  const means = stretches.map((stretch) => {
    const numbers = stretch.map(({ value }) => value).filter((value) => typeof value === 'number');
    return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one / numbers.length, 0);
  });
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { value } of stretches.flat()) {
    if (typeof value !== 'number') continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const line = means.map((mean) => {
    if (mean === undefined) return ' ';
    const share = most > least ? (mean - least) / (most - least) : 0.5;
    return blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))]!;
  });
  const legend = most > least ? [`▁ ${shortNumber(least)}`, `█ ${shortNumber(most)}`] : [shortNumber(most)];
  return { line: line.join(''), legend };
}

function ofStates(stretches: SparkPoint[][]): Sparkline | undefined {
  const counts = new Map<string, number>();
  for (const { value } of stretches.flat()) {
    if (value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  if (counts.size > maxStates) return undefined;
  const letters = lettersFor([...counts].sort((a, b) => b[1] - a[1]).map(([state]) => state));
  const line = stretches.map((stretch) => {
    const state = rarest(stretch, counts);
    if (state === null) return ' ';
    return state === undefined ? '·' : letters.get(state)!;
  });
  const legend = [...letters].map(([state, letter]) => `${letter} ${visibleText(state)}`);
  if (line.includes('·')) legend.push('· not there');
  return { line: line.join(''), legend };
}

/** A letter of its own for every state, one of the word itself where it is still free. */
function lettersFor(states: string[]): Map<string, string> {
  const taken = new Set<string>();
  const letters = new Map<string, string>();
  for (const state of states) {
    const wanted = [...state.matchAll(/\p{L}/gu)].map(([letter]) => letter);
    const letter = [...wanted, ...'abcdefghijklmnopqrstuvwxyz'].find((one) => !taken.has(one))!;
    taken.add(letter);
    letters.set(state, letter);
  }
  return letters;
}

/**
 * Of the states in a stretch the one that is rarest in all, so that what is out of the ordinary is never lost; undefined
 * where there is no value, null where there are no points.
 */
function rarest(stretch: SparkPoint[], counts: ReadonlyMap<string, number>): string | undefined | null {
  if (stretch.length === 0) return null;
  let found: string | undefined;
  for (const { value } of stretch) {
    if (value === undefined) continue;
    const state = String(value);
    if (found === undefined || counts.get(state)! < counts.get(found)!) found = state;
  }
  return found;
}
