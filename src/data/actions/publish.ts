import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DisplayStatus, displayStatuses } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import { writeParquet } from '../publish/parquet.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import { atOrBehind, before, cutRows, type ShardSizes } from './cuts.ts';
import { dayName, rowsOf, statusCounts } from './facts.ts';
import {
  type ActionIndex,
  type ActionShard,
  groupRows,
  leastRows,
  type PublishedFile,
  shardRows,
} from './index.ts';
import type { RowPlace } from './join-parts.ts';
import type { ActionTable } from './table.ts';
import type { ActionsSummary } from './types.ts';

const rowColumns =
  'make_timestamp(atUs) AS time, type, status, run, writer, took AS took_ms, ' +
  "CASE WHEN status = 'unknown' THEN word END AS status_word";
const detailColumns =
  'key, details, error, source, file, line, word AS status_word, wordFrom AS status_from, zoneless, ' +
  'make_timestamp(started) AS started_at, make_timestamp(ended) AS ended_at, history, extra';
const maxTypes = 50;

/** Sizes of shards and of the groups of rows in them. */
export type ActionSizes = ShardSizes & { groupRows: number };

/** What an earlier build published of the same table, before it was touched. */
export interface PublishedBefore {
  /** The folder of its files. */
  folder: string;
  shards: ActionShard[];
  /** The first row of each shard. */
  starts: RowPlace[];
}

/**
 * Writes data/actions: Parquet shards of at most 50,000 rows, oldest first, each as three files (rows, text, details) with
 * their script twins, and the index. Shards whose rows are as they were are linked from an earlier build. Names end with a
 * checksum of the content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export async function publishActions(
  folder: string,
  table: ActionTable | undefined,
  facts: ActionsSummary,
  given: { sizes?: ActionSizes; before?: PublishedBefore | undefined } = {},
): Promise<{ index: ActionIndex; starts: RowPlace[] }> {
  mkdirSync(folder, { recursive: true });
  const { sizes = { shardRows, leastRows, groupRows }, before: earlier } = given;
  const cuts =
    table === undefined
      ? []
      : await cutRows(
          table.connection,
          sizes,
          earlier && table.touched && { starts: earlier.starts, touched: table.touched },
        );
  const shards: ActionShard[] = [];
  let start = 0;
  for (const [number, { from, old }] of cuts.entries()) {
    const known = old === number ? earlier?.shards[old] : undefined;
    const shard =
      known === undefined
        ? await writeShard(folder, table!, { from, to: cuts[number + 1]?.from, start, number }, sizes)
        : { ...known, start };
    if (known !== undefined) linkShard(earlier!.folder, folder, known);
    shards.push(shard);
    start += shard.count;
  }
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
  return { index, starts: cuts.map(({ from }) => from) };
}

function linkShard(from: string, to: string, { rows, text, details }: ActionShard): void {
  for (const { file } of [rows, text, details])
    for (const name of [file, file.replace(/\.parquet$/, '.js')])
      linkOrCopy(join(from, name), join(to, name));
}

async function writeShard(
  folder: string,
  table: ActionTable,
  { from, to, start, number }: { from: RowPlace; to: RowPlace | undefined; start: number; number: number },
  { shardRows, groupRows }: ActionSizes,
): Promise<ActionShard> {
  const { connection, name } = table;
  const where = `FROM ${name} WHERE ${number === 0 ? 'true' : atOrBehind(from)} AND ${to === undefined ? 'true' : before(to)}`;
  const suffix = String(number).padStart(4, '0');
  const files: PublishedFile[] = [];
  for (const [kind, select, group] of [
    ['rows', rowColumns, shardRows],
    ['text', 'summary', groupRows],
    ['details', detailColumns, groupRows],
  ] as const) {
    files.push(
      await writeParquet(
        connection,
        { folder, prefix: 'actions/', name: `${kind}-${suffix}` },
        `SELECT ${select} ${where} ORDER BY atUs, ordinal`,
        group,
      ),
    );
  }
  const [range] = await rowsOf(connection, `SELECT min(atUs), max(atUs), count(*) ${where}`);
  const byType = await rowsOf(
    connection,
    `SELECT type, count(*) AS n ${where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${maxTypes}`,
  );
  return {
    rows: files[0]!,
    text: files[1]!,
    details: files[2]!,
    count: Number(range?.[2]),
    start,
    fromUs: range?.[0] === null ? null : Number(range?.[0]),
    toUs: range?.[1] === null ? null : Number(range?.[1]),
    byStatus: statusCounts(await rowsOf(connection, `SELECT status, count(*) ${where} GROUP BY 1`)),
    byType: Object.fromEntries(byType.map(([type, count]) => [String(type), Number(count)])),
    byDay: byDay(
      await rowsOf(
        connection,
        `SELECT floor(atUs / 86400000000) AS day, status, count(*) ${where} GROUP BY ALL ORDER BY day`,
      ),
    ),
  };
}

function byDay(rows: unknown[][]): Record<string, number[]> {
  const days: Record<string, number[]> = {};
  for (const [day, status, count] of rows) {
    const name = dayName(Number(day));
    days[name] ??= displayStatuses.map(() => 0);
    const counts = days[name];
    counts[displayStatuses.indexOf(status as DisplayStatus)] = Number(count);
  }
  return days;
}
