import { make, makeSvg } from '../dom.ts';

/** The head of a column. */
export interface HeadCell {
  /** What an order by it is called; undefined where there is none. */
  id: string | undefined;
  label: string;
  title: string;
  /** The class of its cells. */
  kind: string;
}

/** Draws the heads of a table of runs: buttons that sort, the one that does with an arrow; focus stays where it was. */
export function drawHead(
  head: HTMLElement,
  cells: readonly HeadCell[],
  { sort, first, onSort }: { sort: string; first: string; onSort(id: string): void },
): void {
  const focused = head.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset['sort']
    : undefined;
  head.replaceChildren(
    make(
      'span',
      { role: 'columnheader', class: 'cell-pick' },
      make('span', { class: 'visually-hidden' }, first),
    ),
    ...cells.map((cell) => headCell(cell, sort, onSort)),
  );
  if (focused !== undefined)
    [...head.querySelectorAll<HTMLElement>('[data-sort]')]
      .find((one) => one.dataset['sort'] === focused)
      ?.focus();
}

function headCell(
  { id, label, title, kind }: HeadCell,
  sort: string,
  onSort: (id: string) => void,
): HTMLElement {
  const text = make('span', { class: 'sort-label' }, label);
  if (id === undefined) return make('span', { role: 'columnheader', class: kind, title }, text);
  const down = sort === `-${id}`;
  const sorted = down || sort === id;
  const button = make(
    'button',
    { type: 'button', class: 'sort', 'data-sort': id, title },
    text,
    sorted && makeArrow(down),
  );
  button.addEventListener('click', () => onSort(id));
  return make(
    'span',
    {
      role: 'columnheader',
      class: kind,
      'aria-sort': sorted ? (down ? 'descending' : 'ascending') : undefined,
    },
    button,
  );
}

function makeArrow(down: boolean): SVGElement {
  return makeSvg(
    'svg',
    { class: 'sort-arrow', viewBox: '0 0 8 8', 'aria-hidden': 'true' },
    makeSvg('path', { d: down ? 'M0 2h8l-4 5z' : 'M0 6h8l-4 -5z' }),
  );
}
