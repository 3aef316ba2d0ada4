import { compareValues } from '../compare-values.ts';
import type { Scalar } from '../record.ts';
import { type Measure, measureOf } from './measure.ts';

/** Something that runs are gathered by, with its value in a run. */
export interface GroupName<Run> {
  name: string;
  valueIn(run: Run): Scalar | undefined;
}

/** Something that is measured in each group. */
export interface GroupMeasure<Run> extends GroupName<Run> {
  /** What is better, as far as anyone says. */
  direction: 'min' | 'max' | undefined;
}

/** How runs are gathered. */
export interface GatherGiven<Run> {
  by: readonly GroupName<Run>[];
  measures: readonly GroupMeasure<Run>[];
  /** Whether what a run reached is a result; the others are counted apart. */
  counts(run: Run): boolean;
  /** One of the names, or of the measures (its mean), that comes first in the order. */
  order?: { name: string; down: boolean } | undefined;
}

/** Runs with the same values; `Run` is whatever the runs were given as. */
export interface GatheredRuns<Run> {
  /** The value of each name they are gathered by; undefined where these runs have none. */
  values: Record<string, Scalar | undefined>;
  /** Those that count, in the order given. */
  runs: Run[];
  /** Those with the same values that did not end well, or not yet. */
  apart: Run[];
  /** By name; one that no run that counts has a finite number of is not there. */
  measures: Record<string, Measure<Run>>;
}

/**
 * Runs gathered by what they have the same values of, sorted by these values: the one grouping behind command line,
 * library and pages, of whole records as well as of the rows of a table. A text and a number are two values.
 */
export function gatherRuns<Run>(runs: readonly Run[], given: GatherGiven<Run>): GatheredRuns<Run>[] {
  const { by, measures, counts } = given;
  const gathered = new Map<string, GatheredRuns<Run>>();
  for (const run of runs) {
    const found = by.map(({ valueIn }) => valueIn(run));
    const id = groupId(found);
    let group = gathered.get(id);
    if (group === undefined) {
      const values: GatheredRuns<Run>['values'] = Object.create(null);
      for (const [at, { name }] of by.entries()) values[name] = found[at];
      group = { values, runs: [], apart: [], measures: Object.create(null) };
      gathered.set(id, group);
    }
    (counts(run) ? group.runs : group.apart).push(run);
  }
  const groups = [...gathered.values()];
  for (const group of groups) {
    for (const { name, valueIn, direction } of measures) {
      const measure = measureOf(group.runs, valueIn, direction);
      if (measure !== undefined) group.measures[name] = measure;
    }
  }
  return sortGroups(groups, given);
}

/** A text that is the same for the same values and no others. */
export function groupId(values: readonly (Scalar | undefined)[]): string {
  return values
    .map((value) => {
      if (value === undefined || value === null) return '-';
      const text = String(value);
      return `${(typeof value)[0]}${text.length}:${text}`;
    })
    .join('');
}

function sortGroups<Run>(groups: GatheredRuns<Run>[], { by, order }: GatherGiven<Run>): GatheredRuns<Run>[] {
  const names = by.map(({ name }) => name);
  const first = order?.name;
  const ranked = [...(first === undefined ? [] : [first]), ...names.filter((name) => name !== first)];
  const sign = order?.down === true ? -1 : 1;
  const valueIn = (group: GatheredRuns<Run>, name: string) =>
    (names.includes(name) ? group.values[name] : group.measures[name]?.mean) ?? undefined;
  return groups.sort((a, b) => {
    for (const name of ranked) {
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
