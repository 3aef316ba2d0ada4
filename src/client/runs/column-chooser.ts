import { formatCount } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';
import { make } from '../dom.ts';

/** A button that opens a list of columns, to be chosen and put in order. */
export interface ColumnChooser {
  element: HTMLElement;
  /** Shows what is chosen now. */
  update(): void;
}

/** What a chooser works on. */
export interface ColumnChooserOptions {
  title: string;
  columns: readonly TableColumn[];
  chosen(): readonly string[];
  /** A new choice in its order; undefined goes back to what is shown by itself. */
  onChange(chosen: string[] | undefined): void;
  most: number;
  /** What stands above what is chosen, and on the button that goes back; those of columns if absent. */
  words?: { shown: string; reset: string };
  /** What is said of a column that can be chosen; how often it is given if absent. */
  noteOf?(column: TableColumn): string;
}

const shownAtOnce = 60;
const groupNames = { fixed: 'About the run', metric: 'Metrics', param: 'Parameters' } as const;

/** Makes a chooser; it closes with Escape and with a click elsewhere. */
export function columnChooser(options: ColumnChooserOptions): ColumnChooser {
  const button = make('button', { type: 'button', class: 'tool', 'aria-expanded': 'false' }, options.title);
  const search = make('input', {
    type: 'search',
    placeholder: 'Find a name',
    'aria-label': `Find in ${options.title}`,
  });
  const order = make('ol', { class: 'chooser-order', 'aria-label': `${options.title}, in this order` });
  const list = make('div', { class: 'chooser-list' });
  const words = options.words ?? { shown: 'Shown', reset: 'Back to what differs' };
  const reset = make('button', { type: 'button', class: 'link' }, words.reset);
  const panel = make(
    'div',
    { class: 'chooser-panel', role: 'group', 'aria-label': options.title, hidden: true },
    make('div', { class: 'chooser-side' }, make('p', { class: 'chooser-title' }, words.shown), order, reset),
    make('div', { class: 'chooser-side' }, search, list),
  );
  const element = make('div', { class: 'chooser' }, button, panel);
  const isOpen = () => !panel.hidden;
  const show = (open: boolean) => {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    draw();
    search.focus();
  };
  const change = (next: string[], keepFocus?: string) => {
    options.onChange(next);
    draw();
    const again =
      keepFocus === undefined
        ? null
        : element.querySelector<HTMLElement>(`[data-focus="${CSS.escape(keepFocus)}"]`);
    again?.focus();
  };

  const draw = () => {
    const chosen = [...options.chosen()];
    order.replaceChildren(...chosen.flatMap((id, at) => orderItem(options.columns, chosen, id, at, change)));
    const wanted = search.value.trim().toLowerCase();
    const found = options.columns.filter(({ label }) => label.toLowerCase().includes(wanted));
    const groups = (['fixed', 'metric', 'param'] as const).map((group) => {
      const members = found.filter((column) => column.group === group);
      if (members.length === 0) return undefined;
      const rest = members.length - shownAtOnce;
      return make(
        'fieldset',
        {},
        make('legend', {}, groupNames[group]),
        ...members.slice(0, shownAtOnce).map((column) => choice(column, chosen, options, change)),
        rest > 0 && make('p', { class: 'pale' }, `${formatCount(rest)} more: find them by name.`),
      );
    });
    const shown = groups.filter((group) => group !== undefined);
    list.replaceChildren(
      ...(shown.length > 0 ? shown : [make('p', { class: 'pale' }, 'No name contains that.')]),
    );
  };

  button.addEventListener('click', () => show(!isOpen()));
  search.addEventListener('input', draw);
  reset.addEventListener('click', () => {
    options.onChange(undefined);
    draw();
  });
  // A choice that is drawn again loses the focus; its key is then one of the page.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen()) return;
    show(false);
    button.focus();
  });
  document.addEventListener('pointerdown', (event) => {
    if (isOpen() && !event.composedPath().includes(element)) show(false);
  });
  return {
    element,
    update() {
      if (isOpen()) draw();
    },
  };
}

function choice(
  column: TableColumn,
  chosen: string[],
  { most, noteOf = countOf }: ColumnChooserOptions,
  change: (next: string[], keepFocus?: string) => void,
): HTMLElement {
  const isChosen = chosen.includes(column.id);
  const box = make('input', {
    type: 'checkbox',
    checked: isChosen,
    disabled: !isChosen && chosen.length >= most,
    'data-focus': `box ${column.id}`,
  });
  box.checked = isChosen;
  box.addEventListener('change', () => {
    change(
      box.checked ? [...chosen, column.id] : chosen.filter((id) => id !== column.id),
      `box ${column.id}`,
    );
  });
  return make(
    'label',
    { class: 'chooser-choice', title: column.label },
    box,
    make('span', { class: 'clip' }, column.label),
    make('span', { class: 'pale' }, noteOf(column)),
  );
}

/** How often a column is given, or the one value it has. */
function countOf({ about }: TableColumn): string {
  if (about === undefined) return '';
  return about.distinct === 1
    ? `always ${plainText(String(about.same)).slice(0, 16)}`
    : plural(about.count, 'run');
}

function orderItem(
  columns: readonly TableColumn[],
  chosen: string[],
  id: string,
  at: number,
  change: (next: string[], keepFocus?: string) => void,
): HTMLElement[] {
  const column = columns.find((one) => one.id === id);
  if (column === undefined) return [];
  const move = (by: number, word: string, sign: string) => {
    const focus = `${word} ${id}`;
    const button = make(
      'button',
      {
        type: 'button',
        class: 'tool',
        'aria-label': `${column.label}: ${word}`,
        'data-focus': focus,
        disabled: at + by < 0 || at + by >= chosen.length,
      },
      sign,
    );
    button.addEventListener('click', () => {
      const next = [...chosen];
      next.splice(at, 1);
      next.splice(at + by, 0, id);
      change(next, focus);
    });
    return button;
  };
  const remove = make(
    'button',
    { type: 'button', class: 'tool', 'aria-label': `${column.label}: hide` },
    '×',
  );
  remove.addEventListener('click', () => change(chosen.filter((one) => one !== id)));
  return [
    make(
      'li',
      {},
      make('span', { class: 'clip', title: column.label }, column.label),
      move(-1, 'earlier', '↑'),
      move(1, 'later', '↓'),
      remove,
    ),
  ];
}
