import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { displayStatuses } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import { cutRows, type ShardSizes } from './cuts.ts';
import {
  type ActionIndex,
  type ActionShard,
  groupRows,
  leastRows,
  type PublishedFile,
  shardRows,
} from './index.ts';
import type { LoggedActions } from './logged.ts';
import { ShardFiles, writeNamed } from './shard-files.ts';
import type { ActionsSummary } from './types.ts';

/** Sizes of shards and of the groups of rows in them. */
export type ActionSizes = ShardSizes & { groupRows: number };

/** What an earlier build published. */
export interface PublishedBefore {
  /** The folder of its files. */
  folder: string;
  shards: ActionShard[];
  /** What each shard was made of. */
  marks: string[];
}

/**
 * Writes data/actions: Parquet shards of at most 50,000 rows, oldest first, each as three files (rows, text, details) with
 * their script twins, and the index. Shards that an earlier build made of the same lines are linked from there. Names end with a
 * checksum of the content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export function publishActions(
  folder: string,
  actions: LoggedActions | undefined,
  facts: ActionsSummary,
  given: { sizes?: ActionSizes; before?: PublishedBefore | undefined } = {},
): { index: ActionIndex; marks: string[] } {
  mkdirSync(folder, { recursive: true });
  const { sizes = { shardRows, leastRows, groupRows }, before } = given;
  const cuts = actions === undefined ? [] : cutRows(actions.table, actions.order, sizes);
  const known = new Map(before?.marks.map((mark, at) => [mark, before.shards[at]!]));
  const shards = cuts.map(({ start, count, mark }, number): ActionShard => {
    const suffix = String(number).padStart(4, '0');
    const old = known.get(mark);
    if (old !== undefined) return { ...linkShard(before!.folder, folder, old, suffix), start };
    const files = new ShardFiles(sizes.groupRows);
    const { row, order } = actions!;
    for (let at = start; at < start + count; at++) files.add(row(order.rows[at]!));
    return files.write(folder, suffix, start);
  });
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
    groupRows: sizes.groupRows,
    shards,
  };
  writeJsonTwin(folder, 'actions/', 'index', index);
  return { index, marks: cuts.map(({ mark }) => mark) };
}

/** Puts the files of an earlier build in place, under the number that the shard has now. */
function linkShard(from: string, to: string, shard: ActionShard, suffix: string): ActionShard {
  const link = ({ file, bytes }: PublishedFile): PublishedFile => {
    const [kind, number] = file.split('-');
    // A twin says itself what it is called.
    if (number !== suffix) return writeNamed(to, `${kind}-${suffix}`, readFileSync(join(from, file)));
    for (const name of [file, file.replace(/\.parquet$/, '.js')])
      linkOrCopy(join(from, name), join(to, name));
    return { file, bytes };
  };
  return { ...shard, rows: link(shard.rows), text: link(shard.text), details: link(shard.details) };
}
