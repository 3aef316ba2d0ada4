import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, type TableAppender } from '../publish/temporary-database.ts';
import { type ActionRow, joinRows, type PartRow } from './row.ts';

/** All actions of a book in a temporary database, sorted by time: what the shards and the counts are made from. */
export interface ActionTable {
  connection: DuckDBConnection;
  /** Name of a view of all actions; its column `number` counts from the oldest. */
  name: string;
  total: number;
  /** Lines that became part of an action that another line began. */
  joined: number;
  close(): void;
}

/** Takes rows in any order and turns them into an ActionTable. */
export interface ActionTableWriter {
  add(row: ActionRow): void;
  /** Takes one line of an action that may have others. */
  addPart(row: PartRow): void;
  finish(): Promise<ActionTable>;
  /** Closes and deletes the database; for when something failed. */
  discard(): void;
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
const partColumns: Column[] = [
  ['actionId', 'VARCHAR'],
  ['ordinal', 'DOUBLE'],
];

type Column = readonly [name: keyof PartRow, type: 'VARCHAR' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN'];

/**
 * Opens a temporary database below `folder`. Rows go in as data chunks, the fastest way measured and one that DuckDB
 * cannot misread; memory is bounded because what does not fit is spilled to the same folder.
 */
export async function openActionTable(folder: string): Promise<ActionTableWriter> {
  const { connection, appender, close } = await openDatabase(folder);
  const stamps = await stampTable(appender);
  const actions = await sink(appender, 'actions', ownColumns, stamps);
  const parts = await sink(appender, 'parts', [...ownColumns, ...partColumns], stamps);
  let ordered = true;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    add(row) {
      if (row.atUs < lastAt) ordered = false;
      lastAt = row.atUs;
      actions.add(row);
    },
    addPart: (row) => parts.add(row),
    discard: close,
    async finish() {
      parts.close();
      let joined = 0;
      if (parts.rows() > 0) {
        const before = actions.rows();
        await joinParts(connection, stamps, (row) => actions.add(row));
        joined = parts.rows() - (actions.rows() - before);
        ordered = false;
      }
      actions.close();
      stamps.close();
      const stored = ordered ? 'actions' : 'sorted';
      if (!ordered) await connection.run('CREATE TABLE sorted AS SELECT * FROM actions ORDER BY atUs, rowid');
      await connection.run(
        `CREATE VIEW log AS SELECT ${stored}.rowid AS number, * REPLACE (atUs::BIGINT AS atUs, started::BIGINT AS started, ended::BIGINT AS ended) FROM ${stored} JOIN stamps USING (stamp)`,
      );
      return {
        connection,

        name: 'log',
        total: actions.rows(),
        joined,
        close,
      };
    },
  };
}

type MakeAppender = (
  table: string,
  columns: readonly (readonly [string, string])[],
) => Promise<TableAppender>;

interface RowSink {
  add(row: ActionRow): void;
  close(): void;
  rows(): number;
}

interface Stamps {
  /** Number of the row's combination. */
  of(row: ActionRow): number;
  get(stamp: number): Pick<ActionRow, (typeof stampColumns)[number][0]>;
  close(): void;
}

async function stampTable(appender: MakeAppender): Promise<Stamps> {
  const columns: readonly (readonly [string, string])[] = [['stamp', 'INTEGER'], ...stampColumns];
  const append = await appender('stamps', columns);
  const numbers = new Map<string, number>();
  const all: unknown[][] = [];
  return {
    of(row) {
      // Lengths keep texts that hold the separator themselves from looking like others.
      const key = `${row.type.length} ${row.word.length}\0${row.type}\0${row.status}\0${row.writer}\0${row.word}\0${row.wordFrom}\0${row.endable}\0${row.zoneless}\0${row.file}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const values = stampColumns.map(([name]) => row[name]);
      numbers.set(key, all.length);
      for (const [at, value] of [all.length, ...values].entries()) append.waiting()[at]!.push(value);
      append.added();
      return all.push(values) - 1;
    },
    get: (stamp) =>
      Object.fromEntries(stampColumns.map(([name], at) => [name, all[stamp]![at]])) as ReturnType<
        Stamps['get']
      >,
    close: append.close,
  };
}

async function sink(
  appender: MakeAppender,
  table: string,
  columns: readonly Column[],
  stamps: Stamps,
): Promise<RowSink> {
  const append = await appender(table, [['stamp', 'INTEGER'], ...columns]);
  const names = columns.map(([name]) => name);
  let rows = 0;
  return {
    add(row) {
      const waiting = append.waiting();
      waiting[0]!.push(stamps.of(row));
      for (let at = 0; at < names.length; at++) waiting[at + 1]!.push((row as PartRow)[names[at]!]);
      append.added();
      rows += 1;
    },
    close: append.close,
    rows: () => rows,
  };
}

/** Streams the lines in the order of their actions and hands over one row for each action. */
async function joinParts(
  connection: DuckDBConnection,
  stamps: Stamps,
  add: (row: ActionRow) => void,
): Promise<void> {
  const names = [...ownColumns, ...partColumns].map(([name]) => name);
  const result = await connection.stream(
    `SELECT stamp, ${names.join(', ')} FROM parts ORDER BY actionId, atUs, ordinal`,
  );
  let group: PartRow[] = [];
  const emit = () => {
    if (group.length > 0) add(joinRows(group));
    group = [];
  };
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const values of chunk.getRows()) {
      const own = Object.fromEntries(names.map((name, at) => [name, values[at + 1]]));
      const row = { ...own, ...stamps.get(values[0] as number) } as unknown as PartRow;
      if (group[0] !== undefined && group[0].actionId !== row.actionId) emit();
      group.push(row);
    }
  }
  emit();
}
