import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { parsePlainJson } from '../../base/json/text.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import type { Row, TakeRow } from './rows.ts';
import { type ColumnKind, columnsOf, type ViewColumn, type ViewName, viewNames } from './views.ts';

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
        memory_limit: '400MB',
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

  /**
   * What a question reads of the views: for each that it names, the columns that its answer depends on. DuckDB tells, by its plan for
   * views without rows. Undefined where it does not say: what is wrong is told when it is asked. To be called before views are made;
   * no file can be reached from then on.
   */
  async needsOf(sql: string): Promise<Map<ViewName, string[]> | undefined> {
    const { connection } = this;
    for (const view of viewNames) await this.#define(view, []);
    const optimizers = await connection.runAndReadAll('SELECT name FROM duckdb_optimizers()');
    // Without rows, all others would leave little of a plan.
    const others = optimizers.getRows().filter(([name]) => name !== 'unused_columns');
    await connection.run(`SET disabled_optimizers = '${others.join(',')}'`);
    await connection.run('SET enable_external_access = false');
    let needs: Map<ViewName, string[]> | undefined;
    try {
      const statements = await connection.extractStatements(`EXPLAIN (FORMAT json) ${sql}`);
      const statement = statements.count === 1 ? await statements.prepare(0) : undefined;
      const plan = statement === undefined ? undefined : await statement.runAndReadAll();
      if (plan !== undefined) needs = neededIn(parsePlainJson(String(plan.getRows()[0]![1])));
    } catch {
      // Left to the question itself.
    }
    await connection.run('RESET disabled_optimizers');
    for (const view of viewNames) await connection.run(`DROP VIEW "${view}"; DROP TABLE ${tableOf(view)}`);
    return needs;
  }

  /**
   * Makes a view of the rows that `fill` hands out, with all columns, or those in `needed` and null for the others. With `asIs` each
   * row is an action already, and not a line that another one may replace.
   */
  async addView(
    view: ViewName,
    fill: (take: TakeRow) => Promise<void>,
    { needed, asIs = false }: { needed?: readonly string[] | undefined; asIs?: boolean } = {},
  ): Promise<void> {
    const all = columnsOf(view);
    const newest = asIs ? undefined : newestOf[view];
    const isKept = ([name]: ViewColumn, at: number) =>
      needed === undefined ||
      needed.includes(name) ||
      newest?.columns.includes(name) === true ||
      (at === 0 && needed.length === 0);
    const places = [...all.keys()].filter((at) => isKept(all[at]!, at));
    const missing = all.filter((_, at) => !places.includes(at)).map(([name]) => name);
    await this.#define(view, missing, newest?.rule);
    const { take, end } = await this.#appender(
      tableOf(view),
      places.map((at) => all[at]![1]),
      places,
    );
    await fill(take);
    end();
  }

  async #define(view: ViewName, missing: readonly string[], rule = ''): Promise<void> {
    const columns = columnsOf(view);
    const list = columns
      .filter(([name]) => !missing.includes(name))
      .map(([name, kind]) => `"${name}" ${stored[kind]}`);
    const shown = columns.map(([name, kind]) =>
      missing.includes(name) ? `NULL::${types[kind]} AS "${name}"` : shownAs(name, kind),
    );
    await this.connection.run(`CREATE TABLE ${tableOf(view)} (${list.join(', ')})`);
    await this.connection.run(
      `CREATE VIEW "${view}" AS SELECT ${shown.join(', ')} FROM ${tableOf(view)}${rule}`,
    );
  }

  /** From now on no file can be reached, nothing be loaded, and none of this be taken back. */
  async lock(): Promise<void> {
    await this.connection.run('SET enable_external_access = false; SET lock_configuration = true;');
  }

  close(): void {
    this.#close();
  }

  async #appender(
    table: string,
    kinds: readonly ColumnKind[],
    places: readonly number[],
  ): Promise<{ take: TakeRow; end(): void }> {
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
        for (let at = 0; at < kinds.length; at++) waiting[at]!.push(cellOf(row[places[at]!]));
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

/** The same as the types that columns are shown as. */
const types: Record<ColumnKind, string> = {
  ...stored,
  json: 'JSON',
  count: 'BIGINT',
  time: 'TIMESTAMP',
};

/** Of lines with one action id the newest is the action; of equal times the later one. */
const newestOf: Partial<Record<ViewName, { rule: string; columns: readonly string[] }>> = {
  actions: {
    rule: ' QUALIFY action_id IS NULL OR row_number() OVER (PARTITION BY action_id ORDER BY rows_of_actions."time" DESC, rows_of_actions.rowid DESC) = 1',
    columns: ['action_id', 'time'],
  },
};

function tableOf(view: ViewName): string {
  return `rows_of_${view}`;
}

/** The columns that the scans of a plan read, by view. */
function neededIn(plan: unknown): Map<ViewName, string[]> {
  const needs = new Map<ViewName, string[]>();
  const visit = (node: PlanNode): void => {
    const { Table: table, Projections: read = [] } = node.extra_info ?? {};
    const view = viewNames.find((name) => typeof table === 'string' && table.endsWith(`.${tableOf(name)}`));
    if (view !== undefined) {
      const columns = (Array.isArray(read) ? read : [read]).filter((name) => name !== '').map(String);
      needs.set(view, [...new Set([...(needs.get(view) ?? []), ...columns])]);
    }
    for (const child of node.children ?? []) visit(child);
  };
  for (const node of plan as PlanNode[]) visit(node);
  return needs;
}

interface PlanNode {
  extra_info?: Record<string, unknown>;
  children?: PlanNode[];
}

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
