import { formatDuration } from '../../../collector/base/format/duration.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { markPart } from '../../parts/basics.tsx';
import { make } from '../dom.ts';
import { print } from '../print.ts';
import { gridCell } from '../row-grid.ts';
import type { ActionStore } from './store.ts';

/** An empty row of the table of actions. */
export function makeRow(): HTMLElement {
  return make(
    'div',
    { class: 'row' },
    gridCell('cell-time mono'),
    gridCell('cell-status'),
    gridCell('cell-type'),
    gridCell('cell-summary'),
    gridCell('cell-took'),
  );
}

/** Fills a row with an action; its summary comes later where it is not read yet, and `onText` says when. */
export function drawRow(element: HTMLElement, store: ActionStore, row: number, onText: () => void): void {
  const { columns, statuses, types } = store;
  const [time, status, type, summary, took] = element.children as unknown as HTMLElement[];
  time!.textContent = formatTime(columns.time[row]!);
  const name = statuses[store.codeOf('status', row)] as StatusName;
  const own = store.words.textOf(store.codeOf('word', row));
  if (status!.dataset['status'] !== `${name} ${own}`) {
    status!.dataset['status'] = `${name} ${own}`;
    const word = make('span', { class: 'clip' }, own === '' ? name : own);
    status!.replaceChildren(print(markPart(name)), word);
    status!.title = own === '' ? '' : `${name}, recorded as “${plainText(own)}”`;
  }
  setText(type!, types.textOf(store.codeOf('type', row)));
  setText(summary!, store.summary(row, onText) ?? '');
  const ms = columns.took[row]!;
  setText(took!, Number.isNaN(ms) ? '' : formatDuration(ms));
}

function setText(element: HTMLElement, text: string): void {
  const plain = plainText(text);
  if (element.textContent === plain) return;
  element.textContent = plain;
  element.title = plain;
}
