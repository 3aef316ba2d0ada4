import type { TrendSeries } from '../../../collector/trends/series.ts';
import type { Trend } from '../../../collector/trends/verdict.ts';
import type { CollectorReads } from '../book/read-records.ts';
import type { KeptTrends, TrendVerdict, TrendView } from './types.ts';

/** What of the collector makes and judges series. */
export type TrendReads = Pick<
  CollectorReads,
  'judgeAll' | 'trendEvidence' | 'trendValue' | 'stepText' | 'median' | 'slugOf'
>;

type Rules = Parameters<CollectorReads['judgeAll']>[1];

/** The page shows so many series, the worst of all. */
export const mostShown = 24;
/** A build judges so many of each kind. */
const mostJudged = 300;

const order: readonly TrendVerdict[] = ['worse', 'changed', 'better', 'no change', 'not enough data'];

/** Nothing to show. */
export function noTrends(): KeptTrends {
  return {
    views: [],
    counts: Object.fromEntries(order.map((word) => [word, 0])) as KeptTrends['counts'],
    notJudged: 0,
  };
}

/** Judges series and keeps of them what the page shows. */
export function keptTrends(reads: TrendReads, series: readonly TrendSeries[], rules: Rules): KeptTrends {
  const { trends, notJudged } = reads.judgeAll(series, rules, mostJudged);
  const kept = { ...noTrends(), notJudged };
  for (const { verdict } of trends) kept.counts[verdict] += 1;
  const told = trends.filter(({ verdict }) => verdict !== 'not enough data');
  kept.views = told.slice(0, mostShown).map((trend) => viewOf(reads, trend));
  return kept;
}

/** Several kinds as one, worst first. */
export function joinedTrends(all: readonly KeptTrends[]): KeptTrends {
  const joined = noTrends();
  for (const { views, counts, notJudged } of all) {
    joined.views.push(...views);
    joined.notJudged += notJudged;
    for (const verdict of order) joined.counts[verdict] += counts[verdict];
  }
  joined.views.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || b.size - a.size);
  joined.views.splice(mostShown);
  return joined;
}

const largest = 1e9;

function viewOf(reads: TrendReads, trend: Trend): TrendView {
  const { key, kind, verdict, points, steps, environment } = trend;
  const values = points.map(({ value }) => value);
  const text = (value: number) => reads.trendValue(trend, value);
  const step = steps.at(-1);
  const first = step && points[step.at];
  const starts = [0, ...steps.map(({ at }) => at)];
  return {
    key,
    kind,
    verdict,
    size: Math.min(largest, Math.abs(step?.ratio ?? 0)),
    reason: reads.trendEvidence(trend),
    level: step === undefined ? text(trend.level ?? 0) : `${text(step.before)} → ${text(step.after)}`,
    ...(step && { change: reads.stepText(step) }),
    ...(first && {
      since: {
        atUs: first.atUs,
        id: first.id,
        ...(kind === 'runs' && { slug: reads.slugOf(first.id) }),
        ...(first.commit !== undefined && { commit: first.commit }),
      },
    }),
    environment,
    times: points.map(({ atUs }) => atUs),
    values,
    levels: starts.map((from, at) => ({ from, value: reads.median(values.slice(from, starts[at + 1])) })),
    least: text(Math.min(...values)),
    most: text(Math.max(...values)),
  };
}
