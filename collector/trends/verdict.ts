import { changePoint } from './change-point.ts';
import { median, spread } from './robust.ts';
import { comparablePoints, type TrendDirection, type TrendPoint, type TrendSeries } from './series.ts';

/** What is said of a series; `changed` where nothing says whether less or more is better. */
export type TrendVerdict = 'worse' | 'changed' | 'better' | 'no change' | 'not enough data';

/** A step from one level to another. */
export interface TrendStep {
  /** Place of the first point of the new level. */
  at: number;
  /** Medians of the level before and of the one from there on. */
  before: number;
  after: number;
  /** How much of the old level that is: 0.1 for 10 % more. Infinite where the old level is 0. */
  ratio: number;
  /** How often noise alone looks as much like a step. */
  p: number;
}

/** A series with what can be said of it. */
export interface Trend {
  key: string;
  kind: TrendSeries['kind'];
  unit?: TrendSeries['unit'];
  direction: TrendDirection | undefined;
  verdict: TrendVerdict;
  /** The points that were judged, oldest first. */
  points: TrendPoint[];
  environment: string;
  otherEnvironments: number;
  older: number;
  /** All steps among them, oldest first; the verdict is that of the last. */
  steps: TrendStep[];
  /** Median of the newest level; undefined without points. */
  level: number | undefined;
  /** Standard deviation of the newest level, as a share of it; undefined where that says nothing. */
  noise: number | undefined;
  /** The smallest step in the middle that would have been seen four times out of five; undefined as above. */
  visible: number | undefined;
}

/** What counts as a step worth telling. */
export interface TrendRules {
  /** As a share: 0.05 leaves aside what is less than 5 %. */
  smallest: number;
  /** So many points at least on both sides. */
  confirmations: number;
  /** How many of the newest points are looked at. */
  window: number;
}

/** What holds where daybook.yaml says nothing. */
export const usualRules: TrendRules = { smallest: 0.05, confirmations: 3, window: 200 };

/** With fewer points no order of them is rare enough to be more than chance. */
export const fewestPoints = 10;

/** By how many deviations two halves of so many points have to differ, to be told apart four times out of five (as measured). */
const visibleDeviations = (points: number) => 8.3 / Math.sqrt(Math.max(1, points - 4));

/** Judges a series by the last step among its newest comparable points. */
export function judge(series: TrendSeries, rules: TrendRules = usualRules): Trend {
  const { key, kind, unit, direction } = series;
  const { points, ...rest } = comparablePoints(series, rules.window);
  const values = points.map(({ value }) => value);
  const steps = values.length < fewestPoints ? [] : stepsOf(values, rules);
  const newest = values.slice(steps.at(-1)?.at ?? 0);
  const level = newest.length === 0 ? undefined : median(newest);
  const noise = level === undefined || level === 0 ? undefined : spread(newest, level) / Math.abs(level);
  return {
    key,
    kind,
    ...(unit === undefined ? {} : { unit }),
    direction,
    verdict: values.length < fewestPoints ? 'not enough data' : verdictOf(steps.at(-1), direction),
    points,
    ...rest,
    steps,
    level,
    noise,
    visible: noise === undefined ? undefined : noise * visibleDeviations(values.length),
  };
}

const order: readonly TrendVerdict[] = ['worse', 'changed', 'better', 'no change', 'not enough data'];

/** Worst first: by verdict, then by how large the last step is, then by name. */
export function worstFirst(a: Trend, b: Trend): number {
  const size = ({ steps }: Trend) => Math.abs(steps.at(-1)?.ratio ?? 0);
  const [first, second] = [size(a), size(b)];
  return (
    order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
    // Two infinite ones have no difference.
    (first === second ? 0 : second - first) ||
    (a.key < b.key ? -1 : 1)
  );
}

function verdictOf(step: TrendStep | undefined, direction: TrendDirection | undefined): TrendVerdict {
  if (step === undefined) return 'no change';
  if (direction === undefined) return 'changed';
  return step.after > step.before === (direction.better === 'max') ? 'better' : 'worse';
}

/** All steps, without those that are smaller than what is worth telling. */
function stepsOf(values: readonly number[], rules: TrendRules): TrendStep[] {
  const places: { at: number; p: number }[] = [];
  split(0, values.length);
  places.sort((a, b) => a.at - b.at);
  for (;;) {
    const steps = places.map(({ at, p }, index) => {
      const before = median(values.slice(places[index - 1]?.at ?? 0, at));
      const after = median(values.slice(at, places[index + 1]?.at));
      return { at, p, before, after, ratio: ratioOf(before, after) };
    });
    const least = steps.reduce<TrendStep | undefined>(
      (known, step) => (known === undefined || Math.abs(step.ratio) < Math.abs(known.ratio) ? step : known),
      undefined,
    );
    if (least === undefined || Math.abs(least.ratio) >= rules.smallest) return steps;
    places.splice(steps.indexOf(least), 1);
  }

  function split(from: number, until: number): void {
    if (until - from < fewestPoints) return;
    const found = changePoint(values.slice(from, until), { confirmations: rules.confirmations });
    if (found === undefined) return;
    places.push({ at: from + found.at, p: found.p });
    split(from, from + found.at);
    split(from + found.at, until);
  }
}

function ratioOf(before: number, after: number): number {
  if (before === after) return 0;
  if (before === 0) return after > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return (after - before) / Math.abs(before);
}
