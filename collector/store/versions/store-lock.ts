import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeErrorOf } from '../../base/system-error.ts';
import { VersionError } from '../../formats/versions/errors.ts';
import { openDatabase, troubleOf } from '../ledger/sqlite.ts';

/** Lets one change at a time through, among all processes that share a store. */
export interface StoreLock {
  run<T>(change: () => Promise<T>): Promise<T>;
  close(): void;
}

/** How long others may take before waiting for them is given up. */
const patienceMs = 60_000;

/**
 * The lock is one that the system lets go of when a process ends, however it ends; it never expires by time. SQLite
 * takes it, because Node has no lock of its own: the file stays empty and may be deleted while nobody writes.
 */
export function openStoreLock(path: string): StoreLock {
  let database: DatabaseSync | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const hold = async <T>(change: () => Promise<T>): Promise<T> => {
    database ??= open(path);
    await take(database, path);
    try {
      return await change();
    } finally {
      database.exec('ROLLBACK');
    }
  };
  return {
    run(change) {
      // Calls of one process wait for each other here, those of others at the file.
      const mine = last.then(() => hold(change));
      last = mine.catch(() => undefined);
      return mine;
    },
    close() {
      database?.close();
      database = undefined;
    },
  };
}

function open(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openDatabase(path);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

async function take(database: DatabaseSync, path: string): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (troubleOf(error) !== 'busy') throw writeErrorOf(path, error);
      if (performance.now() - startedAt > patienceMs) throw busyFor(path, error);
    }
    await sleep(0.5 + Math.random() * 4);
  }
}

function busyFor(path: string, cause: unknown): VersionError {
  return new VersionError(
    'unavailable',
    `Another process has been changing the store for ${patienceMs / 1000} seconds.`,
    {
      where: path,
      hint: 'Wait for it to end, or look for one that hangs.',
      cause,
    },
  );
}
