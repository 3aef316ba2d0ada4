import { formatNumber } from '../../../collector/base/format/number.ts';
import type { LiveState } from '../../data/runs/live.ts';
import { ownValue } from '../../data/runs/types.ts';
import { valuesText } from '../../parts/live/news.tsx';
import { standPart } from '../../parts/runs/head.tsx';
import { make } from '../dom.ts';
import { print } from '../print.ts';

const known = new Map<string, LiveState>();

// The table of runs reads its files first.
document.addEventListener('daybook:runs-wanted', () => showStates([...known.values()]));

/** Tells lists of runs how those that go on stand: printed ones here, the table of runs by a `daybook:runs` event. */
export function showStates(states: LiveState[]): void {
  for (const state of states) known.set(state.slug, state);
  document.dispatchEvent(new CustomEvent<LiveState[]>('daybook:runs', { detail: states }));
  const bySlug = new Map(states.map((state) => [state.slug, state]));
  for (const item of document.querySelectorAll<HTMLElement>('li[data-run]')) {
    const state = bySlug.get(item.dataset['run']!);
    if (state !== undefined) showIn(item, state);
  }
  for (const row of document.querySelectorAll<HTMLElement>('tr[data-run]')) {
    const state = bySlug.get(row.dataset['run']!);
    if (state !== undefined) showInRow(row, state);
  }
}

/** A row of a printed table of runs: its status and its metrics. */
function showInRow(row: HTMLElement, state: LiveState): void {
  const stand = standPart({ stale: undefined, ...state });
  if (stand !== undefined) row.querySelector('.cell-status .status')?.replaceWith(print(stand));
  for (const cell of row.querySelectorAll<HTMLElement>('[data-metric]')) {
    const metric = cell.dataset['metric']!;
    const value = ownValue(state.best, metric) ?? ownValue(state.last, metric)?.value;
    if (value !== undefined) (cell.querySelector('.clip') ?? cell).textContent = formatNumber(value);
  }
}

function showIn(item: HTMLElement, state: LiveState): void {
  const stand = standPart({ stale: undefined, ...state });
  if (stand !== undefined) item.querySelector('.status')?.replaceWith(print(stand));
  const text = valuesText(state);
  const what = item.querySelector('.attention-what');
  if (text === '' || what === null) return;
  const line =
    what.querySelector('[data-live]') ?? make('p', { class: 'attention-detail mono', 'data-live': '' });
  line.textContent = text;
  if (line.parentElement === null) what.append(line);
}
