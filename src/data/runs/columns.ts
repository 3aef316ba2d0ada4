import type { RunRecord, Scalar } from '../../../collector/runs/record.ts';
import type { RunColumn } from './types.ts';

/** Parameters, then metrics of the runs, each in the order in which they first occur, with what their values are like. */
export function runColumns(runs: Pick<RunRecord, 'params' | 'metrics' | 'directions'>[]): RunColumn[] {
  const params = new Map<string, Gathered>();
  const metrics = new Map<string, Gathered>();
  for (const run of runs) {
    for (const name of Object.keys(run.params)) gather(params, name, run.params[name] as Scalar);
    for (const name of Object.keys(run.metrics)) gather(metrics, name, run.metrics[name] as number);
  }
  return [
    ...[...params].map(([name, gathered]) => column('param', name, gathered)),
    ...[...metrics].map(([name, gathered]) => ({
      ...column('metric', name, gathered),
      direction: recordedDirection(runs, name),
    })),
  ];
}

/** A table of more columns takes more memory than a build has, and nobody reads it. */
const maxColumns = 500;

/**
 * As many columns as a table can hold, in their order: those that most runs have come first, and metrics and parameters
 * each have half of the places where both are many.
 */
export function boundColumns(columns: RunColumn[]): RunColumn[] {
  if (columns.length <= maxColumns) return columns;
  const of = (kind: RunColumn['kind']) =>
    columns.filter((each) => each.kind === kind).sort((a, b) => b.count - a.count);
  const [metrics, params] = [of('metric'), of('param')];
  const half = maxColumns / 2;
  const places = Math.max(half, maxColumns - params.length);
  const kept = new Set(metrics.slice(0, places));
  for (const each of params.slice(0, maxColumns - kept.size)) kept.add(each);
  return columns.filter((each) => kept.has(each));
}

/** Whether less or more of a metric is better, as these runs have it recorded; undefined where none has, or not all the same. */
export function recordedDirection(
  runs: readonly Pick<RunRecord, 'directions'>[],
  name: string,
): 'min' | 'max' | undefined {
  let known: 'min' | 'max' | undefined;
  for (const { directions } of runs) {
    const own = Object.hasOwn(directions, name) ? directions[name] : undefined;
    if (own !== undefined && known !== undefined && own !== known) return undefined;
    known ??= own;
  }
  return known;
}

interface Gathered {
  count: number;
  values: Set<Scalar>;
  /** Bits of the kinds of value that occur. */
  kinds: number;
  min: number;
  max: number;
}

const maxDistinct = 1000;
const [numberKind, booleanKind, textKind] = [1, 2, 4];

function gather(columns: Map<string, Gathered>, name: string, value: Scalar): void {
  let known = columns.get(name);
  if (known === undefined) {
    known = {
      count: 0,
      values: new Set(),
      kinds: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    };
    columns.set(name, known);
  }
  known.count += 1;
  if (known.values.size < maxDistinct) known.values.add(value);
  if (typeof value === 'number') {
    known.kinds |= numberKind;
    if (Number.isFinite(value)) {
      if (value < known.min) known.min = value;
      if (value > known.max) known.max = value;
    }
  } else if (typeof value === 'boolean') known.kinds |= booleanKind;
  else if (value !== null) known.kinds |= textKind;
}

function column(
  kind: RunColumn['kind'],
  name: string,
  { count, values, kinds, min, max }: Gathered,
): RunColumn {
  const only = values.size === 1 ? [...values][0] : undefined;
  return {
    kind,
    name,
    type: typeOf(kinds),
    count,
    distinct: values.size,
    same: typeof only === 'number' && !Number.isFinite(only) ? String(only) : only,
    min: min <= max ? min : undefined,
    max: min <= max ? max : undefined,
  };
}

function typeOf(kinds: number): RunColumn['type'] {
  if (kinds === numberKind) return 'number';
  if (kinds === booleanKind) return 'boolean';
  return kinds === textKind || kinds === 0 ? 'text' : 'mixed';
}
