import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { hasResult } from '../../formats/actions/status.ts';
import { mainMetrics, runColumns } from '../../runs/columns.ts';
import { knownDirection } from '../../runs/direction.ts';
import { type GatheredRuns, gatherRuns } from '../../runs/groups/gather.ts';
import type { Measure } from '../../runs/groups/measure.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';
import type { ListOptions } from '../list-options.ts';
import { chooseRuns } from './find.ts';
import { checkRunField } from './known-names.ts';
import { type RunNames, runNames, valueOfRun } from './values.ts';

/** How runs are gathered. */
export interface GroupChoice extends ListOptions {
  where?: string | undefined;
  /** Metrics or fields that are numbers; the main metrics where none are named. */
  measures?: readonly string[] | undefined;
  /** What the runs are gathered by, or one of the measures (its mean); "-" in front turns it round. */
  sort?: string | undefined;
  /** Takes in runs that failed, were aborted, are stale or have not ended. */
  withFailed?: boolean | undefined;
}

/** Runs with the same values. */
export interface RunGroup {
  /** The value of each name they are gathered by; undefined where these runs have none. */
  values: Record<string, Scalar | undefined>;
  /** How many runs there are that ended well; 0 where none with these values did. */
  n: number;
  /** Their keys, newest first. */
  runs: string[];
  /** How many others with these values fulfil the condition and did not end well, or not yet. */
  leftOut: number;
  /** By name; one that none of them has a finite number of is not there. */
  measures: Record<string, Measure>;
}

/** All groups, and what they were made by. */
export interface RunGroups {
  by: string[];
  measures: string[];
  groups: RunGroup[];
  /** How many groups there are without the limit. */
  total: number;
  /** Runs that fulfil the condition and are left out because they did not end well, or not yet. */
  leftOut: number;
}

/**
 * Runs gathered by what they have the same values of, sorted by these values: what is not named, such as a seed, is what
 * they differ in.
 * @throws DaybookError `usage` for names that no run has, and measures that are no numbers.
 */
export function groupRuns(
  runs: readonly RunRecord[],
  by: readonly string[],
  choice: GroupChoice = {},
): RunGroups {
  const names = runNames(runs);
  if (by.length === 0)
    throw new DaybookError('usage', 'Expected at least one name to gather runs by, e.g. lr,model.');
  for (const name of by) checkRunField(name, names, '--group-by');
  const having = chooseRuns(runs, { where: choice.where });
  const chosen = choice.withFailed === true ? having : having.filter(hasResult);
  const keys = by.map((name) => parameterFirst(name, names));
  const measures = measuresOf(chosen, choice.measures, names);
  const gathered = gatherRuns(having, {
    by: keys.map((name) => ({ name, valueIn: (run) => valueOfRun(run, name, names) })),
    measures: measures.map((name) => ({
      name,
      valueIn: (run) => valueOfRun(run, name, names),
      direction: knownDirection(runs, name.replace(/^metrics\./, ''))?.[0],
    })),
    counts: (run) => choice.withFailed === true || hasResult(run),
    order: orderOf(choice.sort, [...keys, ...measures], names),
  });
  return {
    by: keys,
    measures,
    groups: gathered.slice(0, choice.limit).map(groupOfKeys),
    total: gathered.length,
    leftOut: having.length - chosen.length,
  };
}

function groupOfKeys({ values, runs, apart, measures }: GatheredRuns<RunRecord>): RunGroup {
  const measured: RunGroup['measures'] = Object.create(null);
  for (const [name, { best, ...measure }] of Object.entries(measures))
    measured[name] = { ...measure, best: best && { value: best.value, run: best.run.key } };
  return {
    values,
    n: runs.length,
    runs: runs.map(({ key }) => key),
    leftOut: apart.length,
    measures: measured,
  };
}

/** Where a name is that of a parameter and of a metric, runs are gathered by the parameter. */
function parameterFirst(name: string, { both, wordFor }: RunNames): string {
  const word = wordFor(name);
  return both.has(word) ? `params.${word}` : word;
}

function measuresOf(
  runs: readonly RunRecord[],
  given: readonly string[] | undefined,
  names: RunNames,
): string[] {
  if (given === undefined)
    return mainMetrics(runColumns(runs), runs.length).map(({ name }) => recordedMetric(name, names));
  return given.map((name) => {
    checkRunField(name, names, '--columns');
    const measure = metricFirst(name, names);
    const isNumber = runs.some((run) => typeof valueOfRun(run, measure, names) === 'number');
    if (isNumber || runs.length === 0) return measure;
    throw new DaybookError('usage', `"${showText(name)}" is no number in these runs: it has no mean.`, {
      hint: 'Name metrics or fields such as duration with --columns; what runs are gathered by goes behind --group-by.',
    });
  });
}

/** A metric whose name means something else where it stands alone. */
function recordedMetric(name: string, { both, fieldOf }: RunNames): string {
  return both.has(name) || fieldOf(name) !== undefined ? `metrics.${name}` : name;
}

function metricFirst(name: string, { both, wordFor }: RunNames): string {
  const word = wordFor(name);
  return both.has(word) ? `metrics.${word}` : word;
}

/** What an order is by, of what groups have. */
function orderOf(
  sort: string | undefined,
  known: readonly string[],
  names: RunNames,
): { name: string; down: boolean } | undefined {
  if (sort === undefined) return undefined;
  const wanted = sort.replace(/^[-+]/, '');
  const name = known.find(
    (one) => one === names.wordFor(wanted) || one.replace(/^(?:params|metrics)\./, '') === wanted,
  );
  if (name !== undefined) return { name, down: sort.startsWith('-') };
  throw new DaybookError('usage', `"${showText(wanted)}" gives groups no order.`, {
    hint: `With --group-by, --sort takes one of ${known.map((one) => showText(one)).join(', ')}.`,
  });
}
