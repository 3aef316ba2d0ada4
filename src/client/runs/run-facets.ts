import { type FacetList, facetList } from '../facet-list.ts';
import type { RunMatches } from './matches.ts';
import type { RunViewState } from './view-state.ts';

/** The printed facets beside the table, with counts that follow what matches. */
export class RunFacets {
  readonly #lists = new Map<string, FacetList>();

  /** Takes over the facets inside `root`; `onToggle` hears which value of which one was pressed. */
  constructor(root: HTMLElement, onToggle: (name: string, value: string) => void) {
    for (const section of root.querySelectorAll<HTMLElement>('[data-facet]')) {
      const name = section.dataset['facet']!;
      const printed = [...section.querySelectorAll<HTMLElement>('[data-value]')].map(
        (item): [string, number] => [item.dataset['value']!, Number(item.dataset['count'])],
      );
      const list = facetList(section, (value) => onToggle(name, value));
      list.setValues(printed);
      this.#lists.set(name, list);
    }
  }

  update(matches: RunMatches, chosen: RunViewState['facets']): void {
    for (const [name, list] of this.#lists) {
      const counts = matches.facets.get(name);
      list.update((value) => counts?.get(value) ?? 0, new Set(chosen.get(name)));
    }
  }
}
