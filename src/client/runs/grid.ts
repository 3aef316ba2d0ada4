import { plainText } from '../../../collector/base/format/plain.ts';
import { cellText, directionOfColumn, isNumeric, type TableColumn } from '../../data/runs/table-columns.ts';
import { receiptMark, runTitle, staleWord } from '../../data/runs/words.ts';
import { markPart } from '../../parts/basics.tsx';
import { goTo } from '../address.ts';
import { make } from '../dom.ts';
import { print } from '../print.ts';
import { gridCell, RowGrid } from '../row-grid.ts';
import { drawHead } from './grid-head.ts';
import type { RunStore } from './store.ts';

/** The table of runs: any columns in any order, a box in each row to choose it. */
export interface RunGrid {
  grid: RowGrid;
  /** Shows these columns; `sort` is the id of one, with "-" before it where the highest comes first. */
  setColumns(columns: readonly TableColumn[], sort: string): void;
}

/** What the table asks and tells. */
export interface RunGridOptions {
  rowAt(position: number): number;
  isPicked(row: number): boolean;
  /** Whether a value is the best of its column. */
  isBest(column: TableColumn, value: unknown, row: number): boolean;
  onPick(row: number): void;
  onSort(id: string): void;
  onFocus(row: number): void;
}

/** Takes over the printed frame inside `root`. */
export function runGrid(
  root: HTMLElement,
  head: HTMLElement,
  store: RunStore,
  options: RunGridOptions,
): RunGrid {
  let columns: readonly TableColumn[] = [];
  const grid = new RowGrid(root, {
    makeRow: () => makeRow(columns),
    draw: (element, position) => {
      const row = options.rowAt(position);
      if (row >= 0) drawRow(element, store, row, columns, options);
    },
    onSelect: (position) => options.onFocus(options.rowAt(position)),
    onOpen: (position) => {
      const row = options.rowAt(position);
      if (row >= 0) goTo(store.href(row));
    },
    onClick: (position, target) => {
      const row = options.rowAt(position);
      if (row < 0) return;
      if (target.closest('.cell-pick') !== null) options.onPick(row);
      options.onFocus(row);
    },
    onToggle: (position) => options.onPick(options.rowAt(position)),
  });
  return {
    grid,
    setColumns(next, sort) {
      columns = next;
      root.style.setProperty('--run-columns', template(columns));
      root.style.setProperty('--run-width', `${runGridWidth(columns)}rem`);
      root.setAttribute('aria-colcount', String(columns.length + 2));
      drawHead(
        head,
        [
          { id: 'name', label: 'Run', title: titleOf('Run', undefined), kind: 'cell-name' },
          ...columns.map((column) => ({
            id: column.id,
            label: column.label,
            title: titleOf(column.label, column),
            kind: cellClass(column).replace(' mono', ''),
          })),
        ],
        { sort, first: 'Chosen', onSort: options.onSort },
      );
      grid.rebuild();
    },
  };
}

function titleOf(label: string, column: TableColumn | undefined): string {
  if (column === undefined || column.group === 'fixed') return `Sort by ${label}`;
  const better = { min: ', less is better', max: ', more is better' };
  const direction = column.group === 'metric' ? directionOfColumn(column) : undefined;
  const about = direction === undefined ? '' : better[direction];
  return `${column.group === 'param' ? 'Parameter' : 'Metric'} ${label}${about}: sort by it`;
}

function makeRow(columns: readonly TableColumn[]): HTMLElement {
  const box = make('span', { class: 'pick-box', 'aria-hidden': 'true' });
  return make(
    'div',
    { class: 'row' },
    gridCell('cell-pick', box),
    gridCell('cell-name', make('a', { class: 'run-link', tabindex: -1 })),
    ...columns.map((column) => gridCell(cellClass(column))),
  );
}

