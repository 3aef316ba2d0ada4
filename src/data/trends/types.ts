import type { TrendVerdict } from '../../../collector/trends/verdict.ts';

export type { TrendVerdict } from '../../../collector/trends/verdict.ts';

/** Since when a series is what it is. */
export interface TrendSince {
  atUs: number;
  /** Key of the run or action, or id of the snapshot. */
  id: string;
  /** Name of the page of the run, where it is one. */
  slug?: string;
  commit?: string;
  subject?: string;
  author?: string;
}

/** A series as a page draws it. */
export interface TrendView {
  key: string;
  kind: 'runs' | 'actions' | 'fields';
  verdict: TrendVerdict;
  /** How large the last step is, so that several kinds can be ordered together. */
  size: number;
  /** How sure that is, in a sentence. */
  reason: string;
  /** "0.5 → 0.6", or the level where it did not change. */
  level: string;
  /** "+20 %"; not there where it did not change. */
  change?: string;
  since?: TrendSince;
  environment: string;
  /** Times and values of the points, oldest first. */
  times: number[];
  values: number[];
  /** The levels: from which point on, and how high. */
  levels: { from: number; value: number }[];
  least: string;
  most: string;
}

/** Series that were judged: the worst of them, and how many there are of each verdict. */
export interface KeptTrends {
  views: TrendView[];
  counts: Record<TrendVerdict, number>;
  notJudged: number;
}

/** All that the page of trends knows. */
export interface TrendsSummary extends KeptTrends {
  /** Tags of the repository, newest first. */
  releases: { name: string; atUs: number }[];
}
