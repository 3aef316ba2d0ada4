/** Browsers cap the height of an element; above this, scrolling is mapped onto the rows in proportion. */
const tallest = 8_000_000;

/** Where the rows of a table stand while it is scrolled; the browser scrolls a spacer from 0 to `end`. All in pixels. */
export class RowScroll {
  count = 0;
  rowHeight = 32;
  /** Height of what is seen of the rows. */
  pageHeight = 32;

  /** Height of the spacer below the rows that are seen. */
  spacer(): number {
    return Math.max(0, Math.min(this.count * this.rowHeight, tallest) - this.pageHeight);
  }

  /** How far the rows are moved up where the browser has scrolled to `top`. */
  offset(top: number, end: number): number {
    return this.#isStretched() ? (top / Math.max(1, end)) * this.#whole() : Math.min(top, this.#whole());
  }

  /** Where the browser has to scroll to for an offset. */
  topOf(offset: number, end: number): number {
    const wanted = Math.max(0, Math.min(offset, this.#whole()));
    return this.#isStretched() ? (wanted / Math.max(1, this.#whole())) * Math.max(1, end) : wanted;
  }

  /** The first row that is seen, and how many are. */
  seen(offset: number): { first: number; shown: number } {
    const first = Math.floor(offset / this.rowHeight);
    return { first, shown: Math.min(this.count - first, Math.ceil(this.pageHeight / this.rowHeight) + 1) };
  }

  /** The offset at which a row is seen whole, next to the one there is. */
  reveal(row: number, offset: number): number {
    const top = row * this.rowHeight;
    if (top < offset) return top;
    return Math.max(offset, top + this.rowHeight - this.pageHeight);
  }

  /** The row, if there is one, that a key leads to from the selected one (-1 for none). */
  target(key: string, selected: number): number | undefined {
    const page = Math.max(1, Math.floor(this.pageHeight / this.rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: selected + 1,
      ArrowUp: Math.max(0, selected - 1),
      PageDown: selected + page,
      PageUp: Math.max(0, selected - page),
      Home: 0,
      End: this.count - 1,
    };
    return Object.hasOwn(moves, key) ? this.clamp(moves[key]!) : undefined;
  }

  /** A row that there is; -1 for none. */
  clamp(row: number): number {
    return Math.max(-1, Math.min(row, this.count - 1));
  }

  #whole(): number {
    return Math.max(0, this.count * this.rowHeight - this.pageHeight);
  }

  #isStretched(): boolean {
    return this.count * this.rowHeight > tallest;
  }
}
