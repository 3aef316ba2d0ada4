import { formatCount } from '../../../../collector/base/format/number.ts';
import { plainText } from '../../../../collector/base/format/plain.ts';
import { meanText } from '../../../data/browser.ts';
import { cellText, isNumeric, type TableColumn } from '../../../data/runs/table-columns.ts';
import { markPart } from '../../../parts/basics.tsx';
import { goTo } from '../../address.ts';
import { find, make, makeSvg } from '../../dom.ts';
import { print } from '../../print.ts';
import { gridCell, RowGrid } from '../../row-grid.ts';
import { titleOfRun } from '../grid.ts';
import { drawHead, type HeadCell } from '../grid-head.ts';
import { shownStatus } from '../matches.ts';
import type { RunStore } from '../store.ts';
import type { GroupColumn, RowGroups } from './gather-rows.ts';
import { bestMeans, type GroupLine, groupLines } from './group-lines.ts';

/** What the table of groups asks and tells. */
export interface GroupGridOptions {
  isPicked(row: number): boolean;
  onPick(row: number): void;
  onSort(id: string): void;
  onFocus(row: number): void;
  /** Opens a group, or closes it. */
  onToggle(id: string): void;
}

/** The table of groups: a line for each, and below an open one a line for each of its runs. */
export class GroupGrid {
  readonly #root: HTMLElement;
  readonly #store: RunStore;
  readonly #options: GroupGridOptions;
  readonly #grid: RowGrid;
  #lines: GroupLine[] = [];
  #groups: RowGroups = { by: [], measures: [], groups: [], ids: [], apart: 0 };
  #best = new Map<string, number>();

  constructor(root: HTMLElement, store: RunStore, options: GroupGridOptions) {
    this.#root = root;
    this.#store = store;
    this.#options = options;
    this.#grid = new RowGrid(root, {
      makeRow: () => make('div', { class: 'row' }),
      draw: (element, position) => this.#draw(element, position),
      onSelect: (position) => options.onFocus(this.#rowAt(position)),
      onOpen: (position) => this.#open(position),
      onClick: (position, target) => this.#click(position, target),
      onToggle: (position) => this.#act(position),
    });
    root.addEventListener('keydown', (event) => this.#fold(event));
  }

  /** Shows these groups, open as the address says. */
  show(groups: RowGroups, open: readonly string[], sort: string): void {
    this.#groups = groups;
    this.#best = bestMeans(groups);
    this.#lines = groupLines(groups, new Set(open));
    const widths = groupWidths(groups);
    const template = ['1.4rem', ...widths.map((rem) => `minmax(${rem}rem, ${rem > 8 ? 1.6 : 1}fr)`)].join(
      ' ',
    );
    this.#root.style.setProperty('--run-columns', template);
    this.#root.style.setProperty('--run-width', `${groupGridWidth(groups)}rem`);
    this.#root.setAttribute('aria-colcount', String(widths.length + 1));
    drawHead(find(this.#root, '[data-head]'), this.#headCells(), {
      sort,
      first: 'Open',
      onSort: this.#options.onSort,
    });
    this.#grid.rebuild();
    this.#grid.setCount(this.#lines.length);
    this.#grid.redraw();
  }

