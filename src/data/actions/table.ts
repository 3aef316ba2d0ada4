import { crc32 } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  type KeptDatabase,
  openDatabase,
  openKept,
  type TableAppender,
} from '../publish/temporary-database.ts';
import { joinedRows, type RowPlace } from './join-parts.ts';
import type { ActionRow, PartRow } from './row.ts';

/** All actions of a book in a database, sorted by time and then by their place in the log: what shards and counts are made from. */
export interface ActionTable {
  connection: DuckDBConnection;
  /** Name of a view of all actions; they are in the order of its columns `atUs` and `ordinal`. */
  name: string;
  total: number;
  /** Lines that became part of an action that another line began. */
  joined: number;
  /** Where rows came, went or changed since the table was kept; undefined for a new one. */
  touched: RowPlace[] | undefined;
  /** Keeps it for a build that goes on from here, which must name the same token. */
  keep(token: string): Promise<void>;
}

/** Takes rows in any order and turns them into an ActionTable. */
export interface ActionTableWriter {
  /** `ordinal` rises with the place in the log. */
  add(row: ActionRow, ordinal: number): void;
  /** Takes one line of an action that may have others. */
  addPart(row: PartRow): void;
  finish(): Promise<ActionTable>;
  /** Closes the database and deletes it where it was not kept; for the end, and for when something failed. */
  close(): void;
}

/** Columns in which rows repeat each other: a row holds the number of their combination, which saves most of the time of appending. */
const stampColumns = [
  ['type', 'VARCHAR'],
  ['status', 'VARCHAR'],
  ['writer', 'VARCHAR'],
  ['word', 'VARCHAR'],
  ['wordFrom', 'VARCHAR'],
  ['endable', 'BOOLEAN'],
  ['zoneless', 'BOOLEAN'],
  ['file', 'VARCHAR'],
] as const satisfies Column[];
const ownColumns = [
  ['atUs', 'DOUBLE'],
  ['run', 'VARCHAR'],
  ['took', 'DOUBLE'],
  ['key', 'VARCHAR'],
  ['summary', 'VARCHAR'],
  ['started', 'DOUBLE'],
  ['ended', 'DOUBLE'],
  ['error', 'VARCHAR'],
  ['source', 'VARCHAR'],
  ['details', 'VARCHAR'],
  ['extra', 'VARCHAR'],
  ['line', 'INTEGER'],
  ['history', 'VARCHAR'],
] as const satisfies Column[];
/** Of an action of one line its id is not kept: no other line can have it. */
const placeColumns = [
  ['actionId', 'VARCHAR'],
  ['ordinal', 'DOUBLE'],
] as const satisfies Column[];

type Column = readonly [name: keyof PartRow, type: 'VARCHAR' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN'];

const columns: readonly Column[] = [...ownColumns, ...placeColumns];

/**
 * Opens the table that an earlier build kept at `kept.path` under `kept.token`, to go on with it; undefined where there is
 * none, or another process has it.
 */
export async function reopenActionTable(kept: {
  path: string;
  token: string;
}): Promise<ActionTableWriter | undefined> {
  const database = await openKept(kept.path, false);
  if (database === undefined) return undefined;
  try {
    const rows = await database.connection.runAndReadAll('SELECT token FROM kept');
    if (rows.getRows()[0]?.[0] !== kept.token) throw new Error('kept by another build');
    await database.connection.run('BEGIN TRANSACTION');
    return await writer(database, true);
  } catch {
    database.close();
    return undefined;
  }
}

/**
 * Opens an empty table, at `path` where it may be kept there, else in a temporary place below `folder`. Rows go in as data
 * chunks, the fastest way measured and one that DuckDB cannot misread; memory is bounded because what does not fit is
 * spilled.
 */
export async function openActionTable(folder: string, path?: string): Promise<ActionTableWriter> {
  const database = path === undefined ? undefined : await openKept(path, true);
  return writer(database ?? { ...(await openDatabase(folder)), commit: undefined }, false);
}

async function writer(database: KeptDatabase, isKept: boolean): Promise<ActionTableWriter> {
  const { connection, appender } = database;
  const stamps = await stampTable(connection, appender);
  const make = (table: string) => sink(appender, table, stamps);
  const [singles, parts] = [await make('actions'), await make('parts')];
  const touched: RowPlace[] = [];
  const endedIds = new Set<string>();
  let isOrdered = true;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    add(row, ordinal) {
      if (row.atUs < lastAt) isOrdered = false;
      lastAt = row.atUs;
      singles.add({ ...row, actionId: null, ordinal });
      if (isKept) touched.push({ atUs: row.atUs, ordinal });
    },
    addPart(row) {
      parts.add(row);
      if (isKept) endedIds.add(row.actionId);
    },
    close: database.close,
    async finish() {
      parts.close();
      const names = columns.map(([name]) => name);
      if (parts.rows() > 0) {
        const ids = isKept ? [...endedIds] : undefined;
        const before = ids === undefined ? [] : await placesOf(connection, ids);
        touched.push(...before);
        if (before.length > 0)
          await connection.run(
            `DELETE FROM actions WHERE actionId IN (${(ids ?? []).map(quotedText).join(', ')})`,
          );
        await joinedRows(connection, { names, ids, stampOf: stamps.get }, (row) => {
          singles.add(row);
          if (isKept) touched.push({ atUs: row.atUs, ordinal: row.ordinal });
        });
        isOrdered = false;
      }
      singles.close();
      stamps.close();
      if (!isKept && !isOrdered) {
        await connection.run('CREATE TABLE sorted AS SELECT * FROM actions ORDER BY atUs, ordinal');
        await connection.run('DROP TABLE actions');
        await connection.run('ALTER TABLE sorted RENAME TO actions');
      }
      if (!isKept)
        await connection.run(
          'CREATE VIEW log AS SELECT * REPLACE (atUs::BIGINT AS atUs, started::BIGINT AS started, ended::BIGINT AS ended, ordinal::BIGINT AS ordinal) FROM actions JOIN stamps USING (stamp)',
        );
      const [counts] = (
        await connection.runAndReadAll(
          'SELECT (SELECT count(*) FROM actions), (SELECT count(*) - count(DISTINCT actionId) FROM parts)',
        )
      ).getRows();
      return {
        connection,
        name: 'log',
        total: Number(counts![0]),
        joined: Number(counts![1]),
        touched: isKept ? touched : undefined,
        async keep(token) {
          if (database.commit === undefined) return;
          await connection.run('CREATE OR REPLACE TABLE kept (token VARCHAR)');
          await connection.run(`INSERT INTO kept VALUES (${quotedText(token)})`);
          if (isKept) await connection.run('COMMIT');
          database.commit();
        },
      };
    },
  };
}

