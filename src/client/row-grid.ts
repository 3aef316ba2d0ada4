import { find, make } from './dom.ts';

/** A table of any number of rows that keeps only the visible ones in the document. */
export interface RowGrid {
  /** Shows another set of rows; the selected one is kept where `selected` says. */
  setCount(count: number): void;
  /** Draws the visible rows again, because their content changed. */
  redraw(): void;
  /** Makes all rows again, because their cells changed. */
  rebuild(): void;
  select(position: number, how?: 'quietly'): void;
  /** Says which row is the selected one now, without moving to it. */
  mark(position: number): void;
  selected(): number;
  focus(): void;
}

/** How the grid gets its content and tells what was done. */
export interface RowGridOptions {
  /** Fills the cells of a row; the element is reused. */
  draw(row: HTMLElement, position: number): void;
  makeRow(): HTMLElement;
  onSelect(position: number): void;
  onOpen(position: number): void;
  /** A click on a row; it opens the row where this is left out. */
  onClick?(position: number, target: Element): void;
  /** The space bar on the selected row. */
  onToggle?(position: number): void;
}

/** Browsers cap the height of an element; above this, scrolling is mapped onto the rows in proportion. */
const tallest = 8_000_000;

/** Takes over `root`, a scrolling element with `[data-spacer]`, `[data-window]` and a header inside. */
export function rowGrid(root: HTMLElement, options: RowGridOptions): RowGrid {
  const spacer = find(root, '[data-spacer]');
  const view = find(root, '[data-window]');
  const pool: HTMLElement[] = [];
  let [count, selected, frame, rowHeight, pageHeight] = [0, -1, 0, 32, 0];

  const measure = () => {
    rowHeight = Number.parseFloat(getComputedStyle(root).getPropertyValue('--row-height')) || 32;
    pageHeight = Math.max(rowHeight, root.clientHeight - view.offsetTop);
    view.style.height = `${pageHeight}px`;
    spacer.style.height = `${Math.max(0, Math.min(count * rowHeight, tallest) - pageHeight)}px`;
    schedule();
  };
  const whole = () => Math.max(0, count * rowHeight - pageHeight);
  const scrollable = () => Math.max(1, root.scrollHeight - root.clientHeight);
  const stretched = () => count * rowHeight > tallest;
  const offset = () =>
    stretched() ? (root.scrollTop / scrollable()) * whole() : Math.min(root.scrollTop, whole());
  const scrollTo = (pixels: number) => {
    const wanted = Math.max(0, Math.min(pixels, whole()));
    root.scrollTop = stretched() ? (wanted / Math.max(1, whole())) * scrollable() : wanted;
  };

  const draw = () => {
    frame = 0;
    const top = offset();
    const first = Math.floor(top / rowHeight);
    const needed = Math.min(count - first, Math.ceil(pageHeight / rowHeight) + 1);
    while (pool.length < needed) {
      const row = options.makeRow();
      row.setAttribute('role', 'row');
      pool.push(row);
      view.append(row);
    }
    for (const [at, row] of pool.entries()) {
      const position = first + at;
      row.hidden = at >= needed;
      if (row.hidden) continue;
      row.style.transform = `translateY(${Math.round(position * rowHeight - top)}px)`;
      row.id = `row-${position}`;
      row.dataset['position'] = String(position);
      row.setAttribute('aria-rowindex', String(position + 2));
      row.setAttribute('aria-selected', String(position === selected));
      options.draw(row, position);
    }
    const visible = selected >= first && selected < first + needed;
    if (visible) root.setAttribute('aria-activedescendant', `row-${selected}`);
    else root.removeAttribute('aria-activedescendant');
  };
  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };

  const reveal = (position: number) => {
    const [top, from] = [position * rowHeight, offset()];
    if (top < from) scrollTo(top);
    else if (top + rowHeight > from + pageHeight) scrollTo(top + rowHeight - pageHeight);
  };
  const select = (position: number, how?: 'quietly') => {
    selected = count === 0 ? -1 : Math.max(-1, Math.min(position, count - 1));
    if (selected >= 0) reveal(selected);
    schedule();
    if (how === undefined && selected >= 0) options.onSelect(selected);
  };

  root.addEventListener('scroll', schedule, { passive: true });
  new ResizeObserver(measure).observe(root);
  view.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-position]');
    if (row === null || (event.target as Element).closest('a') !== null) return;
    select(Number(row.dataset['position']), 'quietly');
    if (options.onClick === undefined) options.onOpen(selected);
    else options.onClick(selected, event.target as Element);
  });
  root.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(pageHeight / rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: selected + 1,
      ArrowUp: Math.max(0, selected - 1),
      PageDown: selected + page,
      PageUp: Math.max(0, selected - page),
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // Buttons and links inside the grid answer to these keys themselves.
    const isOwn = event.target === root || (event.key !== 'Enter' && event.key !== ' ');
    if (!isOwn) return;
    if (to !== undefined) select(to);
    else if (event.key === ' ' && selected >= 0 && options.onToggle !== undefined) options.onToggle(selected);
    else if (event.key === 'Enter' && selected >= 0) options.onOpen(selected);
    else return;
    event.preventDefault();
  });

  return {
    setCount(next) {
      count = next;
      if (selected >= count) selected = -1;
      root.setAttribute('aria-rowcount', String(next + 1));
      measure();
    },
    redraw: schedule,
    rebuild() {
      pool.length = 0;
      view.replaceChildren();
      measure();
    },
    select,
    mark(position) {
      selected = position;
    },
    selected: () => selected,
    focus: () => root.focus({ preventScroll: true }),
  };
}

/** A cell of the grid. */
export function gridCell(className: string, ...children: (Node | string)[]): HTMLElement {
  return make('span', { role: 'gridcell', class: className }, ...children);
}
