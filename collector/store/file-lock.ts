import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Hex } from '../base/hash.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { cacheFolder } from './layout.ts';
import { openDatabase, troubleOf } from './ledger/sqlite.ts';

/** After this long a caller is told that others hold the lock. */
const tellAfterMs = 2000;

/**
 * Runs `action` while no other process of ours changes the same file. The lock is one of the system's on an empty database
 * in .daybook/: it ends with its holder, however that ends, and never by time; a holder that is stopped is waited for.
 */
export async function withFileLock<T>(
  root: string,
  kind: 'experiment' | 'receipt' | 'sync' | 'log' | 'alert' | 'snapshots',
  file: string,
  action: () => Promise<T>,
  onWait: (waitedMs: number) => void = () => undefined,
): Promise<T> {
  const path = lockPath(root, kind, file);
  const database = openLock(path);
  try {
    const startedMs = performance.now();
    for (let toldMs = 0; ; ) {
      try {
        database.exec('BEGIN IMMEDIATE');
        break;
      } catch (error) {
        if (troubleOf(error) !== 'busy') throw writeErrorOf(path, error);
      }
      const waitedMs = performance.now() - startedMs;
      if (waitedMs - toldMs > tellAfterMs) {
        toldMs = waitedMs;
        onWait(waitedMs);
      }
      await sleep(1 + Math.random() * Math.min(30, 2 + waitedMs / 4));
    }
    return await action();
  } finally {
    // Closing takes back what was begun, and nothing was written: the database stays empty.
    database.close();
  }
}

function openLock(path: string): ReturnType<typeof openDatabase> {
  try {
    return openDatabase(path);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

/** One small file for some of a kind each: few names, and nobody waits for all others. */
function lockPath(root: string, kind: string, file: string): string {
  const folder = join(cacheFolder(root), 'locks');
  try {
    mkdirSync(folder, { recursive: true });
    const ignore = join(cacheFolder(root), '.gitignore');
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  } catch (error) {
    throw writeErrorOf(folder, error);
  }
  return join(folder, `${kind}-${sha256Hex(file).slice(0, 3)}.db`);
}
