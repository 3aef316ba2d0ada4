import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { QueryDatabase } from './database.ts';
import { fillViews } from './fill.ts';
import type { FillOptions } from './fill-options.ts';
import { columnsOf, type ViewName, viewNames } from './views.ts';

/** What a question came to: columns by name, and rows a piece at a time. */
export interface QueryResult {
  columns: string[];
  pieces: AsyncIterable<unknown[][]>;
}

/** How long and on what a question is worked. */
export interface QueryOptions extends FillOptions {
  /** Milliseconds after which it is given up. */
  timeoutMs: number;
}

/** StatementType of DuckDB for what reads and changes nothing. */
const readingStatements = new Set([1, 4]);

/**
 * Asks a question in SQL of the views of a book and hands the result to `use`. Only views that it names are filled. It can read
 * nothing but them: no file, no extension, no setting can be reached from it.
 * @throws DaybookError `usage` that says where the SQL is wrong and which views or columns there are; `failed` where it takes
 * too long or too much memory; the reason of `signal` where it aborts.
 */
export async function queryBook<Result>(
  sql: string,
  options: QueryOptions,
  use: (result: QueryResult) => Promise<Result>,
): Promise<Result> {
  const database = await QueryDatabase.open();
  const { connection } = database;
  const late = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([late, ...(options.signal === undefined ? [] : [options.signal])]);
  let again: NodeJS.Timeout | undefined;
  // Between two statements there is nothing to interrupt, and the next one would run on.
  const interrupt = () => {
    connection.interrupt();
    again ??= setInterval(() => connection.interrupt(), 50);
  };
  signal.addEventListener('abort', interrupt);
  try {
    if (sql.trim() === '') throw notOne(0);
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw notOne(statements.count);
    const needs = await database.needsOf(sql);
    const names = needs === undefined ? viewsIn(connection, sql) : [...needs.keys()];
    await fillViews(database, names, { ...options, signal, needs });
    await database.lock();
    const statement = await statements.prepare(0);
    if (!readingStatements.has(statement.statementType)) throw notReading();
    signal.throwIfAborted();
    const result = await statement.stream();
    const pieces = (async function* () {
      for (;;) {
        signal.throwIfAborted();
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.getRows().map((row) => row.map(plainValue));
      }
    })();
    return await use({ columns: uniqueNames(result.columnNames()), pieces });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (late.aborted) throw tooLong(options.timeoutMs);
    throw error instanceof DaybookError ? error : asQueryError(error, sql);
  } finally {
    signal.removeEventListener('abort', interrupt);
    clearInterval(again);
    database.close();
  }
}

/** The views that a question names. One too many costs time, and one too few would be an error: DuckDB does not tell all. */
function viewsIn(connection: DuckDBConnection, sql: string): ViewName[] {
  const after = (words: string) =>
    viewNames.filter((name) => new RegExp(`${words}"?${name}"?(?![\\w"])`, 'i').test(sql));
  const named = after('\\b(?:from|join)\\s+');
  try {
    const told = new Set(connection.getTableNames(sql, false).map((name) => name.toLowerCase()));
    const found = viewNames.filter((name) => told.has(name) || named.includes(name));
    if (found.length > 0) return found;
  } catch {
    // What is wrong with it is told when it is asked.
  }
  return after('\\b');
}

/** Columns may have one name; as members of an object they need each their own. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}

/** A value as JSON has it: numbers where they are exact, times as texts with their zone, else the text that DuckDB shows. */
export function plainValue(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    const isExact = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
    return isExact ? Number(value) : String(value);
  }
  const kind = value.constructor.name;
  if (kind === 'DuckDBTimestampValue') return `${String(value).replace(' ', 'T')}Z`;
  if (kind === 'DuckDBDecimalValue') return Number(String(value));
  if ('items' in value && Array.isArray(value.items)) return value.items.map(plainValue);
  if (kind === 'DuckDBStructValue' && 'entries' in value)
    return Object.fromEntries(
      Object.entries(value.entries as unknown as Record<string, DuckDBValue>).map(([name, each]) => [
        name,
        plainValue(each),
      ]),
    );
  return String(value);
}

function notOne(count: number): DaybookError {
  return new DaybookError('usage', `Expected one question in SQL, found ${count}.`, {
    hint: 'For example: daybook query "SELECT type, count(*) FROM actions GROUP BY type"',
  });
}

function notReading(): DaybookError {
  return new DaybookError(
    'usage',
    'Expected a question (SELECT …, FROM …, WITH …), found something that is none.',
    {
      hint: 'A query only reads; records are written by the other commands.',
    },
  );
}

function tooLong(ms: number): DaybookError {
  return new DaybookError('failed', `The question took longer than ${ms / 1000} s and was given up.`, {
    hint: 'Ask for less (WHERE, LIMIT, --since), or allow more time with --timeout.',
  });
}

/** DuckDB's own words, with the place in the SQL, and the views and columns there are. */
function asQueryError(error: unknown, sql: string): DaybookError {
  const [first = '', ...rest] = messageOf(error).split('\n');
  const message = first.replace(/^Failed to extract statements: /, '').replace(/[.!]*$/, '');
  const missing = /Table with name "?([\w.]+)/.exec(message)?.[1];
  const near = missing === undefined ? undefined : nearest(missing, viewNames);
  const meant =
    near === undefined
      ? rest.filter((each) => /^Candidate/.test(each)).map((each) => `${each}.`)
      : [`Did you mean ${near}?`];
  const line = Number(/^LINE (\d+):/m.exec(rest.join('\n'))?.[1]);
  const marked = rest.findIndex((each) => /^\s*\^/.test(each));
  const shown = marked > 0 ? rest.slice(marked - 1, marked + 1) : [];
  const known = viewNames.filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(sql));
  const lists = known.map(
    (name) =>
      `${name} has ${columnsOf(name)
        .map(([column]) => column)
        .join(', ')}`,
  );
  const isMemory = /^Out of Memory/i.test(message);
  return new DaybookError(
    isMemory ? 'failed' : 'usage',
    [`The SQL cannot be answered: ${message}.`, ...shown].join('\n'),
    {
      hint: isMemory
        ? 'Ask for less at once: WHERE, LIMIT, fewer columns.'
        : `${meant.map((each) => `${each} `).join('')}The views are ${viewNames.join(', ')}${lists.length > 0 ? `; ${lists.join('; ')}` : ''}.`,
      ...(Number.isNaN(line) ? {} : { where: `the SQL, line ${line}` }),
      cause: error,
    },
  );
}
