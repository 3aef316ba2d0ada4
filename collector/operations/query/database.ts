import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import type { Row, TakeRow } from './rows.ts';
import { type ColumnKind, columnsOf, type ViewName } from './views.ts';

type DuckDB = typeof import('@duckdb/node-api');

/** Not a literal, so that no bundler follows it into native code. */
const packageName: string = ['@duckdb', 'node-api'].join('/');

/** Rows that go in at once. */
const chunkRows = 2048;

/** A database with the views of a book, in a folder that goes with it. */
export class QueryDatabase {
  readonly connection: DuckDBConnection;
  readonly #duckdb: DuckDB;
  readonly #close: () => void;

  private constructor(duckdb: DuckDB, connection: DuckDBConnection, close: () => void) {
    this.#duckdb = duckdb;
    this.connection = connection;
    this.#close = close;
  }

  /** @throws DaybookError `unavailable` where DuckDB is not installed. */
  static async open(): Promise<QueryDatabase> {
    const duckdb = await loadDuckDB();
    const folder = makeWorkFolder('query');
    try {
      const instance = await duckdb.DuckDBInstance.create(join(folder, 'book.duckdb'), {
        memory_limit: '1GB',
        max_temp_directory_size: '20GB',
        temp_directory: join(folder, 'spill'),
        threads: '2',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      });
      const connection = await instance.connect();
      return new QueryDatabase(duckdb, connection, () => {
        connection.closeSync();
        instance.closeSync();
        rmSync(folder, { recursive: true, force: true });
      });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Makes a view of the rows that `fill` hands out. */
  async addView(view: ViewName, fill: (take: TakeRow) => Promise<void>): Promise<void> {
    const columns = columnsOf(view);
    const table = `rows_of_${view}`;
    const list = columns.map(([name, kind]) => `"${name}" ${stored[kind]}`);
    await this.connection.run(`CREATE TABLE ${table} (${list.join(', ')})`);
    const { take, end } = await this.#appender(
      table,
      columns.map(([, kind]) => kind),
    );
    await fill(take);
    end();
    const shown = columns.map(([name, kind]) => shownAs(name, kind));
    await this.connection.run(
      `CREATE VIEW "${view}" AS SELECT ${shown.join(', ')} FROM ${table}${newestOf[view] ?? ''}`,
    );
  }

  /** From now on no file can be reached, nothing be loaded, and none of this be taken back. */
  async lock(): Promise<void> {
    await this.connection.run('SET enable_external_access = false; SET lock_configuration = true;');
  }

  close(): void {
    this.#close();
  }

  async #appender(table: string, kinds: readonly ColumnKind[]): Promise<{ take: TakeRow; end(): void }> {
    const appender = await this.connection.createAppender(table);
    const types = kinds.map((kind) => this.#typeOf(kind));
    const chunk = this.#duckdb.DuckDBDataChunk.create(types);
    let waiting: unknown[][] = kinds.map(() => []);
    const cellOf = (cell: Row[number]) =>
      typeof cell === 'object' && cell !== null ? this.#duckdb.listValue([...cell]) : (cell ?? null);
    const flush = () => {
      if (waiting[0]!.length === 0) return;
      chunk.reset();
      chunk.setColumns(waiting as never);
      appender.appendDataChunk(chunk);
      waiting = kinds.map(() => []);
    };
    return {
      take(row) {
        for (let at = 0; at < kinds.length; at++) waiting[at]!.push(cellOf(row[at]));
        if (waiting[0]!.length === chunkRows) flush();
      },
      end() {
        flush();
        appender.closeSync();
      },
    };
  }

  #typeOf(kind: ColumnKind): DuckDBType {
    const { BOOLEAN, DOUBLE, LIST, VARCHAR } = this.#duckdb;
    if (kind === 'flag') return BOOLEAN;
    if (kind === 'texts') return LIST(VARCHAR);
    return kind === 'text' || kind === 'json' ? VARCHAR : DOUBLE;
  }
}

const stored: Record<ColumnKind, string> = {
  text: 'VARCHAR',
  json: 'VARCHAR',
  number: 'DOUBLE',
  count: 'DOUBLE',
  time: 'DOUBLE',
  flag: 'BOOLEAN',
  texts: 'VARCHAR[]',
};

/** Of lines with one action id the newest is the action; of equal times the later one. */
const newestOf: Partial<Record<ViewName, string>> = {
  actions:
    ' QUALIFY action_id IS NULL OR row_number() OVER (PARTITION BY action_id ORDER BY rows_of_actions."time" DESC, rows_of_actions.rowid DESC) = 1',
};

function shownAs(name: string, kind: ColumnKind): string {
  if (kind === 'time') return `make_timestamp("${name}"::BIGINT) AS "${name}"`;
  if (kind === 'count') return `"${name}"::BIGINT AS "${name}"`;
  return kind === 'json' ? `"${name}"::JSON AS "${name}"` : `"${name}"`;
}

async function loadDuckDB(): Promise<DuckDB> {
  try {
    return (await import(packageName)) as DuckDB;
  } catch (cause) {
    throw new DaybookError(
      'unavailable',
      `The engine for queries, DuckDB, cannot be loaded: ${messageOf(cause)}.`,
      {
        hint: 'Use the installed package (npm install --save-dev daybook), not the single file.',
        cause,
      },
    );
  }
}
