import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { CollectorReads } from '../book/read-records.ts';
import type { NumberedCut } from './cuts.ts';
import type { ActionShard } from './index.ts';
import type { LineTable } from './line-table.ts';
import type { RowOrder } from './row-order.ts';
import type { OddRows } from './row-source.ts';
import { type ShardAnswer, type ShardJob, type ShardThread, writeShard } from './shard-job.ts';
import { startShardWorker } from './start-shard-worker.ts';

/** What shards are written from. */
export interface ShardReads {
  thread: ShardThread;
  odd: OddRows;
  /** From so many rows on threads write them. */
  threadedRows: number;
  collector: Pick<CollectorReads, 'LinesAt' | 'LogChanged' | 'resolveDetails'>;
}

/** With fewer rows to write, starting a thread takes longer than it saves. */
export const threadedRows = 60_000;
const mostThreads = 2;

/** Writes shards: where there are many, in threads of their own, each one shard at a time. */
export class ShardWriter {
  readonly #reads: ShardReads;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, (answer: ShardAnswer) => void>();
  readonly #waiting: { make: () => ShardJob; done: (answer: ShardAnswer) => void }[] = [];

  constructor(reads: ShardReads) {
    this.#reads = reads;
  }

  /** Writes some shards, and gives them in their order. @throws LogChanged where lines are no longer what they were. */
  async write(table: LineTable, order: RowOrder, cuts: readonly NumberedCut[]): Promise<ActionShard[]> {
    const rows = cuts.reduce((sum, { cut }) => sum + cut.count, 0);
    const isThreaded = rows >= this.#reads.threadedRows && availableParallelism() > 1;
    if (!isThreaded) return this.#writeHere(table, order, cuts);
    return Promise.all(cuts.map((each) => this.#inThread(() => jobOf(table, order, each))));
  }

  /** Writes a shard while this thread goes on with something else. */
  async writeAside(table: LineTable, order: RowOrder, cut: NumberedCut): Promise<ActionShard> {
    const job = jobOf(table, order, cut);
    return this.#inThread(() => job);
  }

  /** Whether that is quicker than writing everything at the end. */
  get canWriteAside(): boolean {
    return availableParallelism() > 1 && this.#waiting.length === 0;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    const ended = { error: new Error('no longer wanted'), hasLogChanged: false };
    for (const { done } of this.#waiting.splice(0)) done(ended);
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #writeHere(table: LineTable, order: RowOrder, cuts: readonly NumberedCut[]): ActionShard[] {
    const { thread, odd, collector } = this.#reads;
    const lines = new collector.LinesAt(thread.root);
    try {
      const reads = { odd, lines, resolveDetails: collector.resolveDetails };
      return cuts.map((each) => writeShard(thread, reads, jobOf(table, order, each)));
    } finally {
      lines.close();
    }
  }

  async #inThread(make: () => ShardJob): Promise<ActionShard> {
    const answer = await new Promise<ShardAnswer>((done) => {
      this.#waiting.push({ make, done });
      if (this.#idle.length === 0 && this.#workers.size < mostThreads) this.#start();
      this.#next();
    });
    if ('shard' in answer) return answer.shard;
    throw answer.hasLogChanged ? new this.#reads.collector.LogChanged(String(answer.error)) : answer.error;
  }

  #start(): void {
    const worker = startShardWorker(this.#reads.thread);
    this.#workers.add(worker);
    this.#idle.push(worker);
    worker.on('message', (answer: ShardAnswer) => {
      this.#idle.push(worker);
      this.#finish(worker, answer);
    });
    const die = (error: unknown) => {
      this.#workers.delete(worker);
      const answer = { error, hasLogChanged: false };
      if (this.#workers.size === 0) for (const { done } of this.#waiting.splice(0)) done(answer);
      this.#finish(worker, answer);
    };
    worker.on('error', die);
    worker.on('exit', () => die(new Error('a thread that wrote shards has ended')));
  }

  #finish(worker: Worker, answer: ShardAnswer): void {
    const done = this.#busy.get(worker);
    this.#busy.delete(worker);
    done?.(answer);
    this.#next();
  }

  #next(): void {
    const worker = this.#waiting.length === 0 ? undefined : this.#idle.pop();
    if (worker === undefined) return;
    const { make, done } = this.#waiting.shift()!;
    this.#busy.set(worker, done);
    worker.postMessage(make());
  }
}

function jobOf(
  table: LineTable,
  { rows, linesOf }: RowOrder,
  { cut: { start, count }, number }: NumberedCut,
): ShardJob {
  const all: number[] = [];
  const counts = new Uint32Array(count);
  const chunks = new Set<number>();
  for (let at = 0; at < count; at++) {
    const lines = linesOf(rows[start + at]!);
    counts[at] = lines.length;
    for (let part = 0; part < lines.length; part++) {
      all.push(lines[part]!);
      chunks.add(lines[part]! >>> 16);
    }
  }
  return {
    number,
    start,
    lines: Uint32Array.from(all),
    counts,
    chunks: [...chunks].map((each) => [each, table.chunks[each]!]),
    files: table.files,
  };
}
