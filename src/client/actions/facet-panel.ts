import { find } from '../dom.ts';
import { type FacetList, facetList } from '../facet-list.ts';
import { codeOfText, type FacetName, facetNames, textOfCode } from './facets.ts';
import type { Matches } from './filters.ts';
import type { ActionStore } from './store.ts';

/** All facets of the explorer. */
export interface FacetPanel {
  /** Takes the values that really occur, once everything is read. */
  setTotals(facets: Matches['facets']): void;
  /** Shows counts and choice; while rows are still coming and nothing is chosen, the printed totals stand. */
  update(facets: Matches['facets'], chosen: Record<FacetName, string[]>, isPartial: boolean): void;
}

const statusOrder = ['completed', 'failed', 'running', 'aborted', 'pending', 'unknown'];

/** Takes over the printed facets below `root`. */
export function facetPanel(
  root: ParentNode,
  store: ActionStore,
  onToggle: (name: FacetName, value: string) => void,
): FacetPanel {
  const lists = new Map<FacetName, FacetList>();
  const totals = new Map<FacetName, Map<string, number>>();
  for (const name of facetNames) {
    const section = find(root, `[data-facet=${name}]`);
    const printed = [...section.querySelectorAll<HTMLElement>('[data-value]')].map(
      (item): [string, number] => [item.dataset['value']!, Number(item.dataset['count'])],
    );
    const list = facetList(section, (value) => onToggle(name, value));
    list.setValues(printed);
    lists.set(name, list);
    totals.set(name, new Map(printed));
  }
  return {
    setTotals(facets) {
      for (const name of facetNames) {
        const values: [string, number][] = [];
        for (const [code, count] of facets[name].entries()) {
          if (count > 0 && (name === 'status' || code > 0))
            values.push([textOfCode(store, name, code), count]);
        }
        values.sort((a, b) => order(name, a) - order(name, b) || (a[0] < b[0] ? -1 : 1));
        totals.set(name, new Map(values));
        lists.get(name)!.setValues(values);
      }
    },
    update(facets, chosen, isPartial) {
      for (const name of facetNames) {
        const known = totals.get(name)!;
        const countOf = (value: string) =>
          isPartial ? known.get(value) : (facets[name][codeOfText(store, name, value)] ?? 0);
        lists.get(name)!.update(countOf, new Set(chosen[name]));
      }
    },
  };
}

function order(name: FacetName, [value, count]: [string, number]): number {
  return name === 'status' ? statusOrder.indexOf(value) : -count;
}
