import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { hasResult } from '../../formats/actions/status.ts';
import { isDisputed, knownDirection } from '../../runs/direction.ts';
import type { RunRecord } from '../../runs/record.ts';
import { newestFirst } from '../../store/runs/read-runs.ts';
import type { ListOptions } from '../list-options.ts';
import { chooseRuns } from './find.ts';
import { metricNamed } from './known-names.ts';
import { runNames } from './values.ts';

/** Which runs are held against each other, and what is better. */
export interface BestChoice extends ListOptions {
  where?: string | undefined;
  /** Whether less or more is better; else what runs have recorded, else what the name of the metric says. */
  direction?: 'min' | 'max' | undefined;
  /** Takes in runs that failed, were aborted, are stale or have not ended. */
  withFailed?: boolean | undefined;
}

/** Runs by a metric, the best first. */
export interface BestRuns {
  metric: string;
  direction: 'min' | 'max';
  /** Who says so. */
  directionFrom: 'asked' | 'recorded' | 'name';
  runs: RunRecord[];
  /** How many fulfil the condition and have a number for it, and are left out because they did not end well, or not yet. */
  leftOut: number;
}

/**
 * The runs that have a finite value of a metric, the best first and of equal ones the newest.
 * @throws DaybookError `usage` where no run has the metric, or nothing says what is better.
 */
export function bestRuns(runs: readonly RunRecord[], name: string, choice: BestChoice = {}): BestRuns {
  const metric = metricNamed(name, runNames(runs));
  const [direction, directionFrom] = directionFor(runs, metric, choice.direction);
  const having = chooseRuns(runs, { where: choice.where }).filter((run) =>
    Number.isFinite(run.metrics[metric]),
  );
  const fitting = choice.withFailed === true ? having : having.filter(hasResult);
  const sign = direction === 'min' ? 1 : -1;
  const sorted = [...fitting].sort(
    (a, b) => sign * (a.metrics[metric]! - b.metrics[metric]!) || newestFirst(a, b),
  );
  return {
    metric,
    direction,
    directionFrom,
    runs: sorted.slice(0, choice.limit),
    leftOut: having.length - fitting.length,
  };
}

function directionFor(
  runs: readonly RunRecord[],
  metric: string,
  asked: 'min' | 'max' | undefined,
): ['min' | 'max', BestRuns['directionFrom']] {
  const known = asked === undefined ? knownDirection(runs, metric) : ([asked, 'asked'] as const);
  if (known !== undefined) return [...known];
  const shown = showText(metric);
  throw new DaybookError(
    'usage',
    isDisputed(runs, metric)
      ? `Some runs have recorded that less of "${shown}" is better, others that more is.`
      : `Nothing says whether less or more of "${shown}" is better: no run has recorded it, and its name does not tell.`,
    { hint: 'Say --min or --max; daybook experiment metric --min or --max records it for good.' },
  );
}
