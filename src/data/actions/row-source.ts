import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { LinesAt } from '../../../collector/store/lines-at.ts';
import type { CollectorReads } from '../book/read-records.ts';
import { isObject, jsonText, parsePlainJson } from '../browser.ts';
import type { LineTable } from './line-table.ts';
import { type ActionRow, actionRow, joinRows } from './row.ts';
import type { RowOrder } from './row-order.ts';

/** The name that lines have which cannot be read again where they stand: their rows lie in a file of their own. */
export const oddFile = '';

/** The rows of lines that cannot be read again where they stand: as JSON, one behind the other. */
export class OddRows {
  readonly #descriptor: number;
  #size: number;

  /** `size` is what the file holds already. */
  constructor(path: string, size: number) {
    this.#descriptor = openSync(path, size === 0 ? 'w+' : 'r+');
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Keeps a row and says where. */
  add(row: ActionRow): { offset: number; lengthBytes: number } {
    const bytes = Buffer.from(jsonText(row));
    const offset = this.#size;
    writeSync(this.#descriptor, bytes, 0, bytes.length, offset);
    this.#size += bytes.length;
    return { offset, lengthBytes: bytes.length };
  }

  row({ offset, lengthBytes }: { offset: number; lengthBytes: number }): ActionRow {
    const bytes = Buffer.allocUnsafe(lengthBytes);
    readSync(this.#descriptor, bytes, 0, lengthBytes, offset);
    return parsePlainJson(bytes.toString()) as ActionRow;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Makes the rows of actions from their lines, which are read once more. */
export class RowSource {
  readonly #root: string;
  readonly #collector: Pick<CollectorReads, 'resolveDetails'>;
  readonly #table: LineTable;
  readonly #linesOf: RowOrder['linesOf'];
  readonly #odd: OddRows;
  readonly #lines: LinesAt;

  constructor(
    root: string,
    collector: Pick<CollectorReads, 'resolveDetails' | 'LinesAt'>,
    read: { table: LineTable; order: Pick<RowOrder, 'linesOf'>; odd: OddRows },
  ) {
    this.#root = root;
    this.#collector = collector;
    this.#table = read.table;
    this.#linesOf = read.order.linesOf;
    this.#odd = read.odd;
    this.#lines = new collector.LinesAt(root);
  }

  /** The row of the action that begins with a line. */
  row(first: number): ActionRow {
    if (this.#table.group(first) === 0) return this.#rowOf(first);
    return joinRows(Array.from(this.#linesOf(first), (line) => this.#rowOf(line)));
  }

  close(): void {
    this.#lines.close();
  }

  #rowOf(number: number): ActionRow {
    const place = this.#table.place(number);
    if (place.file === oddFile) return this.#odd.row(place);
    const record = this.#lines.record({ ...place, crc: this.#table.crc(number) });
    // One without a time stands at that of the line before it.
    record.atUs = this.#table.at(number);
    const { details } = record;
    return actionRow(
      record,
      isObject(details) ? this.#collector.resolveDetails(this.#root, details).details : details,
    );
  }
}
