import { closeSync, fstatSync, linkSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { refuseObstacle } from '../recorded-file.ts';
import { LockHelper } from './lock-helper.ts';

/** What a lock file holds that only Daybook has used: the original empties it when it takes the lock. */
const onlyOurs = 'Daybook takes this lock, too. It is emptied when Python takes it.\n';

/**
 * The original's lock, flock on metadata.lock, as one writer takes it again and again. Who holds it knows what the ledger
 * says, and what is written in the meantime is seen by all who take it later. It ends with this process, never by time.
 */
export class OriginalLock {
  readonly #path: string;
  #descriptor: number | undefined;
  #helper: LockHelper | undefined;
  #isHeld = false;
  #wasReplaced = false;
  /** Nothing here can take it. */
  isUnusable = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether other programs take it, as far as can be seen: they have emptied it, or put another file in its place. */
  get isForeign(): boolean {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size;
    this.#wasReplaced ||= this.#descriptor !== undefined && !this.#isInPlace();
    return this.#wasReplaced || (size !== undefined && size !== onlyOurs.length);
  }

  /**
   * Takes it, waiting as long as someone else has it; `onWait` hears of it every two seconds.
   * @throws DaybookError `unavailable` where nothing here can take it, or someone has it for longer than `maxWaitMs`.
   */
  async take(onWait: (waitedMs: number) => void, maxWaitMs: number | undefined): Promise<void> {
    const started = Date.now();
    const timer = setInterval(() => onWait(Date.now() - started), 2000);
    const signal = maxWaitMs === undefined ? undefined : AbortSignal.timeout(maxWaitMs);
    try {
      for (;;) {
        const helper = await this.#open();
        await helper.take(signal);
        // Some versions of the original's lock remove the file when they let go: then this lock is one on nothing.
        this.#isHeld = true;
        if (this.#isInPlace()) return;
        this.close();
      }
    } catch (error) {
      this.close();
      throw this.#whyNot(error, signal?.aborted === true);
    } finally {
      clearInterval(timer);
    }
  }

  /** Lets go of it; taking it again is cheap. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#helper?.free() !== true) this.close();
  }

  /** Lets go of it, of the file, and of the helper. */
  close(): void {
    this.#helper?.end();
    this.#helper = undefined;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#isHeld = false;
  }

  async #open(): Promise<LockHelper> {
    if (this.#helper !== undefined && this.#isInPlace()) return this.#helper;
    this.close();
    try {
      this.#descriptor = openLockFile(this.#path);
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
    try {
      this.#helper = await LockHelper.start(this.#descriptor);
      return this.#helper;
    } catch (error) {
      this.isUnusable = true;
      throw error;
    }
  }

  #isInPlace(): boolean {
    const named = statSync(this.#path, { throwIfNoEntry: false, bigint: true });
    return this.#descriptor !== undefined && named?.ino === fstatSync(this.#descriptor, { bigint: true }).ino;
  }

  #whyNot(error: unknown, isOver: boolean): unknown {
    if (isOver) {
      return new DaybookError(
        'unavailable',
        'Another program has held the lock of this ledger for too long.',
        {
          where: this.#path,
          hint: 'It may be stopped; the lock is free when it goes on or ends.',
        },
      );
    }
    if (!(error instanceof DaybookError) || error.code !== 'unavailable') return error;
    const { code, message, hint } = error;
    return new DaybookError(code, message, { where: this.#path, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Opens the lock file; a new one comes with its whole text, so that nobody takes it for the original's. */
function openLockFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  refuseObstacle(path, 'unwritable');
  for (;;) {
    try {
      return openSync(path, 'r+');
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
    }
    placeLockFile(path);
  }
}

function placeLockFile(path: string): void {
  const temporary = temporaryPathFor(path);
  try {
    writeFileSync(temporary, onlyOurs, { flag: 'wx' });
    linkSync(temporary, path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // No links here: an empty lock file only makes us more careful than we need be.
    closeSync(openSync(path, 'a'));
  } finally {
    removeQuietly(temporary);
  }
}
