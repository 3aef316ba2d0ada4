import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { LinesAt } from '../../../collector/store/lines-at.ts';
import type { CollectorReads } from '../book/read-records.ts';
import { isObject, jsonText, parsePlainJson } from '../browser.ts';
import type { LineTable } from './line-table.ts';
import { type ActionRow, actionRow, joinRows } from './row.ts';

/** The name that lines have which cannot be read again where they stand: their rows lie in a file of their own. */
export const oddFile = '';

/** The rows of lines that cannot be read again where they stand: as JSON, one behind the other. */
export class OddRows {
  readonly #descriptor: number;
  #size: number;

  private constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.#size = size;
  }

  /** A file to add rows to; `size` is what it holds already. */
  static extend(path: string, size: number): OddRows {
    return new OddRows(openSync(path, size === 0 ? 'w+' : 'r+'), size);
  }

  /** A file to read rows from. */
  static open(path: string): OddRows {
    return new OddRows(openSync(path, 'r'), 0);
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
  readonly #reads: { odd: OddRows; lines: LinesAt; resolveDetails: CollectorReads['resolveDetails'] };
  readonly #table: LineTable;

  constructor(
    root: string,
    reads: { odd: OddRows; lines: LinesAt; resolveDetails: CollectorReads['resolveDetails'] },
    table: LineTable,
  ) {
    this.#root = root;
    this.#reads = reads;
    this.#table = table;
  }

  /** The row of an action, by the numbers of its lines, oldest first. */
  row(lines: ArrayLike<number>): ActionRow {
    if (lines.length === 1) return this.#rowOf(lines[0]!);
    return joinRows(Array.from(lines, (line) => this.#rowOf(line)));
  }

  #rowOf(number: number): ActionRow {
    const { odd, lines, resolveDetails } = this.#reads;
    const place = this.#table.place(number);
    if (place.file === oddFile) return odd.row(place);
    const record = lines.record({ ...place, crc: this.#table.crc(number) });
    // One without a time stands at that of the line before it.
    record.atUs = this.#table.at(number);
    const { details } = record;
    return actionRow(record, isObject(details) ? resolveDetails(this.#root, details).details : details);
  }
}
