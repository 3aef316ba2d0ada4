import type { LinesAt } from '../../../collector/store/lines-at.ts';
import type { CollectorReads } from '../book/read-records.ts';
import type { ActionShard } from './index.ts';
import { type LineChunk, LineTable } from './line-table.ts';
import { type OddRows, RowSource } from './row-source.ts';
import { ShardFiles } from './shard-files.ts';

/** What a thread that writes shards works with. */
export interface ShardThread {
  root: string;
  /** Where the files go. */
  folder: string;
  /** Where the rows lie that cannot be made of the log again. */
  odd: string;
  groupRows: number;
}

/** A shard to be written: the numbers of its lines in the table, action by action. */
export interface ShardJob {
  number: number;
  start: number;
  lines: Uint32Array;
  /** How many lines each action has. */
  counts: Uint32Array;
  /** Of the table, in memory that threads share: those chunks that its lines stand in, by their number. */
  chunks: [number: number, chunk: LineChunk][];
  files: string[];
}

/** What became of a job. */
export type ShardAnswer = { shard: ActionShard } | { error: unknown; hasLogChanged: boolean };

/** Writes a shard. */
export function writeShard(
  { root, folder, groupRows }: Pick<ShardThread, 'root' | 'folder' | 'groupRows'>,
  reads: { odd: OddRows; lines: LinesAt; resolveDetails: CollectorReads['resolveDetails'] },
  { number, start, lines, counts, chunks, files }: ShardJob,
): ActionShard {
  const table = LineTable.part(chunks, files);
  const source = new RowSource(root, reads, table);
  const written = new ShardFiles(groupRows);
  let from = 0;
  for (const count of counts) {
    written.add(source.row(lines.subarray(from, from + count)));
    from += count;
  }
  return written.write(folder, number, start);
}
