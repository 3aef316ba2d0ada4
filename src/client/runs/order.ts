import { plural } from '../../../collector/base/format/words.ts';
import { make } from '../dom.ts';

/** What an order by a metric did with runs that failed. */
export interface OrderGiven {
  /** How many of them have a value to rank by, of how many runs. */
  failed: number;
  total: number;
  withFailed: boolean;
  onChange(): void;
}

/** Says that failed runs stand behind the others, and lets them be sorted in; nothing where there is no choice. */
export function showOrder(place: HTMLElement, { failed, total, withFailed, onChange }: OrderGiven): void {
  place.hidden = failed === 0 || failed === total;
  place.replaceChildren();
  if (place.hidden) return;
  const text = `${plural(failed, 'run')} that failed or stopped ${failed === 1 ? 'stands' : 'stand'} ${withFailed ? 'among' : 'behind'} the others. `;
  const button = make(
    'button',
    { type: 'button', class: 'link' },
    withFailed ? 'Put them behind' : 'Sort them in',
  );
  button.addEventListener('click', onChange);
  place.append(text, button);
}
