import type { DuckDBConnection } from '@duckdb/node-api';
import type { Counted, StatusCounts } from '../book/counts.ts';
import type { ActionSource } from '../browser.ts';
import { type DisplayStatus, displayStatuses, type JsonValue, parseJson } from '../browser.ts';
import type { ActionTable } from './table.ts';
import type { ActionsSummary, ActionView, DayCounts } from './types.ts';

/** What the lines of the log came to before they were joined. */
export interface LineCounts {
  lines: number;
  repeated: number;
  broken: number;
}

const maxNames = 1000;

/** Everything the pages say about the actions, counted over the whole table. */
export async function actionFacts(table: ActionTable, counts: LineCounts): Promise<ActionsSummary> {
  const { connection, name, total, joined } = table;
  const ask = (sql: string) => rowsOf(connection, sql);
  const [range] = await ask(`SELECT min(atUs), max(atUs) FROM ${name}`);
  const view = (where: string, most: number) =>
    actionViews(connection, `SELECT * FROM ${name} ${where} ORDER BY atUs DESC, ordinal DESC LIMIT ${most}`);
  const succeeded = `SELECT type, run, max((atUs, ordinal)) AS last FROM ${name} WHERE status = 'completed' GROUP BY ALL`;
  const unrecovered = `SELECT action.* FROM ${name} action LEFT JOIN (${succeeded}) success
    ON success.type = action.type AND success.run IS NOT DISTINCT FROM action.run
    WHERE status IN ('failed', 'aborted') AND (success.last IS NULL OR (atUs, ordinal) > success.last) ORDER BY atUs DESC, ordinal DESC LIMIT 20`;
  return {
    total,
    ...counts,
    joined,
    firstUs: range?.[0] === null ? undefined : Number(range?.[0]),
    lastUs: range?.[1] === null ? undefined : Number(range?.[1]),
    byStatus: statusCounts(await ask(`SELECT status, count(*) FROM ${name} GROUP BY status`)),
    types: await counted(ask, name, 'type'),
    runs: await counted(ask, name, 'run'),
    writers: await counted(ask, name, 'writer'),
    days: dayCounts(
      await ask(
        `SELECT floor(atUs / 86400000000) AS day, status, count(*) FROM ${name} GROUP BY ALL ORDER BY day`,
      ),
    ),
    newest: await view('', 200),
    attention: await actionViews(connection, unrecovered),
    running: await view("WHERE status = 'running' AND endable", 20),
    endless: await counted(ask, name, 'word', "status = 'running' AND NOT endable"),
  };
}

/** Facts of a book without any action. */
export function noFacts(counts: LineCounts): ActionsSummary {
  return {
    total: 0,
    ...counts,
    joined: 0,
    firstUs: undefined,
    lastUs: undefined,
    byStatus: noStatusCounts(),
    types: [],
    runs: [],
    writers: [],
    days: [],
    newest: [],
    attention: [],
    running: [],
    endless: [],
  };
}

/** A count of nothing, by status. */
export function noStatusCounts(): StatusCounts {
  return Object.fromEntries(displayStatuses.map((status) => [status, 0])) as StatusCounts;
}

/** Rows of [status, count] as an object. */
export function statusCounts(rows: unknown[][]): StatusCounts {
  const counts = noStatusCounts();
  for (const [status, count] of rows) counts[status as DisplayStatus] = Number(count);
  return counts;
}

/** "2026-11-20" for a number of days since 1970. */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The rows of a query as arrays. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

async function counted(
  ask: (sql: string) => Promise<unknown[][]>,
  name: string,
  column: string,
  where = 'true',
): Promise<Counted[]> {
  const rows = await ask(
    `SELECT ${column}, count(*) AS n FROM ${name} WHERE ${column} IS NOT NULL AND ${where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${maxNames}`,
  );
  return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
}

function dayCounts(rows: unknown[][]): DayCounts[] {
  const days: DayCounts[] = [];
  for (const [number, status, count] of rows) {
    const day = dayName(Number(number));
    if (days[days.length - 1]?.day !== day) days.push({ day, counts: noStatusCounts() });
    days[days.length - 1]!.counts[status as DisplayStatus] = Number(count);
  }
  return days;
}

/** Details longer than this stay in the data files; pages show their beginning. */
const maxDetails = 20_000;

async function actionViews(connection: DuckDBConnection, sql: string): Promise<ActionView[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowObjects();
  return rows.map((row) => ({
    key: String(row['key']),
    atUs: Number(row['atUs']),
    type: String(row['type']),
    status: row['status'] as DisplayStatus,
    statusWord: String(row['word']),
    statusFrom: String(row['wordFrom']),
    summary: String(row['summary']),
    durationMs: optional(row['took'], Number),
    error: optional(row['error'], String),
    run: optional(row['run'], String),
    writer: optional(row['writer'], String),
    source: optional(row['source'], (text) => parseJson(String(text)) as ActionSource),
    details: shownDetails(String(row['details'])),
    file: String(row['file']),
    line: Number(row['line']),
    zoneless: row['zoneless'] === true,
  }));
}

function shownDetails(text: string): JsonValue {
  return text.length <= maxDetails
    ? (parseJson(text) as JsonValue)
    : `${text.slice(0, maxDetails).toWellFormed()}…`;
}

function optional<Value>(value: unknown, make: (value: unknown) => Value): Value | undefined {
  return value === null || value === undefined ? undefined : make(value);
}
