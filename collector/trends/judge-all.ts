import type { TrendsConfig } from '../formats/config/trends.ts';
import type { TrendSeries } from './series.ts';
import { judge, type Trend, usualRules, worstFirst } from './verdict.ts';

/** Several series, judged. */
export interface JudgedSeries {
  /** Worst first. */
  trends: Trend[];
  /** How many further series there are, whose newest points are older than those of all that were judged. */
  notJudged: number;
}

/** Judges the `most` series with the newest points by the rules of daybook.yaml. */
export function judgeAll(
  series: readonly TrendSeries[],
  { window, confirmations, smallest }: Pick<TrendsConfig, 'window' | 'confirmations' | 'smallest'>,
  most: number,
): JudgedSeries {
  const rules = {
    window: window ?? usualRules.window,
    confirmations: confirmations ?? usualRules.confirmations,
    smallest: smallest ?? usualRules.smallest,
  };
  const newest = series
    .map((each) => ({ each, atUs: each.points.reduce((last, { atUs }) => Math.max(last, atUs), 0) }))
    .sort((a, b) => b.atUs - a.atUs)
    .slice(0, most);
  return {
    trends: newest.map(({ each }) => judge(each, rules)).sort(worstFirst),
    notJudged: series.length - newest.length,
  };
}
