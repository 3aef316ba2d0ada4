import {
  chmodSync,
  chownSync,
  closeSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, removeQuietly } from '../base/atomic-file.ts';
import { DaybookError } from '../base/errors.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import { copyEdited, type LogCut, type LogEdit } from './edited-copy.ts';
import { withFileLock } from './file-lock.ts';
import { listReplaced, replacedPathFor, takeInReplaced, type WhenUnsure } from './replaced-log.ts';

/** What replacing a log came to. */
export interface Replacement {
  /** How many places were changed; 0 where the log was left as it is. */
  edits: number;
  /** Who still has the file open that was replaced; what they append there is taken in by the next check, build or sync. */
  openIn: number[];
}

const maxTries = 3;

/**
 * Puts another content in the place of a log while any number of processes append to it; no acknowledged line is lost,
 * also when this process is killed at any instant. `find` says what to change; it reads the log while no other process
 * of ours replaces it. Lines appended in the meantime come through unchanged: call again until `edits` is 0 where they matter.
 *
 * 1. A changed copy is written up to the last whole line; how far that is, N, is kept in the name of step 2.
 * 2. The file gets a second name, so that its bytes outlive the next step.
 * 3. The copy takes the place of the log.
 * 4. A line break is appended to the old file. Appenders (append-log.ts) that meet it before a line of theirs look
 *    whether their file still is the log, and append again to the new one. What stands before it is ours to take over:
 * 5. What stands in the old file behind N and not in the log is appended to the log, for as long as anyone has the old
 *    file open for writing. Only then the second name goes. Anyone who finds it after a kill goes on with step 4.
 *
 * @throws DaybookError `unwritable`, `disk-full`; the log is then what it was.
 */
export async function replaceLog(
  root: string,
  path: string,
  find: () => Promise<readonly (LogEdit | LogCut)[]>,
  whenUnsure: WhenUnsure = 'keep',
): Promise<Replacement> {
  const log = realpathSync(path);
  return withFileLock(root, 'log', log, async () => {
    await takeInAll(log, whenUnsure);
    for (let tries = 0; tries < maxTries; tries++) {
      const edits = await find();
      if (edits.length === 0) return { edits: 0, openIn: [] };
      const replaced = exchange(log, edits);
      if (replaced === undefined) continue;
      return { edits: edits.length, openIn: await takeInReplaced(log, replaced, { whenUnsure }) };
    }
    throw new DaybookError('unwritable', `${path} changed ${maxTries} times while it was to be replaced.`, {
      where: path,
      hint: 'Something else replaces this file at the same time; run the command again when that has ended.',
    });
  });
}

/** Goes on with replacements of logs in a folder that did not come to their end. Cheap where there are none. */
export async function finishReplacements(root: string, folder: string): Promise<void> {
  for (const log of new Set(listReplaced(folder).map((replaced) => replaced.log))) {
    await withFileLock(root, 'log', log, () => takeInAll(log, 'keep'));
  }
}

async function takeInAll(log: string, whenUnsure: WhenUnsure): Promise<void> {
  for (const replaced of listReplaced(dirname(log))) {
    if (replaced.log === log) await takeInReplaced(log, replaced, { whenUnsure, rounds: 1 });
  }
}

/** Steps 1 to 3; undefined where the file is not the one any more that the edits were found in. */
function exchange(
  log: string,
  edits: readonly (LogEdit | LogCut)[],
): ReturnType<typeof replacedPathFor> | undefined {
  const temporary = temporaryPathFor(log);
  const descriptor = openSync(log, 'r');
  try {
    const before = fstatSync(descriptor);
    const copied = copyEdited(descriptor, temporary, edits);
    if (copied === undefined) return undefined;
    keepOwner(temporary, before);
    const replaced = replacedPathFor(log, copied, Date.now());
    secondName(log, replaced.path);
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    const kept = lstatSync(replaced.path, { bigint: true });
    if (kept.dev !== dev || kept.ino !== ino) {
      removeQuietly(replaced.path);
      return undefined;
    }
    flushFolder(dirname(log));
    renameSync(temporary, log);
    flushFolder(dirname(log));
    return replaced;
  } catch (error) {
    throw writeErrorOf(log, error);
  } finally {
    closeSync(descriptor);
    removeQuietly(temporary);
  }
}

function secondName(log: string, path: string): void {
  try {
    linkSync(log, path);
  } catch (error) {
    throw new DaybookError(
      'unwritable',
      `${log} cannot be given a second name, without which it cannot be replaced while others append to it.`,
      { where: log, hint: 'Copy the book to a file system that has hard links.', cause: error },
    );
  }
}

function keepOwner(path: string, { mode, uid, gid }: Stats): void {
  chmodSync(path, mode & 0o7777);
  const own = statSync(path);
  if (own.uid === uid && own.gid === gid) return;
  try {
    chownSync(path, uid, gid);
  } catch {
    // Only a superuser may; the log is then ours, as every file that we put in place.
  }
}