function drawRow(
  element: HTMLElement,
  store: RunStore,
  row: number,
  columns: readonly TableColumn[],
  { isPicked, isBest }: RunGridOptions,
): void {
  const picked = isPicked(row);
  const [, name, ...cells] = element.children as unknown as HTMLElement[];
  const link = name!.firstElementChild as HTMLAnchorElement;
  const href = store.href(row);
  if (link.getAttribute('href') !== href) {
    link.href = href;
    link.textContent = plainText(titleOfRun(store, row));
    link.title = link.textContent;
  }
  element.classList.toggle('row-picked', picked);
  element.setAttribute('aria-label', picked ? `${link.textContent}, chosen` : '');
  if (!picked) element.removeAttribute('aria-label');
  for (const [at, column] of columns.entries()) drawCell(cells[at]!, store, row, column, isBest);
}

function drawCell(
  cell: HTMLElement,
  store: RunStore,
  row: number,
  column: TableColumn,
  isBest: RunGridOptions['isBest'],
): void {
  if (column.id === 'status') {
    drawStatus(cell, store, row);
    return;
  }
  const value = store.value(row, column);
  const text = plainText(cellText(value, column));
  const best = isBest(column, value, row);
  if (cell.dataset['text'] === text && cell.classList.contains('cell-best') === best) return;
  cell.dataset['text'] = text;
  cell.classList.toggle('cell-best', best);
  const verdict = column.id === 'receipt' ? receiptMark(text) : undefined;
  cell.replaceChildren(...(verdict === undefined ? [text] : [print(markPart(verdict)), ` ${text}`]));
  if (best) cell.append(make('span', { class: 'visually-hidden' }, ', best'));
  cell.title = typeof value === 'number' && column.group !== 'fixed' ? String(value) : plainText(text);
}

function drawStatus(cell: HTMLElement, store: RunStore, row: number): void {
  const why = store.staleWhy(row);
  const [status, word] = [store.status(row), store.statusWord(row)];
  const own = status === 'unknown' && word !== '' ? word : status;
  const text = why === undefined ? own : staleWord;
  if (cell.dataset['text'] === text && cell.title === (why ?? word)) return;
  cell.dataset['text'] = text;
  cell.replaceChildren(
    print(markPart(why === undefined ? status : 'missed')),
    make('span', { class: 'clip' }, text),
  );
  cell.title = plainText(why ?? word);
}

/** What a run is called where it is shown. */
export function titleOfRun(store: RunStore, row: number): string {
  return runTitle({ name: store.name(row), identifier: store.identifier(row), key: store.key(row) });
}

function cellClass(column: TableColumn): string {
  if (column.id === 'status' || column.id === 'receipt') return 'cell-status';
  if (isNumeric(column)) return 'cell-number';
  return column.type === 'time' ? 'cell-time mono' : 'cell-text';
}

const nameWidth = 15;

/** How wide a table of these columns is, in rem. */
export function runGridWidth(columns: readonly TableColumn[]): number {
  return 3 + nameWidth + columns.reduce((sum, column) => sum + widthOf(column) + 0.9, 0);
}

function template(columns: readonly TableColumn[]): string {
  return [
    '1.4rem',
    `minmax(var(--run-name, ${nameWidth}rem), 1.6fr)`,
    ...columns.map((column) => `minmax(${widthOf(column)}rem, 1fr)`),
  ].join(' ');
}

/** Room for the values of a column, in rem: as much as its heading needs, within reason. */
function widthOf(column: TableColumn): number {
  const fixed: Record<string, number> = {
    status: 8.6,
    receipt: 7.4,
    reason: 20,
    description: 20,
    key: 20,
  };
  if (column.type === 'time') return 11;
  if (column.type === 'duration') return 6.4;
  const own = column.group === 'fixed' && Object.hasOwn(fixed, column.id) ? fixed[column.id] : undefined;
  if (own !== undefined) return own;
  const heading = 1.6 + column.label.length * 0.55;
  return Math.max(isNumeric(column) ? 6.2 : 7.5, Math.min(heading, 12));
}
