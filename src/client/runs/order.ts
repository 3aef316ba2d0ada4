import { plural } from '../../../collector/base/format/words.ts';
import { directionOfColumn, type TableColumn } from '../../data/runs/table-columns.ts';
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

/**
 * What the head of a column asks for when it is pressed: first the best of a metric, the highest of other numbers and times,
 * the first of names; then the other way round; then newest first again.
 */
export function nextSort(sort: string, id: string, column: TableColumn | undefined): string {
  const isText = column === undefined || column.type === 'text' || column.type === 'boolean';
  const isLeastFirst = isText || (column.group === 'metric' && directionOfColumn(column) === 'min');
  const [first, second] = isLeastFirst ? [id, `-${id}`] : [`-${id}`, id];
  return sort === first ? second : sort === second ? '' : first;
}
