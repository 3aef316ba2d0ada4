import type { RunRecord } from '../../../collector/runs/record.ts';
import type { Counted } from '../book/counts.ts';
import { fieldTexts, type RunField, type RunRow, runFields } from '../browser.ts';

/** What runs can be narrowed by with a click: fields, and how their receipt stands. */
export interface RunFacet {
  /** As an address names it. */
  name: string;
  title: string;
  /** Words that addresses had for it before. */
  aliases: readonly string[];
  /** Undefined for the receipt, which is no field. */
  field: RunField | undefined;
}

/** All facets in the order they are shown. */
export const runFacets: readonly RunFacet[] = [
  ...runFields
    .filter(({ facet }) => facet === true)
    .map((field) => ({ name: field.id, title: field.label, aliases: field.aliases, field })),
  { name: 'receipt', title: 'Receipt, checked at build', aliases: [], field: undefined },
];

const maxValues = 1000;

/** The values of a facet that a run has, each once. */
export function facetValues(field: RunField, run: RunRecord | RunRow): readonly string[] {
  return field.shown === undefined ? [...new Set(fieldTexts(field, run))] : [field.shown(run)];
}

/** How many runs have which value, by facet, most first; but not by status, because only a build knows which are stale. */
export function countFacets(runs: readonly RunRecord[]): Record<string, Counted[]> {
  const fields = runFacets.flatMap(({ field }) =>
    field === undefined || field.id === 'status' ? [] : [field],
  );
  return Object.fromEntries(fields.map((field) => [field.id, counted(field, runs)]));
}

function counted(field: RunField, runs: readonly RunRecord[]): Counted[] {
  const counts = new Map<string, number>();
  for (const run of runs)
    for (const value of facetValues(field, run)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, maxValues);
}
