import { formatDay, formatTime } from '../../collector/base/format/time.ts';
import { type FacetName, facetNames } from './actions/facets.ts';
import type { ViewState } from './actions/view-state.ts';
import { find, make } from './dom.ts';

/** What removing a chip does. */
export interface ChipActions {
  toggle(name: FacetName, value: string): void;
  clearTime(): void;
  clearText(): void;
}

/** Shows what is chosen as chips that can be removed; the one who removed one by keyboard stays among them. */
export function showChips(list: HTMLElement, state: ViewState, actions: ChipActions): void {
  const { facets, fromUs, toUs, text } = state;
  const chips: HTMLElement[] = [];
  for (const name of facetNames) {
    for (const value of facets[name])
      chips.push(chip(`${name}: ${value}`, () => actions.toggle(name, value)));
  }
  if (fromUs !== undefined || toUs !== undefined)
    chips.push(chip(rangeText(fromUs, toUs), actions.clearTime));
  if (text !== '') chips.push(chip(`“${text}”`, actions.clearText));
  const had = list.contains(document.activeElement);
  list.replaceChildren(...chips.map((one) => make('li', {}, one)));
  if (had) (list.querySelector('button') ?? find(document, '[data-search]')).focus();
}

/** One chosen thing as a button that removes it. */
export function chip(text: string, remove: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'chip', title: text }, make('span', {}, text));
  button.append(
    make('span', { class: 'visually-hidden' }, ', remove this filter'),
    make('span', { class: 'chip-x', 'aria-hidden': 'true' }, '×'),
  );
  button.addEventListener('click', remove);
  return button;
}

/** "Aug 2 to Aug 17, 2026" for whole days, times otherwise; the end is exclusive. */
function rangeText(fromUs: number | undefined, toUs: number | undefined): string {
  const isDay = (us: number | undefined) => us === undefined || us % 86_400e6 === 0;
  const days = isDay(fromUs) && isDay(toUs);
  const say = (us: number) => (days ? formatDay(us) : formatTime(us).slice(0, 16));
  if (fromUs === undefined) return `before ${say(toUs!)}`;
  if (toUs === undefined) return `since ${say(fromUs)}`;
  const last = days ? toUs - 86_400e6 : toUs;
  if (say(fromUs) === say(last)) return say(fromUs);
  return `${days ? formatDay(fromUs, last) : say(fromUs)} to ${say(last)}`;
}