  #headCells(): HeadCell[] {
    const { by, measures } = this.#groups;
    const measured = ({ column: { id, label }, direction }: GroupColumn): HeadCell[] => {
      const better = direction === undefined ? '' : `, ${direction === 'min' ? 'less' : 'more'} is better`;
      const mean = {
        id,
        label,
        kind: 'cell-number',
        title: `Mean ± sample deviation of ${label}${better}: sort by the mean`,
      };
      if (direction === undefined) return [mean];
      const best = {
        id: undefined,
        label: `best ${label}`,
        kind: 'cell-number',
        title: `The best ${label} of the group`,
      };
      return [mean, best];
    };
    return [
      ...by.map((column) => ({
        id: column.id,
        label: column.label,
        kind: isNumeric(column) ? 'cell-number' : 'cell-text',
        title: `Sort by ${column.label}`,
      })),
      { id: undefined, label: 'n', kind: 'cell-number', title: 'Runs that ended well' },
      {
        id: undefined,
        label: 'counted apart',
        kind: 'cell-text',
        title: 'Runs that failed, stopped or have not ended',
      },
      ...measures.flatMap(measured),
    ];
  }

  #draw(element: HTMLElement, position: number): void {
    const line = this.#lines[position];
    if (line === undefined) return;
    const [state, cells] = line.kind === 'group' ? this.#groupCells(line) : this.#runCells(line);
    element.replaceChildren(...cells);
    element.classList.toggle('row-group', line.kind === 'group');
    element.classList.toggle('row-picked', line.kind === 'run' && this.#options.isPicked(line.row));
    element.setAttribute('aria-level', line.kind === 'group' ? '1' : '2');
    if (state === undefined) element.removeAttribute('aria-expanded');
    else element.setAttribute('aria-expanded', state);
  }

  #groupCells(line: GroupLine & { kind: 'group' }): [string, HTMLElement[]] {
    const { by, measures } = this.#groups;
    const { group, isOpen } = line;
    const arrow = makeSvg(
      'svg',
      { class: 'group-arrow', viewBox: '0 0 8 8', 'aria-hidden': 'true' },
      makeSvg('path', { d: isOpen ? 'M0 2h8l-4 5z' : 'M2 0v8l5 -4z' }),
    );
    const cells = [
      gridCell('cell-pick', arrow),
      ...by.map((column) => nameCell(column, group.values[column.id])),
      gridCell('cell-number', String(group.runs.length)),
      gridCell('cell-status', ...this.#apartInside(group.apart)),
      ...measures.flatMap((one) => this.#measureCells(one, line)),
    ];
    return [String(isOpen), cells];
  }

  /** "1 failed, 2 running" */
  #apartInside(rows: readonly number[]): (Node | string)[] {
    const counted = new Map<string, number[]>();
    for (const row of rows) {
      const status = shownStatus(this.#store, row);
      const members = counted.get(status);
      if (members === undefined) counted.set(status, [row]);
      else members.push(row);
    }
    const words = [...counted]
      .map(([status, members]) => `${formatCount(members.length)} ${status}`)
      .join(', ');
    const [only] = counted.size === 1 ? rows : [];
    return only === undefined ? [words] : [this.#mark(only), ` ${words}`];
  }

  #mark(row: number): Node {
    return print(markPart(this.#store.staleWhy(row) === undefined ? this.#store.status(row) : 'missed'));
  }

  #measureCells({ column, direction }: GroupColumn, { group }: GroupLine): HTMLElement[] {
    const measure = group.measures[column.id];
    const asText = (value: number) => cellText(value, column);
    const isBest = measure !== undefined && this.#best.get(column.id) === measure.mean;
    const text = measure === undefined ? '' : meanText(measure, group.runs.length, asText);
    const mean = gridCell(`cell-number${isBest ? ' cell-best' : ''}`, text);
    if (measure !== undefined) mean.title = `mean ${measure.mean}, from ${measure.least} to ${measure.most}`;
    if (isBest) mean.append(make('span', { class: 'visually-hidden' }, ', best mean'));
    if (direction === undefined) return [mean];
    const best = measure?.best;
    if (best === undefined) return [mean, gridCell('cell-number')];
    const { value, run } = best;
    const link = make(
      'a',
      { href: this.#store.href(run), tabindex: -1, title: plainText(titleOfRun(this.#store, run)) },
      asText(value),
    );
    return [mean, gridCell('cell-number', link)];
  }

  #runCells({ group, row, isApart }: GroupLine & { kind: 'run' }): [undefined, HTMLElement[]] {
    const { by, measures } = this.#groups;
    const store = this.#store;
    const name = plainText(titleOfRun(store, row));
    const link = make('a', { class: 'run-link', href: store.href(row), tabindex: -1, title: name }, name);
    const named = gridCell('cell-name', link);
    // It stands below the names that it has in common with the others.
    named.style.gridColumn = `span ${by.length + 1}`;
    named.setAttribute('aria-colspan', String(by.length + 1));
    const status = shownStatus(store, row);
    const cells = [
      gridCell('cell-pick', make('span', { class: 'pick-box', 'aria-hidden': 'true' })),
      named,
      gridCell('cell-status', this.#mark(row), make('span', { class: 'clip' }, status)),
      ...measures.flatMap(({ column, direction }) => {
        const value = store.value(row, column);
        const isBest = !isApart && group.measures[column.id]?.best?.run === row;
        const cell = gridCell(
          `cell-number${isApart ? ' dim' : ''}${isBest ? ' cell-best' : ''}`,
          cellText(value, column),
        );
        if (typeof value === 'number') cell.title = String(value);
        if (isBest) cell.append(make('span', { class: 'visually-hidden' }, ', best of the group'));
        return direction === undefined ? [cell] : [cell, gridCell('cell-number')];
      }),
    ];
    return [undefined, cells];
  }

  #rowAt(position: number): number {
    const line = this.#lines[position];
    return line?.kind === 'run' ? line.row : -1;
  }

  #open(position: number): void {
    const row = this.#rowAt(position);
    if (row >= 0) goTo(this.#store.href(row));
    else this.#act(position);
  }

  /** What a click or the space bar does: a group opens or closes, a run is chosen. */
  #act(position: number): void {
    const line = this.#lines[position];
    if (line?.kind === 'group') this.#options.onToggle(line.id);
    else if (line !== undefined) this.#options.onPick(line.row);
  }

  #click(position: number, target: Element): void {
    const line = this.#lines[position];
    if (line?.kind === 'group' || target.closest('.cell-pick') !== null) this.#act(position);
    this.#options.onFocus(this.#rowAt(position));
  }

  /** Right opens a group, left closes it. */
  #fold(event: KeyboardEvent): void {
    const line = this.#lines[this.#grid.selected()];
    if (line?.kind !== 'group' || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== (line.isOpen ? 'ArrowLeft' : 'ArrowRight')) return;
    event.preventDefault();
    this.#options.onToggle(line.id);
  }
}

/** How wide the table of these groups is, in rem. */
export function groupGridWidth(groups: Pick<RowGroups, 'by' | 'measures'>): number {
  return 3 + groupWidths(groups).reduce((sum, rem) => sum + rem + 0.9, 0);
}

function groupWidths({ by, measures }: Pick<RowGroups, 'by' | 'measures'>): number[] {
  const names = by.map((column) => (isNumeric(column) ? 5.5 : 8));
  return [
    ...names,
    3,
    7.5,
    ...measures.flatMap(({ direction }) => (direction === undefined ? [10] : [10, 6.4])),
  ];
}

function nameCell(column: TableColumn, value: unknown): HTMLElement {
  const text = plainText(cellText(value as never, column));
  const kind = isNumeric(column) ? 'cell-number' : 'cell-text';
  const cell = gridCell(kind, text === '' ? make('span', { class: 'pale' }, 'none') : text);
  cell.title = typeof value === 'number' ? String(value) : text;
  return cell;
}
