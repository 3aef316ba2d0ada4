import { crc32 } from 'node:zlib';

/** How many snapshots chunks and parts hold. */
export interface CutSizes {
  /** A chunk ends behind the first snapshot whose mark fits, once it has so many; at the latest at `mostInChunk`. */
  leastInChunk: number;
  mostInChunk: number;
  /** The same for parts, which end where a chunk ends. */
  leastInPart: number;
  mostInPart: number;
}

/** Contents are read by chunks: some 45 snapshots. Values of fields by parts: some 1,300, a month of half hours. */
export const usualSizes: CutSizes = {
  leastInChunk: 32,
  mostInChunk: 64,
  leastInPart: 1024,
  mostInPart: 2048,
};

/** What ends behind a snapshot. */
export type Cut = 'chunk' | 'part' | undefined;

/**
 * Where snapshots are cut into chunks and parts. The ids decide, not how many stand before them: so a snapshot that comes
 * late, or goes, changes the chunks near to it and the part it lies in, and those behind stay what they were.
 */
export class Cuts {
  readonly #sizes: CutSizes;
  #inChunk = 0;
  #inPart = 0;

  constructor(sizes: CutSizes) {
    this.#sizes = sizes;
  }

  /** How many snapshots the chunk has that is open. */
  get inChunk(): number {
    return this.#inChunk;
  }

  /** How many the part has that is open. */
  get inPart(): number {
    return this.#inPart;
  }

  /** Takes a snapshot and says what ends with it. */
  take(id: string): Cut {
    const { leastInChunk, mostInChunk, leastInPart, mostInPart } = this.#sizes;
    const mark = crc32(id);
    this.#inChunk += 1;
    this.#inPart += 1;
    const endsPart = this.#inPart >= mostInPart || (this.#inPart >= leastInPart && mark % 256 === 0);
    const endsChunk = this.#inChunk >= mostInChunk || (this.#inChunk >= leastInChunk && mark % 16 === 0);
    if (endsPart || endsChunk) this.#inChunk = 0;
    if (endsPart) this.#inPart = 0;
    return endsPart ? 'part' : endsChunk ? 'chunk' : undefined;
  }
}
