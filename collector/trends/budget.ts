import type { BudgetRule } from '../formats/config/budgets.ts';
import { median, spread } from './robust.ts';
import { stepText, trendValue } from './sentence.ts';
import { comparablePoints, type TrendPoint, type TrendSeries } from './series.ts';

/** How a rule stands for one series. */
export interface BudgetResult {
  rule: string;
  /** Undefined where there is no series that the rule is about. */
  series: string | undefined;
  state: 'broken' | 'no data' | 'held';
  /** Why, in a sentence. */
  reason: string;
  /** The newest value, and where it is from. */
  newest: TrendPoint | undefined;
  /** What it was compared with: the limit, or the median of the base. */
  against: number | undefined;
}

/** Where a value is from, beside what its point says: what rules about branches and versions ask for. */
export type IsOfBase = (point: TrendPoint) => boolean;

/** Fewer values say nothing about noise. */
const fewestForNoise = 5;
/** What differs by less is noise, whatever share of the base it is; so that less than 1 of 100 values like the base break a rule. */
const noisyDeviations = 3.25;
/** How many points of a branch or version make the base, the newest first. */
const mostOfBase = 20;

/** Holds a rule against one series: one result for each of its limits. `isOnBase` where the branch of the rule is checked out. */
export function holdBudget(
  rule: BudgetRule,
  series: TrendSeries,
  isOfBase: IsOfBase,
  isOnBase = false,
): BudgetResult[] {
  const points = series.points.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.atUs - b.atUs);
  const newest = points.at(-1);
  const results: BudgetResult[] = [];
  const tell = (state: BudgetResult['state'], reason: string, against?: number, of = newest) =>
    results.push({ rule: budgetName(rule), series: series.key, state, reason, newest: of, against });
  if (newest === undefined) {
    tell('no data', 'It has no value yet.');
    return results;
  }
  const text = (value: number) => trendValue(series, value);
  for (const [word, limit, isBroken] of [
    ['most', rule.most, newest.value > (rule.most ?? Number.POSITIVE_INFINITY)],
    ['least', rule.least, newest.value < (rule.least ?? Number.NEGATIVE_INFINITY)],
  ] as const) {
    if (limit === undefined) continue;
    const than = isBroken ? (word === 'most' ? 'above' : 'below') : word === 'most' ? 'at most' : 'at least';
    tell(isBroken ? 'broken' : 'held', `${text(newest.value)} is ${than} ${text(limit)}.`, limit);
  }
  if (rule.regression !== undefined) {
    const found = regressionOf(
      { ...rule, regression: rule.regression },
      { ...series, points },
      isOfBase,
      isOnBase,
    );
    tell(found.state, found.reason, found.against, found.newest);
  }
  return results;
}

/** What a rule is called: its name, else what it says. */
export function budgetName({ name, subject, of, most, least, regression, base }: BudgetRule): string {
  if (name !== undefined) return name;
  const unit = subject === 'duration' ? ({ unit: 'ms' } as const) : {};
  const parts = [
    ...(most === undefined ? [] : [`≤ ${trendValue(unit, most)}`]),
    ...(least === undefined ? [] : [`≥ ${trendValue(unit, least)}`]),
    ...(regression === undefined
      ? []
      : [`no more than ${stepText({ ratio: regression }).slice(1)} worse than ${baseText(base)}`]),
  ];
  return `${subject === 'duration' ? `duration of ${of}` : of} ${parts.join(', ')}`;
}

function baseText(base: BudgetRule['base']): string {
  return base.kind === 'window' ? `the ${base.points} before` : base.name;
}

interface Regression extends Pick<BudgetResult, 'state' | 'reason' | 'against' | 'newest'> {}

function regressionOf(
  { regression, base }: BudgetRule & { regression: number },
  series: TrendSeries,
  isOfBase: IsOfBase,
  isOnBase: boolean,
): Regression {
  const { direction } = series;
  const all = series.points;
  // On the base itself its newest point is compared with those before it.
  const newest =
    (base.kind === 'branch' ? all.findLast((point) => isOfBase(point) === isOnBase) : undefined) ??
    all.at(-1)!;
  const noData = (reason: string): Regression => ({ state: 'no data', reason, against: undefined, newest });
  if (direction === undefined)
    return noData(
      'Nothing says whether less or more is better; name it under trends: better in daybook.yaml.',
    );
  const others = all.filter(
    (point) => point !== newest && (base.kind !== 'window' || point.atUs <= newest.atUs),
  );
  const same = comparablePoints({ points: [...others, newest] }, others.length + 1);
  const alike = same.points.filter((point) => point !== newest && point.environment === newest.environment);
  const most = base.kind === 'window' ? base.points : mostOfBase;
  const ofBase = (base.kind === 'window' ? alike : alike.filter(isOfBase)).slice(-most);
  const fewest = base.kind === 'window' ? fewestForNoise : 1;
  if (ofBase.length < fewest) {
    const left = others.length - alike.length;
    const elsewhere = left > 0 ? `; ${left} of other environments are not compared` : '';
    return noData(
      `${ofBase.length === 0 ? 'No value' : `Only ${ofBase.length}`} to compare with (${baseText(base)})${elsewhere}.`,
    );
  }
  const values = ofBase.map(({ value }) => value);
  const against = median(values);
  const worse = direction.better === 'min' ? newest.value - against : against - newest.value;
  const noise = noiseOf(values) ?? noiseOf(alike.map(({ value }) => value));
  const isWorse = worse > regression * Math.abs(against);
  const isNoise = isWorse && noise !== undefined && worse <= noisyDeviations * noise;
  const ratio = against === 0 ? Number.POSITIVE_INFINITY : (newest.value - against) / Math.abs(against);
  const text = (value: number) => trendValue(series, value);
  const change = newest.value === against ? 'equal' : stepText({ ratio });
  const end = isNoise
    ? `, which is within noise of ${text(noisyDeviations * (noise ?? 0))}`
    : isWorse && noise === undefined
      ? '; how much noise there is, is not known'
      : '';
  return {
    state: isWorse && !isNoise ? 'broken' : 'held',
    reason: `${text(newest.value)} against ${text(against)} (${change}), the median of ${ofBase.length} ${base.kind === 'window' ? 'before' : `of ${base.name}`}${end}.`,
    against,
    newest,
  };
}

function noiseOf(values: readonly number[]): number | undefined {
  return values.length < fewestForNoise ? undefined : spread(values);
}
