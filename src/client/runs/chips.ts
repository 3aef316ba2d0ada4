import { formatTime } from '../../../collector/base/format/time.ts';
import type { AxisRange } from '../../charts/axis-scale.ts';
import { cellText, type TableColumn } from '../../data/runs/table-columns.ts';
import { chip } from '../chips.ts';
import { find, make } from '../dom.ts';
import type { RunStore } from './store.ts';
import type { RunViewState } from './view-state.ts';

/** What removing a chip does. */
export interface RunChipActions {
  toggle(name: string, value: string): void;
  clearBrush(id: string): void;
}

/** Shows what is chosen as chips that can be removed; the one who removed one by keyboard stays among them. */
export function showRunChips(
  list: HTMLElement,
  state: RunViewState,
  store: RunStore,
  actions: RunChipActions,
): void {
  const chips: HTMLElement[] = [];
  for (const [name, values] of state.facets) {
    for (const value of values)
      chips.push(chip(`${name}: ${value === '' ? 'none' : value}`, () => actions.toggle(name, value)));
  }
  for (const [id, range] of state.brushes) {
    const column = store.columnOf(id);
    if (column !== undefined) chips.push(chip(rangeText(column, range), () => actions.clearBrush(id)));
  }
  const had = list.contains(document.activeElement);
  list.replaceChildren(...chips.map((one) => make('li', {}, one)));
  if (had) (list.querySelector('button') ?? find(document, '[data-search]')).focus();
}

function rangeText(column: TableColumn, range: AxisRange): string {
  if ('texts' in range) return `${column.label}: ${range.texts.join(', ')}`;
  const say = (value: number) =>
    column.type === 'time' ? formatTime(value).slice(0, 16) : cellText(value, column);
  return `${column.label}: ${say(range.low)} to ${say(range.high)}`;
}
