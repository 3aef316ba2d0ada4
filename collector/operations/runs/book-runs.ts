import { type PlainSeries, plainSeries } from '../../formats/metrics/series.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readSeries } from '../../store/runs/read-series.ts';
import { type BestChoice, bestRuns } from './best.ts';
import { chooseRuns, getRun, type RunChoice, readBookRuns } from './find.ts';
import { type GroupChoice, groupRuns, type RunGroup } from './groups.ts';

/** The runs of a book, whatever files they were recorded in. */
export interface BookRuns {
  /** All runs, newest first; with `where` those that fulfil a condition such as "lr < 0.1 AND status = failed". */
  list(choice?: RunChoice): Promise<RunRecord[]>;
  /**
   * The runs with a finite value of a metric, the best first. What is better is the direction that was recorded, else what
   * the name of the metric says. Runs that failed, were aborted, are stale or have not ended are left out unless asked for.
   * @throws DaybookError `usage` where no run has the metric, or nothing says what is better.
   */
  best(metric: string, choice?: BestChoice): Promise<RunRecord[]>;
  /** Runs with the same values of these parameters or fields, with mean, deviation and best of their metrics. */
  groups(by: string | readonly string[], choice?: GroupChoice): Promise<RunGroup[]>;
  /** One run by its key, or an unmistakable part of it. @throws DaybookError `not-found`. */
  get(key: string): Promise<RunRecord>;
  /** The history of the metrics of a run. */
  series(run: Pick<RunRecord, 'files'>): Promise<PlainSeries[]>;
}

/** The runs of the book at `root`. */
export function bookRuns(root: string): BookRuns {
  return {
    list: async (choice = {}) => chooseRuns(await readBookRuns(root, choice.report), choice),
    best: async (metric, choice = {}) =>
      bestRuns(await readBookRuns(root, choice.report), metric, choice).runs,
    groups: async (by, choice = {}) =>
      groupRuns(await readBookRuns(root, choice.report), typeof by === 'string' ? [by] : by, choice).groups,
    get: async (key) => getRun(await readBookRuns(root), key),
    series: async (run) => (await readSeries(root, run)).map(plainSeries),
  };
}
