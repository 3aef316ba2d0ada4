import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { displayStatuses } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import type { NumberedCut, ShardCut, ShardSizes } from './cuts.ts';
import type { ActionIndex, ActionShard, PublishedFile } from './index.ts';
import { suffixOf, writeNamed } from './shard-files.ts';
import type { ActionsSummary } from './types.ts';

/** Sizes of shards and of the groups of rows in them. */
export type ActionSizes = ShardSizes & {
  groupRows: number;
  /** From so many rows on threads are worth their start; for tests. */
  threadedRows?: number;
};

/** What an earlier build published. */
export interface PublishedBefore {
  /** The folder of its files. */
  folder: string;
  shards: ActionShard[];
  /** What each shard was made of. */
  marks: string[];
}

/** Who writes shards that nothing is known of. */
export interface ShardsWritten {
  /** Those that were written ahead, by what they were made of. */
  ahead: ReadonlyMap<string, ActionShard>;
  write(cuts: readonly NumberedCut[]): Promise<ActionShard[]>;
}

/**
 * Writes data/actions: Parquet shards of at most 50,000 rows, oldest first, each as three files (rows, text, details) with
 * their script twins, and the index. Shards that an earlier build made of the same lines are linked from there. Names end with a
 * checksum of the content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export async function publishActions(
  folder: string,
  cuts: readonly ShardCut[],
  facts: ActionsSummary,
  given: { groupRows: number; before?: PublishedBefore | undefined; shards: ShardsWritten },
): Promise<{ index: ActionIndex; marks: string[] }> {
  const { before, groupRows } = given;
  const { ahead, write } = given.shards;
  const known = new Map(before?.marks.map((mark, at) => [mark, before.shards[at]!]));
  const found = cuts.map(({ start, mark }, number): ActionShard | undefined => {
    const suffix = suffixOf(number);
    const [old, early] = [known.get(mark), ahead.get(mark)];
    if (old !== undefined) return { ...linkShard(before!.folder, folder, old, suffix), start };
    return early && { ...linkShard(folder, folder, early, suffix), start };
  });
  const missing = cuts.flatMap((cut, number) => (found[number] === undefined ? [{ cut, number }] : []));
  const written = await write(missing);
  for (const [at, { number }] of missing.entries()) found[number] = written[at]!;
  const shards = found as ActionShard[];
  removeUnused(folder, [...ahead.values()], shards);
  const index: ActionIndex = {
    format: 1,
    total: facts.total,
    lines: facts.lines,
    repeated: facts.repeated,
    broken: facts.broken,
    joined: facts.joined,
    firstUs: facts.firstUs ?? null,
    lastUs: facts.lastUs ?? null,
    statuses: [...displayStatuses],
    byStatus: facts.byStatus,
    groupRows,
    shards,
  };
  writeJsonTwin(folder, 'actions/', 'index', index);
  return { index, marks: cuts.map(({ mark }) => mark) };
}

/** What was written ahead, and then came to be cut otherwise. */
function removeUnused(folder: string, ahead: readonly ActionShard[], shards: readonly ActionShard[]): void {
  const filesOf = ({ rows, text, details }: ActionShard) => [rows, text, details].map(({ file }) => file);
  const used = new Set(shards.flatMap(filesOf));
  for (const file of ahead.flatMap(filesOf).filter((each) => !used.has(each)))
    for (const name of [file, twinOf(file)]) rmSync(join(folder, name), { force: true });
}

const twinOf = (file: string) => file.replace(/\.parquet$/, '.js');

/** Puts the files of an earlier build in place, under the number that the shard has now. */
function linkShard(from: string, to: string, shard: ActionShard, suffix: string): ActionShard {
  const link = ({ file, bytes }: PublishedFile): PublishedFile => {
    const [kind, number] = file.split('-');
    // A twin says itself what it is called.
    if (number !== suffix) return writeNamed(to, `${kind}-${suffix}`, readFileSync(join(from, file)));
    if (from !== to) for (const name of [file, twinOf(file)]) linkOrCopy(join(from, name), join(to, name));
    return { file, bytes };
  };
  return { ...shard, rows: link(shard.rows), text: link(shard.text), details: link(shard.details) };
}
