import { jsonText } from '../../base/json/text.ts';
import { LineFile } from '../line-file.ts';
import { readChunks } from '../read-file.ts';
import { openLogBytes } from '../segments/log-bytes.ts';
import { blockRecords } from './columns.ts';
import type { LogIndex } from './log-index.ts';

/** Finds which lines hold a text: the bytes of a whole block are searched at once, and none of its lines is parsed. */
export class TextSearch {
  readonly #index: LogIndex;
  readonly #needles: readonly Buffer[];
  /** Numbers of the lines with the text, of files that can only be read as a whole. */
  readonly #lines = new Map<number, Set<number>>();

  constructor(index: LogIndex, text: string) {
    this.#index = index;
    // As it stands in JSON; other writers have only letters of ASCII.
    const json = jsonText(text).slice(1, -1);
    const ascii = json.replace(
      /[\u0080-\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    this.#needles = [...new Set([json, ascii])].map((each) => Buffer.from(each));
  }

  /** For each record of a block 1 where its line has the text. */
  async rowsWith(block: number): Promise<Uint8Array> {
    const index = this.#index;
    const { segment, count } = index.blocks[block]!;
    const [offset, length] = [index.column(block, 'offset'), index.column(block, 'length')];
    if (segment !== -1 && !offset.includes(-1)) {
      const rows = this.#rowsAt(index.segments[segment]!.path, offset, length);
      return this.#alone(block, rows, (row) => rows[row] === 1 && offset[row] === offset[row + 1]);
    }
    const rows = new Uint8Array(count);
    if (segment === -1) return this.#alone(block, rows, () => true);
    const lines = this.#lines.get(segment) ?? (await this.#linesOf(segment));
    this.#lines.set(segment, lines);
    const line = index.column(block, 'line');
    for (const row of line.keys()) rows[row] = lines.has(line[row]!) ? 1 : 0;
    return this.#alone(block, rows, (row) => rows[row] === 1 && line[row] === line[row + 1]);
  }

  /** Looks at records by themselves: those of which only the line is known to have the text, with others on it. */
  async #alone(block: number, rows: Uint8Array, isDoubtful: (row: number) => boolean): Promise<Uint8Array> {
    const doubtful = new Set<number>();
    for (const row of rows.keys())
      if (isDoubtful(row)) doubtful.add(row).add(Math.min(row + 1, rows.length - 1));
    const inOrder = [...doubtful];
    const records = await this.#index.read(inOrder.map((row) => block * blockRecords + row));
    for (const [at, row] of inOrder.entries())
      rows[row] = this.#isIn(Buffer.from(jsonText(records[at]!.raw))) ? 1 : 0;
    return rows;
  }

  #isIn(bytes: Buffer): boolean {
    return this.#needles.some((needle) => bytes.includes(needle));
  }

  #rowsAt(path: string, offset: Float64Array, length: Uint32Array): Uint8Array {
    const rows = new Uint8Array(offset.length);
    const start = offset[0]!;
    const bytes = readRange(path, start, offset.at(-1)! + length.at(-1)! - start);
    for (const needle of this.#needles) {
      let row = 0;
      for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at)) {
        while (row + 1 < offset.length && offset[row + 1]! <= start + at) row += 1;
        const from = offset[row]! - start;
        // Several records may stand on one line.
        for (let same = row; same >= 0 && offset[same] === offset[row]; same--) {
          if (at + needle.length <= from + length[row]!) rows[same] = 1;
        }
        at = Math.max(at + 1, from + length[row]!);
      }
    }
    return rows;
  }

  async #linesOf(segment: number): Promise<Set<number>> {
    const found = new Set<number>();
    const lines = new LineFile(
      '',
      () => undefined,
      (bytes, line) => {
        if (bytes !== undefined && this.#isIn(bytes)) found.add(line);
      },
    );
    for await (const chunk of readChunks(this.#index.segments[segment]!)) lines.push(chunk);
    lines.end();
    return found;
  }
}

function readRange(path: string, start: number, length: number): Buffer {
  const file = openLogBytes(path);
  try {
    return file.read(start, length);
  } finally {
    file.close();
  }
}
