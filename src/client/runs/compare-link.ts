import { formatCount } from '../../../collector/base/format/number.ts';
import { compareRunsHref } from '../../data/links.ts';
import { maxCompared } from '../../data/runs/compare.ts';
import { make } from '../dom.ts';

/** Says how many runs are chosen (by their slugs), and leads to them side by side. */
export function showCompare(place: HTMLElement, picked: readonly string[], onClear: () => void): void {
  if (picked.length === 0) {
    place.replaceChildren(make('span', { class: 'pale' }, 'Choose runs to compare them'));
    return;
  }
  const clear = make('button', { type: 'button', class: 'link' }, 'Choose none');
  clear.addEventListener('click', onClear);
  const link =
    picked.length < 2
      ? make('span', { class: 'pale' }, 'One run chosen; choose another to compare')
      : make(
          'a',
          { class: 'button', href: compareRunsHref('', picked.slice(0, maxCompared)) },
          picked.length > maxCompared
            ? `Compare the first ${maxCompared} of ${formatCount(picked.length)} runs`
            : `Compare ${formatCount(picked.length)} runs`,
        );
  place.replaceChildren(link, clear);
}
