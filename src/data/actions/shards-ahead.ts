import { cutRows, type ShardSizes } from './cuts.ts';
import type { ActionShard } from './index.ts';
import type { LineTable } from './line-table.ts';
import { rowOrder } from './row-order.ts';
import type { ShardWriter } from './shard-writer.ts';

/** What comes late is seldom as late as this: full shards from the end that are not written yet. */
const waitingShards = 1;

/**
 * Writes shards while the log is still being read. Which lines a shard holds is certain only at the end; but it is known by
 * its lines, so that what was written too early is simply not used.
 */
export class ShardsAhead {
  readonly #writer: ShardWriter;
  readonly #sizes: ShardSizes;
  readonly #known: ReadonlySet<string>;
  readonly #begun = new Map<string, Promise<ActionShard | undefined>>();
  readonly #from: number;
  /** After so many lines it is looked again what can be written. */
  #next: number;

  /** `known` are shards that need not be written; `from` is how many lines were read before, `firstLook` after how many more something may be ready. */
  constructor(
    writer: ShardWriter,
    sizes: ShardSizes,
    { known, from, firstLook }: { known: ReadonlySet<string>; from: number; firstLook: number },
  ) {
    this.#from = from;
    this.#next = from + firstLook;
    this.#writer = writer;
    this.#sizes = sizes;
    this.#known = known;
  }

  /** To be told of every line that was read. */
  look(table: LineTable): void {
    if (table.count < this.#next) return;
    this.#next = 2 * table.count - this.#from;
    if (!this.#writer.canWriteAside) return;
    const order = rowOrder(table);
    const cuts = cutRows(table, order, this.#sizes).map((cut, number) => ({ cut, number }));
    for (const each of cuts.filter(({ cut }) => !cut.isOpen).slice(0, -waitingShards)) {
      const { mark } = each.cut;
      if (this.#known.has(mark) || this.#begun.has(mark)) continue;
      const written = this.#writer.writeAside(table, order, each).then(
        (shard) => shard,
        // Whoever wants it at the end writes it then, and says what is wrong.
        () => undefined,
      );
      this.#begun.set(mark, written);
    }
  }

  /** What was written, by what it was made of. */
  async written(): Promise<Map<string, ActionShard>> {
    const written = new Map<string, ActionShard>();
    for (const [mark, shard] of this.#begun) {
      const found = await shard;
      if (found !== undefined) written.set(mark, found);
    }
    return written;
  }
}
