import type { JsonObject } from '../browser.ts';
import { type Frame, layFrame } from './frames.ts';
import type { SnapshotChunk } from './index.ts';

/** Contents of a chunk, laid together as far as they are asked for. */
export class LaidChunk {
  readonly ids: readonly string[];
  readonly #frames: readonly Frame[];
  readonly #states: JsonObject[] = [];

  constructor({ ids, frames }: SnapshotChunk) {
    this.ids = ids;
    this.#frames = frames;
  }

  /** The content of one of its snapshots by its position. */
  at(position: number): JsonObject | undefined {
    if (position >= this.#frames.length) return undefined;
    while (this.#states.length <= position)
      this.#states.push(layFrame(this.#states.at(-1) ?? {}, this.#frames[this.#states.length]!));
    return this.#states[position];
  }
}

/** The last chunk that begins at a snapshot or before it, given the numbers of the first snapshots of all; -1 where none does. */
export function chunkOf(firsts: readonly number[], number: number): number {
  let [low, high] = [0, firsts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle]! <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
