import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeErrorOf } from '../../base/atomic-file.ts';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { refuseObstacle } from '../recorded-file.ts';

/** The original's lock, held; it ends with `release` or with this process, whatever becomes of it. */
export interface SharedLock {
  release(): void;
}

/**
 * Takes the lock that the original takes: flock on metadata.lock, waiting as long as someone has it. Node cannot do this
 * by itself; util-linux's `flock` locks the open file of the descriptor it inherits, and that stays locked until ours is
 * closed.
 * @throws DaybookError `unavailable` where there is no such program.
 */
export async function takeSharedLock(path: string, onWait: (waitedMs: number) => void): Promise<SharedLock> {
  for (;;) {
    const descriptor = openLock(path);
    try {
      await lockDescriptor(descriptor, path, onWait);
      // Newer versions of the original's lock remove the file when they let go: then this lock is one on nothing.
      const named = statSync(path, { throwIfNoEntry: false, bigint: true });
      if (named?.ino === fstatSync(descriptor, { bigint: true }).ino)
        return { release: () => closeSync(descriptor) };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    closeSync(descriptor);
  }
}

/**
 * Keeps those who put a whole ledger in place at `path` apart, whatever happens to the index that keeps all operations
 * apart: a folder cannot be removed while a ledger lies in it. Always taken before the lock of the index. Where there is
 * no "flock", the index alone has to do.
 * @throws DaybookError `unavailable` where someone has it for longer than `mostWaitMs`.
 */
export async function takeFolderLock(path: string, mostWaitMs?: number): Promise<SharedLock> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const descriptor = openSync(folder, 'r');
  const started = Date.now();
  try {
    await lockDescriptor(descriptor, folder, () => undefined, mostWaitMs);
  } catch (error) {
    if (mostWaitMs !== undefined && Date.now() - started >= mostWaitMs) {
      closeSync(descriptor);
      throw error;
    }
  }
  return { release: () => closeSync(descriptor) };
}

function openLock(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    refuseObstacle(path, 'unwritable');
    return openSync(path, 'a+', 0o644);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

async function lockDescriptor(
  descriptor: number,
  path: string,
  onWait: (waitedMs: number) => void,
  mostWaitMs?: number,
): Promise<void> {
  const started = Date.now();
  const timer = setInterval(() => onWait(Date.now() - started), 2000);
  try {
    const child = spawn('flock', ['-x', '3'], {
      stdio: ['ignore', 'ignore', 'pipe', descriptor],
      timeout: mostWaitMs,
    });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw noLock(path, said.trim() || `it ended with ${code ?? 'a signal'}`);
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw noLock(path, systemCodeOf(error) === 'ENOENT' ? 'there is no program "flock" here' : String(error));
  } finally {
    clearInterval(timer);
  }
}

function noLock(path: string, why: string): DaybookError {
  return new DaybookError(
    'unavailable',
    `The lock that Python uses on this ledger cannot be taken: ${why}.`,
    {
      where: path,
      hint: 'Install util-linux (it has flock). If no Python writes this ledger any more, remove the lock file and the journal beside it, and leave out --shared.',
    },
  );
}