async function placesOf(connection: DuckDBConnection, ids: readonly string[]): Promise<RowPlace[]> {
  const list = ids.map(quotedText).join(', ');
  const found = await connection.runAndReadAll(
    `SELECT atUs, ordinal FROM actions WHERE actionId IN (${list})`,
  );
  return found.getRows().map(([atUs, ordinal]) => ({ atUs: Number(atUs), ordinal: Number(ordinal) }));
}

/** A text as SQL takes it. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

type MakeAppender = (
  table: string,
  columns: readonly (readonly [string, string])[],
) => Promise<TableAppender>;

type StoredRow = Omit<PartRow, 'actionId'> & { actionId: string | null };

interface RowSink {
  add(row: StoredRow): void;
  close(): void;
  rows(): number;
}

interface Stamps {
  /** Number of the row's combination. */
  of(row: ActionRow): number;
  get(stamp: number): Pick<ActionRow, (typeof stampColumns)[number][0]>;
  close(): void;
}

async function stampTable(connection: DuckDBConnection, appender: MakeAppender): Promise<Stamps> {
  const append = await appender('stamps', [['stamp', 'INTEGER'], ...stampColumns]);
  const known = await connection.runAndReadAll(
    `SELECT ${stampColumns.map(([name]) => name).join(', ')} FROM stamps ORDER BY stamp`,
  );
  const all: unknown[][] = known.getRows();
  const toRow = (values: unknown[]) =>
    Object.fromEntries(stampColumns.map(([name], at) => [name, values[at]])) as ReturnType<Stamps['get']>;
  const numbers = new Map<string, number>(all.map((values, at) => [stampKey(toRow(values)), at]));
  return {
    of(row) {
      const key = stampKey(row);
      const number = numbers.get(key);
      if (number !== undefined) return number;
      const values = stampColumns.map(([name]) => row[name]);
      numbers.set(key, all.length);
      for (const [at, value] of [all.length, ...values].entries()) append.waiting()[at]!.push(value);
      append.added();
      return all.push(values) - 1;
    },
    get: (stamp) => toRow(all[stamp]!),
    close: append.close,
  };
}

/** Lengths keep texts that hold the separator themselves from looking like others. */
function stampKey(row: ReturnType<Stamps['get']>): string {
  return `${row.type.length} ${row.word.length}\0${row.type}\0${row.status}\0${row.writer}\0${row.word}\0${row.wordFrom}\0${row.endable}\0${row.zoneless}\0${row.file}`;
}

async function sink(appender: MakeAppender, table: string, stamps: Stamps): Promise<RowSink> {
  const append = await appender(table, [['stamp', 'INTEGER'], ['mark', 'INTEGER'], ...columns]);
  const names = columns.map(([name]) => name);
  let rows = 0;
  return {
    add(row) {
      const waiting = append.waiting();
      waiting[0]!.push(stamps.of(row));
      waiting[1]!.push(markOf(row.key));
      for (let at = 0; at < names.length; at++) waiting[at + 2]!.push((row as StoredRow)[names[at]!]);
      append.added();
      rows += 1;
    },
    close: append.close,
    rows: () => rows,
  };
}

/** A number that nothing but the key decides: where it fits, a shard may begin. */
function markOf(key: string): number {
  return crc32(key) & 0x7fffffff;
}
