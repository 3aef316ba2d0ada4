import type { DisplayStatus } from '../browser.ts';

/** What many lines say alike, and where it is kept but once. */
export interface Stamp {
  type: string;
  status: DisplayStatus;
  word: string;
  wordFrom: string;
  writer: string | null;
  /** Whether a later line can end it: only an action with an id of its own. */
  endable: boolean;
  zoneless: boolean;
}

/** What is kept of a line: where it stands and what is counted of it. The rest is read again when its shard is written. */
export interface TableLine {
  atUs: number;
  /** Relative to the book. */
  file: string;
  offset: number;
  lengthBytes: number;
  line: number;
  /** CRC-32 of its bytes. */
  crc: number;
  stamp: Stamp;
  run: string | null;
  /** Lines with one id are one action. */
  actionId: string | undefined;
}

/** Lines of which all columns lie together. */
export const chunkLines = 1 << 16;

/** The numbers of 65,536 lines; the arrays are as long as that whatever stands in them. */
export interface LineChunk {
  at: Float64Array;
  /** Number of the file times 2^44, and where the line begins in it. */
  place: Float64Array;
  length: Uint32Array;
  line: Uint32Array;
  crc: Uint32Array;
  stamp: Uint32Array;
  run: Uint32Array;
  /** Number of the action that it may share with other lines, from 1; 0 for none. */
  group: Uint32Array;
}

const fileFactor = 2 ** 44;

/** The lines of a log in the order in which they are read: some forty bytes each, whatever they hold. */
export class LineTable {
  readonly chunks: LineChunk[] = [];
  readonly stamps: Stamp[] = [];
  readonly runs: string[] = [];
  readonly files: string[] = [];
  readonly #stampCodes = new Map<string, number>();
  readonly #runCodes = new Map<string, number>();
  readonly #fileCodes = new Map<string, number>();
  readonly #groups = new Map<string, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** How many actions there are that may have several lines. */
  get groupCount(): number {
    return this.#groups.size;
  }

  /** The ids of actions by number, from 1. */
  get ids(): string[] {
    return [...this.#groups.keys()];
  }

  add({ atUs, file, offset, lengthBytes, line, crc, stamp, run, actionId }: TableLine): void {
    const at = this.#count & (chunkLines - 1);
    if (at === 0) this.chunks.push(newChunk());
    const chunk = this.chunks[this.chunks.length - 1]!;
    chunk.at[at] = atUs;
    chunk.place[at] = codeOf(this.#fileCodes, this.files, file) * fileFactor + offset;
    chunk.length[at] = lengthBytes;
    chunk.line[at] = line;
    chunk.crc[at] = crc;
    chunk.stamp[at] = this.stampCode(stamp);
    chunk.run[at] = run === null ? 0 : codeOf(this.#runCodes, this.runs, run) + 1;
    chunk.group[at] = actionId === undefined ? 0 : this.#groupOf(actionId);
    this.#count += 1;
  }

  /** Its chunks with how many lines each has and the number of the first: what loops over all of them works on. */
  *parts(): Generator<{ chunk: LineChunk; count: number; first: number }> {
    for (const [number, chunk] of this.chunks.entries()) {
      const first = number * chunkLines;
      yield { chunk, count: Math.min(chunkLines, this.#count - first), first };
    }
  }

  at(line: number): number {
    return this.chunks[line >>> 16]!.at[line & 0xffff]!;
  }

  crc(line: number): number {
    return this.chunks[line >>> 16]!.crc[line & 0xffff]!;
  }

  length(line: number): number {
    return this.chunks[line >>> 16]!.length[line & 0xffff]!;
  }

  group(line: number): number {
    return this.chunks[line >>> 16]!.group[line & 0xffff]!;
  }

  stamp(line: number): number {
    return this.chunks[line >>> 16]!.stamp[line & 0xffff]!;
  }

  /** Number of the run, from 1; 0 for none. */
  run(line: number): number {
    return this.chunks[line >>> 16]!.run[line & 0xffff]!;
  }

  /** The number of a line's file. */
  fileOf(line: number): number {
    return placeIn(this.chunks[line >>> 16]!, line & 0xffff).file;
  }

  /** Where a line stands. */
  place(line: number): { file: string; offset: number; lengthBytes: number; line: number } {
    const chunk = this.chunks[line >>> 16]!;
    const at = line & 0xffff;
    const { file, offset } = placeIn(chunk, at);
    return {
      file: this.files[file]!,
      offset,
      lengthBytes: chunk.length[at]!,
      line: chunk.line[at]!,
    };
  }

  /** The number of a stamp, a new one where none is equal. Lengths keep texts that hold the separator from looking like others. */
  stampCode(stamp: Stamp): number {
    const { type, status, word, wordFrom, writer, endable, zoneless } = stamp;
    const key = `${type.length} ${word.length}\0${type}\0${status}\0${writer}\0${word}\0${wordFrom}\0${endable}\0${zoneless}`;
    const known = this.#stampCodes.get(key);
    if (known !== undefined) return known;
    this.#stampCodes.set(key, this.stamps.length);
    return this.stamps.push(stamp) - 1;
  }

  /** A table of which only the places of some lines are known. */
  static part(chunks: readonly (readonly [number, LineChunk])[], files: readonly string[]): LineTable {
    const table = new LineTable();
    for (const [number, chunk] of chunks) table.chunks[number] = chunk;
    table.files.push(...files);
    return table;
  }

  /** Takes over what another one knew, to go on with it; the last chunk is one's own. */
  static of(kept: KeptLines): LineTable {
    const table = new LineTable();
    table.chunks.push(...kept.chunks);
    table.#count = kept.count;
    for (const stamp of kept.stamps) table.stampCode(stamp);
    for (const run of kept.runs) codeOf(table.#runCodes, table.runs, run);
    for (const file of kept.files) codeOf(table.#fileCodes, table.files, file);
    for (const id of kept.ids) table.#groupOf(id);
    return table;
  }

  #groupOf(actionId: string): number {
    const known = this.#groups.get(actionId);
    if (known !== undefined) return known;
    this.#groups.set(actionId, this.#groups.size + 1);
    return this.#groups.size;
  }
}

/** All that a table knows, for another build. */
export interface KeptLines {
  count: number;
  chunks: LineChunk[];
  stamps: Stamp[];
  runs: string[];
  files: string[];
  ids: string[];
}

/** The number of a line's file, and where it begins in it. */
export function placeIn({ place }: LineChunk, at: number): { file: number; offset: number } {
  const file = Math.floor(place[at]! / fileFactor);
  return { file, offset: place[at]! - file * fileFactor };
}

function newChunk(): LineChunk {
  return chunkIn(new SharedArrayBuffer(chunkBytes));
}

/** What a chunk takes. */
export const chunkBytes = chunkLines * (2 * 8 + 6 * 4);

/** A chunk whose columns lie one behind the other in a buffer, which threads may share. */
export function chunkIn(buffer: SharedArrayBuffer): LineChunk {
  const wide = (at: number) => new Float64Array(buffer, at * chunkLines * 8, chunkLines);
  const narrow = (at: number) => new Uint32Array(buffer, chunkLines * (16 + at * 4), chunkLines);
  return {
    at: wide(0),
    place: wide(1),
    length: narrow(0),
    line: narrow(1),
    crc: narrow(2),
    stamp: narrow(3),
    run: narrow(4),
    group: narrow(5),
  };
}

function codeOf(codes: Map<string, number>, texts: string[], text: string): number {
  const known = codes.get(text);
  if (known !== undefined) return known;
  codes.set(text, texts.length);
  return texts.push(text) - 1;
}
