import type { Dictionary } from './dictionary.ts';
import type { ActionStore } from './store.ts';

/** Facets with counts. */
export type FacetName = 'status' | 'type' | 'run' | 'writer';

/** All facets in the order they are shown. */
export const facetNames: readonly FacetName[] = ['status', 'type', 'run', 'writer'];

/** How many codes each facet has so far. */
export function facetSizes(
  store: Pick<ActionStore, 'statuses' | 'types' | 'runs' | 'writers'>,
): Record<FacetName, number> {
  const { statuses, types, runs, writers } = store;
  return { status: statuses.length, type: types.size(), run: runs.size(), writer: writers.size() };
}

/** The code of a facet's value; -1 where it does not occur. */
export function codeOfText(store: ActionStore, name: FacetName, text: string): number {
  return name === 'status' ? store.statuses.indexOf(text) : dictionaryOf(store, name).findCode(text);
}

/** The value of a facet with that code. */
export function textOfCode(store: ActionStore, name: FacetName, code: number): string {
  return name === 'status' ? (store.statuses[code] ?? '') : dictionaryOf(store, name).textOf(code);
}

function dictionaryOf(store: ActionStore, name: Exclude<FacetName, 'status'>): Dictionary {
  return name === 'type' ? store.types : name === 'run' ? store.runs : store.writers;
}
