import { mkdirSync } from 'node:fs';
import { type DisplayStatus, displayStatuses } from '../browser.ts';
import { writeParquet } from '../publish/parquet.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import { dayName, rowsOf, statusCounts } from './facts.ts';
import { type ActionIndex, type ActionShard, groupRows, type PublishedFile, shardRows } from './index.ts';
import type { ActionTable } from './table.ts';
import type { ActionsSummary } from './types.ts';

const rowColumns =
  'make_timestamp(atUs) AS time, type, status, run, writer, took AS took_ms, key, ' +
  "CASE WHEN status = 'unknown' THEN word END AS status_word";
const detailColumns =
  'key, details, error, source, file, line, word AS status_word, wordFrom AS status_from, zoneless, ' +
  'make_timestamp(started) AS started_at, make_timestamp(ended) AS ended_at, history, extra';
const maxTypes = 50;

/**
 * Writes data/actions: Parquet shards of at most 50,000 rows, oldest first, each as three files (rows, text, details) with
 * their script twins, and the index. Sealed shards never change while the log only grows. Names end with a checksum of the
 * content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export async function publishActions(
  folder: string,
  table: ActionTable | undefined,
  facts: ActionsSummary,
  sizes = { shardRows, groupRows },
): Promise<ActionIndex> {
  mkdirSync(folder, { recursive: true });
  const shards: ActionShard[] = [];
  for (let start = 0; table !== undefined && start < table.total; start += sizes.shardRows) {
    shards.push(await writeShard(folder, table, start, shards.length, sizes));
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
  return index;
}

async function writeShard(
  folder: string,
  table: ActionTable,
  start: number,
  number: number,
  { shardRows, groupRows }: { shardRows: number; groupRows: number },
): Promise<ActionShard> {
  const { connection, name } = table;
  const end = Math.min(start + shardRows, table.total);
  const where = `FROM ${name} WHERE number >= ${start} AND number < ${end}`;
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
        `SELECT ${select} ${where} ORDER BY number`,
        group,
      ),
    );
  }
  const [range] = await rowsOf(connection, `SELECT min(atUs), max(atUs) ${where}`);
  const byType = await rowsOf(
    connection,
    `SELECT type, count(*) AS n ${where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${maxTypes}`,
  );
  return {
    rows: files[0]!,
    text: files[1]!,
    details: files[2]!,
    count: end - start,
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
