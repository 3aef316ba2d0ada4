import { recordedDirections } from './direction.ts';
import type { RunRecord, Scalar } from './record.ts';

/** A parameter or metric of the book. */
export interface RunColumn {
  kind: 'param' | 'metric';
  name: string;
  /** number: every value is one; text: none needs to be. */
  type: 'number' | 'text' | 'boolean' | 'mixed';
  /** Metrics: whether less or more is better, where runs record it and agree. */
  direction?: 'min' | 'max' | undefined;
  /** Metrics: runs have recorded both. */
  disputed?: true;
  /** How many runs have it. */
  count: number;
  /** How many different values there are; counted up to 1,000. */
  distinct: number;
  /** The value, where `distinct` is 1. NaN and infinities as text. */
  same: Scalar | undefined;
  /** Of the finite numbers. */
  min: number | undefined;
  max: number | undefined;
}

/** Parameters, then metrics of the runs, each in the order in which they first occur, with what their values are like. */
export function runColumns(
  runs: readonly Pick<RunRecord, 'params' | 'metrics' | 'directions'>[],
): RunColumn[] {
  const params = new Map<string, Gathered>();
  const metrics = new Map<string, Gathered>();
  for (const run of runs) {
    for (const name of Object.keys(run.params)) gather(params, name, run.params[name] as Scalar);
    for (const name of Object.keys(run.metrics)) gather(metrics, name, run.metrics[name] as number);
  }
  const directions = recordedDirections(runs);
  return [
    ...[...params].map(([name, gathered]) => column('param', name, gathered)),
    ...[...metrics].map(([name, gathered]) => {
      const direction = directions.get(name);
      return {
        ...column('metric', name, gathered),
        direction,
        ...(direction === undefined && directions.has(name) ? { disputed: true as const } : {}),
      };
    }),
  ];
}

/** In how many runs a column stands, 0 where it has one value only; little where nearly every run has a text of its own. */
export function columnWeight({
  type,
  count,
  distinct,
}: Pick<RunColumn, 'type' | 'count' | 'distinct'>): number {
  if (distinct < 2) return 0;
  const isName = type === 'text' && distinct > 8 && distinct > count / 2;
  return isName ? count / 1000 : count;
}

/** How many parameters and metrics a table of runs shows that nobody chose columns for. */
export const tellingCounts = { metric: 4, param: 5 } as const;

const fewRuns = 0.25;

/**
 * The columns that tell most, at most so many, in the order given: those that weigh most (docs/runs.md), of which columns
 * that few of the `among` runs fill are two at most. Pages and command line choose by this one rule.
 */
export function mostTelling<Column>(
  columns: readonly Column[],
  weightOf: (column: Column) => number,
  { among, most }: { among: number; most: number },
): Column[] {
  return (
    columns
      .map((column, at) => ({ column, at, weight: weightOf(column) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || a.at - b.at)
      // Columns that few runs fill would be mostly empty: two of them say that there are such.
      .filter(({ weight }, rank) => rank < (weight < among * fewRuns ? Math.min(2, most) : most))
      .sort((a, b) => a.at - b.at)
      .map(({ column }) => column)
  );
}

/**
 * How much a column is worth showing: in how many runs it stands, 0 where it has one value only or is no result (how far
 * a run came, what its machine did); of metrics as frequent, one whose direction is recorded is worth a little more.
 */
export function tellingWeight(column: RunColumn): number {
  const weight = isNoResult(column) ? 0 : columnWeight(column);
  return weight >= 1 && column.direction !== undefined ? weight + 0.5 : weight;
}

/**
 * The main metrics of some runs: those that tell most, and two at least where there are; of those that do not vary, as in a
 * single run, the ones most runs have.
 */
export function mainMetrics(columns: readonly RunColumn[], among: number): RunColumn[] {
  const metrics = columns.filter((column) => column.kind === 'metric');
  const telling = mostTelling(metrics, tellingWeight, { among, most: tellingCounts.metric });
  const others = metrics.filter((column) => !telling.includes(column) && !isNoResult(column));
  const most = Math.max(0, 2 - telling.length);
  return [...telling, ...mostTelling(others, ({ count }) => count, { among: 0, most })];
}

/** Whether a column is a metric of the machine a run ran on, and not of the run. */
export function isOfMachine({ kind, name }: Pick<RunColumn, 'kind' | 'name'>): boolean {
  return kind === 'metric' && /^system[/.]/.test(name);
}

/** Whether a metric tells nothing of what a run reached: it was measured of the machine, or counts how far it came. */
export function isNoResult(column: Pick<RunColumn, 'kind' | 'name'>): boolean {
  const counter = /(?:^|[/.])(?:epoch|(?:global_)?step|iteration)$/;
  return isOfMachine(column) || (column.kind === 'metric' && counter.test(column.name));
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
