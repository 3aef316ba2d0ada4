import type { MetricSeries } from '../../formats/metrics/series.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readSeries } from '../../store/runs/read-metrics.ts';
import { chooseRuns, getRun, type RunChoice, readBookRuns } from './find.ts';

/** The runs of a book, whatever files they were recorded in. */
export interface BookRuns {
  /** All runs, newest first; with `where` those that fulfil a condition such as "lr < 0.1 AND status = failed". */
  list(choice?: RunChoice): Promise<RunRecord[]>;
  /** One run by its key, or an unmistakable part of it. @throws DaybookError `not-found`. */
  get(key: string): Promise<RunRecord>;
  /** The history of the metrics of a run. */
  series(run: Pick<RunRecord, 'files'>): Promise<MetricSeries[]>;
}

/** The runs of the book at `root`. */
export function bookRuns(root: string): BookRuns {
  return {
    list: async (choice = {}) => chooseRuns(await readBookRuns(root, choice.report), choice),
    get: async (key) => getRun(await readBookRuns(root), key),
    series: (run) => readSeries(root, run),
  };
}
