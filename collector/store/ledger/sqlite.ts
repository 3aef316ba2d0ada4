import type { DatabaseSync } from 'node:sqlite';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';

/** A connection to a database file. @throws DaybookError `unavailable` where this Node has no SQLite. */
export function openDatabase(path: string | URL, options: { readOnly?: boolean } = {}): DatabaseSync {
  // No timeout: waiting inside of SQLite blocks the whole process and starves some of many waiters.
  const { DatabaseSync } = loadSqlite();
  try {
    return new DatabaseSync(path, { timeout: 0, ...options });
  } catch (error) {
    // SQLite does not say which file it could not open.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}

function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  // Node 22 warns on standard error that the module may change; its users can do nothing about it.
  process.emitWarning = (() => undefined) as typeof process.emitWarning;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    if (sqlite !== undefined) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new DaybookError(
    'unavailable',
    `Node ${process.version} has no SQLite, which keeps writers of a ledger apart.`,
    {
      hint: 'Use Node 22.18 or newer; reading a ledger works without.',
    },
  );
}

/** What an error of SQLite means for us. */
export type SqliteTrouble = 'busy' | 'damaged' | 'unreachable' | 'other';

/**
 * Tells errors of SQLite apart: someone else holds the lock; the file is no database any more, which a new one mends; it
 * cannot be opened or written, which may pass where someone removes and makes it again at this moment; anything else.
 */
export function troubleOf(error: unknown): SqliteTrouble {
  if (systemCodeOf(error) !== 'ERR_SQLITE_ERROR') return 'other';
  const primary = Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (primary === 5 || primary === 6) return 'busy';
  if (primary === 8 || primary === 14) return 'unreachable';
  // Error, I/O error, corrupt, schema, constraint, not a database.
  return [1, 10, 11, 17, 19, 26].includes(primary) ? 'damaged' : 'other';
}
