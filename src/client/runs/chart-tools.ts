import type { ColourGroups } from '../../charts/colour-groups.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';
import { make, makeSvg } from '../dom.ts';

/** The printed chart of a kind, made empty, or a new place for it where there was too little to print. */
export function chartPanel(root: HTMLElement, name: string): { head: HTMLElement; body: HTMLElement } {
  const panel =
    root.querySelector<HTMLElement>(`[data-${name}]`) ??
    root.appendChild(make('div', { class: `panel runs-${name}`, [`data-${name}`]: '' }));
  const head = make('header', { class: 'chart-head' });
  const body = make('div', { class: 'chart-body' });
  panel.replaceChildren(head, body);
  return { head, body };
}

/** A list of columns of which one is chosen. */
export interface ColumnSelect {
  element: HTMLElement;
  set(id: string): void;
}

/** Makes the list; `onChange` gets the id of the chosen one. */
export function columnSelect(
  title: string,
  columns: readonly TableColumn[],
  onChange: (id: string) => void,
): ColumnSelect {
  const groups = { fixed: 'About the run', metric: 'Metrics', param: 'Parameters' } as const;
  const select = make(
    'select',
    { 'aria-label': title },
    ...(['fixed', 'metric', 'param'] as const).flatMap((group) => {
      const members = columns.filter((column) => column.group === group).slice(0, 500);
      const options = members.map(({ id, label }) => make('option', { value: id }, label));
      return members.length === 0 ? [] : [make('optgroup', { label: groups[group] }, ...options)];
    }),
  );
  select.addEventListener('change', () => onChange(select.value));
  return {
    element: make('label', { class: 'select' }, ...(title === 'Colour' ? ['Colour '] : []), select),
    set(id) {
      select.value = id;
    },
  };
}

/** What is chosen for one axis of the scatter plot. */
export interface AxisTools {
  select: HTMLElement;
  log: HTMLElement;
  set(id: string, scale: { log: boolean; canLog: boolean }): void;
}

/** A list for the column of an axis, and a button that makes it logarithmic where it can be. */
export function axisTools(
  side: 'across' | 'up',
  columns: readonly TableColumn[],
  onColumn: (id: string) => void,
  onLog: (id: string, log: boolean) => void,
): AxisTools {
  const list = columnSelect(side === 'up' ? 'Up' : 'Across', columns, onColumn);
  const label = `log scale ${side}`;
  const log = make('button', { type: 'button', class: 'tool log-toggle', 'aria-label': label }, 'log');
  let now = { id: '', log: false };
  log.addEventListener('click', () => onLog(now.id, !now.log));
  return {
    select: list.element,
    log,
    set(id, scale) {
      now = { id, log: scale.log };
      list.set(id);
      log.setAttribute('aria-pressed', String(scale.log));
      log.hidden = !scale.canLog;
    },
  };
}

/** Shows which colours the drawn rows have. */
export function showLegend(
  list: HTMLElement,
  groups: ColourGroups,
  column: TableColumn,
  rows: readonly number[],
): void {
  const present = new Set(rows.map(groups.groupOf));
  list.replaceChildren(
    ...(column.id === 'status' ? [] : [make('li', {}, column.label)]),
    ...groups.groups.flatMap(({ className, label }, group) =>
      present.has(group)
        ? [
            make(
              'li',
              {},
              makeSvg(
                'svg',
                { class: 'swatch', width: 14, height: 10, 'aria-hidden': 'true' },
                makeSvg('path', { class: `line ${className}`, d: 'M0 5h14' }),
              ),
              label,
            ),
          ]
        : [],
    ),
  );
}
