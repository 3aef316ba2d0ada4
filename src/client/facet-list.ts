import { formatCount } from '../../collector/base/format/number.ts';
import { markOfFacet } from '../data/runs/words.ts';
import { facetValuePart } from '../parts/facet.tsx';
import { find, make } from './dom.ts';

/** One facet: its values with counts, of which any number can be chosen. */
export interface FacetList {
  /** Values with their count in everything, most frequent first; sets the order. */
  setValues(values: [value: string, count: number][]): void;
  /** Counts under the other filters, and what is chosen. */
  update(countOf: (value: string) => number | undefined, chosen: Set<string>): void;
}

const shownFirst = 10;
const shownMore = 50;

/** Takes over a facet's section: the printed list becomes buttons with the same words and numbers. */
export function facetList(section: HTMLElement, onToggle: (value: string) => void): FacetList {
  const list = section.querySelector('ul') ?? section.appendChild(make('ul'));
  const facet = section.dataset['facet'] ?? '';
  const markOf = markOfFacet(facet);
  let values: [string, number][] = [];
  let limit = facet === 'status' ? 8 : shownFirst;
  let buttons = new Map<string, { button: HTMLButtonElement; count: HTMLElement }>();
  let last: [(value: string) => number | undefined, Set<string>] | undefined;

  const build = (chosen: Set<string>) => {
    const first = values.slice(0, limit);
    const others = [...chosen].filter((value) => !first.some(([known]) => known === value));
    buttons = new Map();
    const items = [...first.map(([value]) => value), ...others].map((value) => {
      // An address may ask for a status that there is not: it has no mark.
      const inside = facetValuePart(value, markOf?.(value));
      const button = make('button', { type: 'button', class: 'facet', title: value }, inside);
      const count = find(button, '.facet-count');
      button.addEventListener('click', () => onToggle(value));
      buttons.set(value, { button, count });
      return make('li', {}, button);
    });
    const rest = values.length - limit;
    if (rest > 0) items.push(make('li', {}, moreButton(rest)));
    const focused = list.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).title
      : undefined;
    list.replaceChildren(...items);
    if (focused !== undefined) buttons.get(focused)?.button.focus();
  };
  const moreButton = (rest: number): HTMLButtonElement => {
    const button = make('button', { type: 'button', class: 'link' }, `${formatCount(rest)} more`);
    button.addEventListener('click', () => {
      limit += shownMore;
      build(last?.[1] ?? new Set());
      if (last !== undefined) fill(...last);
      (list.querySelectorAll('button')[limit - shownMore] as HTMLElement | undefined)?.focus();
    });
    return button;
  };
  const fill = (countOf: (value: string) => number | undefined, chosen: Set<string>) => {
    for (const [value, { button, count }] of buttons) {
      const number = countOf(value);
      if (number !== undefined) count.textContent = formatCount(number);
      button.setAttribute('aria-pressed', String(chosen.has(value)));
      button.classList.toggle('facet-none', number === 0);
    }
  };
  return {
    setValues(next) {
      values = next;
      section.hidden = next.length === 0;
      build(last?.[1] ?? new Set());
      if (last !== undefined) fill(...last);
    },
    update(countOf, chosen) {
      if ([...chosen].some((value) => !buttons.has(value))) build(chosen);
      last = [countOf, chosen];
      fill(countOf, chosen);
    },
  };
}
