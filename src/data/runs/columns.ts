import type { RunColumn } from './types.ts';

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
