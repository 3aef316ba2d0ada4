import { DaybookError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { mainMetrics, runColumns } from '../../runs/columns.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';
import type { ListOptions } from '../list-options.ts';
import { hasResult, knownDirection } from './best.ts';
import { chooseRuns, compareValues } from './find.ts';
import { checkRunField } from './known-names.ts';
import { type Measure, measureOf } from './measure.ts';
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
  /** How many runs there are. */
  n: number;
  /** Their keys, newest first. */
  runs: string[];
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
  const gathered = new Map<string, RunRecord[]>();
  for (const run of chosen) {
    const id = jsonText(keys.map((key) => idOf(valueOfRun(run, key, names))));
    const group = gathered.get(id);
    if (group === undefined) gathered.set(id, [run]);
    else group.push(run);
  }
  const direct = new Map(
    measures.map((name) => [name, knownDirection(runs, name.replace(/^metrics\./, ''))?.[0]]),
  );
  const groups = [...gathered.values()].map((members): RunGroup => {
    const measured: Record<string, Measure> = Object.create(null);
    for (const name of measures) {
      const measure = measureOf(members, (run) => valueOfRun(run, name, names), direct.get(name));
      if (measure !== undefined) measured[name] = measure;
    }
    const values: RunGroup['values'] = Object.create(null);
    for (const key of keys) values[key] = valueOfRun(members[0]!, key, names);
    return { values, n: members.length, runs: members.map(({ key }) => key), measures: measured };
  });
  const sorted = sortGroups(groups, keys, { measures, sort: choice.sort, names });
  return {
    by: keys,
    measures,
    groups: sorted.slice(0, choice.limit),
    total: groups.length,
    leftOut: having.length - chosen.length,
  };
}

/** Where a name is that of a parameter and of a metric, runs are gathered by the parameter. */
function parameterFirst(name: string, { both, wordFor }: RunNames): string {
  const word = wordFor(name);
  return both.has(word) ? `params.${word}` : word;
}

function idOf(value: Scalar | undefined): JsonValue {
  return value === undefined || value === null ? null : [typeof value, String(value)];
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

function sortGroups(
  groups: readonly RunGroup[],
  by: readonly string[],
  { measures, sort, names }: { measures: readonly string[]; sort: string | undefined; names: RunNames },
): RunGroup[] {
  const wanted = sort?.replace(/^[-+]/, '');
  const sign = sort?.startsWith('-') ? -1 : 1;
  const known = [...by, ...measures];
  const first =
    wanted === undefined
      ? undefined
      : known.find(
          (name) => name === names.wordFor(wanted) || name.replace(/^(?:params|metrics)\./, '') === wanted,
        );
  if (wanted !== undefined && first === undefined)
    throw new DaybookError('usage', `"${showText(wanted)}" gives groups no order.`, {
      hint: `With --group-by, --sort takes one of ${known.map((name) => showText(name)).join(', ')}.`,
    });
  const order = [...(first === undefined ? [] : [first]), ...by.filter((name) => name !== first)];
  const valueIn = (group: RunGroup, name: string) =>
    (by.includes(name) ? group.values[name] : group.measures[name]?.mean) ?? undefined;
  return [...groups].sort((a, b) => {
    for (const name of order) {
      const [one, other] = [valueIn(a, name), valueIn(b, name)];
      // What is missing comes last in either order.
      if (one === undefined || other === undefined) {
        if (one !== other) return one === undefined ? 1 : -1;
        continue;
      }
      const difference = compareValues(one, other);
      if (difference !== 0) return name === first ? sign * difference : difference;
    }
    return 0;
  });
}
