/** What decides which rows match. */
export interface Matching {
  /** The first row and the one behind the last. */
  range: readonly [first: number, end: number];
  /** For each kind of rows 1 where it matches. */
  passes: Uint8Array;
  /** For each row 1 where the text was found. */
  text: Uint8Array | undefined;
  /** How many rows match. */
  count: number;
}

const blockRows = 4096;

/**
 * The rows that match, newest first. Nothing is listed: rows are counted block by block, and only as far as they are looked
 * at, so that a filter over a million rows costs what is seen of it.
 */
export class MatchedRows {
  readonly count: number;
  readonly #kind: Uint32Array;
  readonly #matching: Matching;
  /** How many rows match up to the end of each block, counted from the newest. */
  readonly #until: number[] = [];
  #block = -1;
  #rows: number[] = [];

  /** `text` may change later; what was found by then counts. */
  constructor(kind: Uint32Array, matching: Matching) {
    this.#kind = kind;
    this.#matching = { ...matching, text: matching.text?.slice() };
    this.count = matching.count;
  }

  /** The row at a position; -1 where there is none. */
  at(position: number): number {
    if (position < 0 || position >= this.count) return -1;
    const until = this.#until;
    while ((until.at(-1) ?? 0) <= position) if (!this.#countBlock()) return -1;
    let [low, high] = [0, until.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (until[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return this.#rowsOf(low)[position - (until[low - 1] ?? 0)] ?? -1;
  }

  /** The position of a row; -1 where it does not match. */
  positionOf(row: number): number {
    const [first, end] = this.#matching.range;
    if (row < first || row >= end || !this.#has(row)) return -1;
    const block = Math.floor((end - 1 - row) / blockRows);
    while (this.#until.length <= block) this.#countBlock();
    return (this.#until[block - 1] ?? 0) + this.#rowsOf(block).indexOf(row);
  }

  /** Counts the rows that match whatever their time, each at the place that it has in `placeOf`. */
  countAt(placeOf: Uint16Array, counts: Uint32Array, from: number): void {
    const { passes, text } = this.#matching;
    const kind = this.#kind;
    for (let row = from; row < kind.length; row++)
      if (passes[kind[row]!] === 1 && (text === undefined || text[row] === 1)) counts[placeOf[row]!]! += 1;
  }

  #has(row: number): boolean {
    const { passes, text } = this.#matching;
    return passes[this.#kind[row]!] === 1 && (text === undefined || text[row] === 1);
  }

  /** The rows of a block: from the first to the one behind the last. */
  #placeOf(block: number): readonly [first: number, end: number] {
    const [first, end] = this.#matching.range;
    return [Math.max(first, end - (block + 1) * blockRows), end - block * blockRows];
  }

  #countBlock(): boolean {
    const [first, end] = this.#placeOf(this.#until.length);
    if (end <= first) return false;
    let count = this.#until.at(-1) ?? 0;
    for (let row = first; row < end; row++) if (this.#has(row)) count += 1;
    this.#until.push(count);
    return true;
  }

  #rowsOf(block: number): number[] {
    if (this.#block === block) return this.#rows;
    const [first, end] = this.#placeOf(block);
    const rows: number[] = [];
    for (let row = end - 1; row >= first; row--) if (this.#has(row)) rows.push(row);
    [this.#block, this.#rows] = [block, rows];
    return rows;
  }
}
