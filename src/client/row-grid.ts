import { find, make } from './dom.ts';
import { RowScroll } from './row-scroll.ts';

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

/** A table of any number of rows that keeps only the visible ones in the document. */
export class RowGrid {
  readonly #root: HTMLElement;
  readonly #spacer: HTMLElement;
  readonly #view: HTMLElement;
  readonly #options: RowGridOptions;
  readonly #scroll = new RowScroll();
  readonly #pool: HTMLElement[] = [];
  #selected = -1;
  #frame = 0;

  /** Takes over `root`, a scrolling element with `[data-spacer]`, `[data-window]` and a header inside. */
  constructor(root: HTMLElement, options: RowGridOptions) {
    this.#root = root;
    this.#spacer = find(root, '[data-spacer]');
    this.#view = find(root, '[data-window]');
    this.#options = options;
    root.addEventListener('scroll', () => this.redraw(), { passive: true });
    new ResizeObserver(() => this.#measure()).observe(root);
    this.#view.addEventListener('click', (event) => this.#clicked(event.target as Element));
    root.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Shows another set of rows; the selected one stays where it is as long as there is one. */
  setCount(count: number): void {
    this.#scroll.count = count;
    if (this.#selected >= count) this.#selected = -1;
    this.#root.setAttribute('aria-rowcount', String(count + 1));
    this.#measure();
  }

  /** Draws the visible rows again, because their content changed. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** Makes all rows again, because their cells changed. */
  rebuild(): void {
    this.#pool.length = 0;
    this.#view.replaceChildren();
    this.#measure();
  }

  select(position: number, how?: 'quietly'): void {
    this.#selected = this.#scroll.clamp(position);
    if (this.#selected >= 0) {
      const offset = this.#scroll.reveal(this.#selected, this.#offset());
      if (offset !== this.#offset()) this.#root.scrollTop = this.#scroll.topOf(offset, this.#end());
    }
    this.redraw();
    if (how === undefined && this.#selected >= 0) this.#options.onSelect(this.#selected);
  }

  /** Says which row is the selected one now, without moving to it. */
  mark(position: number): void {
    this.#selected = position;
  }

  selected(): number {
    return this.#selected;
  }

  focus(): void {
    this.#root.focus({ preventScroll: true });
  }

  /** How far the browser can scroll. */
  #end(): number {
    return this.#root.scrollHeight - this.#root.clientHeight;
  }

  #offset(): number {
    return this.#scroll.offset(this.#root.scrollTop, this.#end());
  }

  #measure(): void {
    const scroll = this.#scroll;
    scroll.rowHeight = Number.parseFloat(getComputedStyle(this.#root).getPropertyValue('--row-height')) || 32;
    scroll.pageHeight = Math.max(scroll.rowHeight, this.#root.clientHeight - this.#view.offsetTop);
    this.#view.style.height = `${scroll.pageHeight}px`;
    this.#spacer.style.height = `${scroll.spacer()}px`;
    this.redraw();
  }

  #draw(): void {
    this.#frame = 0;
    const offset = this.#offset();
    const { first, shown } = this.#scroll.seen(offset);
    while (this.#pool.length < shown) {
      const row = this.#options.makeRow();
      row.setAttribute('role', 'row');
      this.#pool.push(row);
      this.#view.append(row);
    }
    for (const [at, row] of this.#pool.entries()) {
      const position = first + at;
      row.hidden = at >= shown;
      if (row.hidden) continue;
      row.style.transform = `translateY(${Math.round(position * this.#scroll.rowHeight - offset)}px)`;
      row.id = `row-${position}`;
      row.dataset['position'] = String(position);
      row.setAttribute('aria-rowindex', String(position + 2));
      row.setAttribute('aria-selected', String(position === this.#selected));
      this.#options.draw(row, position);
    }
    const isSeen = this.#selected >= first && this.#selected < first + shown;
    if (isSeen) this.#root.setAttribute('aria-activedescendant', `row-${this.#selected}`);
    else this.#root.removeAttribute('aria-activedescendant');
  }

  #clicked(target: Element): void {
    const row = target.closest<HTMLElement>('[data-position]');
    if (row === null || target.closest('a') !== null) return;
    this.select(Number(row.dataset['position']), 'quietly');
    if (this.#options.onClick === undefined) this.#options.onOpen(this.#selected);
    else this.#options.onClick(this.#selected, target);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    // Buttons and links inside the grid answer to these keys themselves.
    if (event.target !== this.#root && (key === 'Enter' || key === ' ')) return;
    const to = this.#scroll.target(key, this.#selected);
    if (to !== undefined) this.select(to);
    else if (this.#selected < 0) return;
    else if (key === ' ' && this.#options.onToggle !== undefined) this.#options.onToggle(this.#selected);
    else if (key === 'Enter') this.#options.onOpen(this.#selected);
    else return;
    event.preventDefault();
  }
}

/** A cell of the grid. */
export function gridCell(className: string, ...children: (Node | string)[]): HTMLElement {
  return make('span', { role: 'gridcell', class: className }, ...children);
}
