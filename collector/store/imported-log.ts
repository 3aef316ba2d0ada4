import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder, removeQuietly } from '../base/atomic-file.ts';
import type { Clock } from '../base/clock.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import type { Redaction } from '../formats/config/config.ts';
import { actionPreparer, type NewAction } from './action-writer.ts';
import { writeBlob } from './blobs.ts';
import { listSnapshotNames, snapshotsFolder } from './layout.ts';

const name = /^action_log-import-(.+)\.jsonl$/;
const bufferBytes = 1024 * 1024;

/**
 * Writes what an import brings into a file of the log of its own, which is put in place whole: who is stopped half way leaves
 * nothing, and an import is undone by taking its file away.
 */
export class ImportedLog {
  readonly #root: string;
  readonly #path: string;
  readonly #temporary: string;
  readonly #prepare: ReturnType<typeof actionPreparer>;
  readonly #descriptor: number;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #nowUs = 0;

  /** @throws DaybookError `unwritable` or `disk-full`. */
  constructor(root: string, id: string, redaction: Redaction) {
    this.#root = root;
    this.#path = join(snapshotsFolder(root), importName(id));
    this.#temporary = temporaryPathFor(this.#path);
    const clock: Clock = { nowUs: () => this.#nowUs };
    this.#prepare = actionPreparer({ clock, redaction });
    try {
      mkdirSync(snapshotsFolder(root), { recursive: true });
      this.#descriptor = openSync(this.#temporary, 'wx');
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
  }

  /** Adds an action as of its own time. @throws DaybookError `bad-input` for what cannot be an action; nothing is then added. */
  add(action: NewAction, atUs: number): void {
    this.#nowUs = atUs;
    const { bytes, blob } = this.#prepare(action);
    if (blob !== undefined) writeBlob(this.#root, blob);
    // Its bytes lie in a buffer that the next line is made in.
    this.#waiting.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
    if (this.#bytes >= bufferBytes) this.#write();
  }

  /** Puts the file in place. @throws DaybookError `unwritable` or `disk-full`; there is then no import. */
  finish(): void {
    this.#write();
    try {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
      renameSync(this.#temporary, this.#path);
      flushFolder(snapshotsFolder(this.#root));
    } catch (error) {
      removeQuietly(this.#temporary);
      throw writeErrorOf(this.#path, error);
    }
  }

  /** Leaves nothing behind; not to be called behind `finish`. */
  abandon(): void {
    closeSync(this.#descriptor);
    removeQuietly(this.#temporary);
  }

  #write(): void {
    const bytes = Buffer.concat(this.#waiting);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      throw writeErrorOf(this.#path, error);
    }
    this.#waiting = [];
    this.#bytes = 0;
  }
}

/** The imports of a book by their ids, the oldest first, with the size of what they brought. */
export function listImports(root: string): { id: string; file: string; bytes: number }[] {
  return listSnapshotNames(root).flatMap((each) => {
    const id = name.exec(each)?.[1];
    if (id === undefined) return [];
    const bytes = statSync(join(snapshotsFolder(root), each), { throwIfNoEntry: false })?.size ?? 0;
    return [{ id, file: `snapshots/${each}`, bytes }];
  });
}

/** Takes what an import brought out of the book. @throws DaybookError `unwritable`. */
export function removeImport(root: string, id: string): void {
  const path = join(snapshotsFolder(root), importName(id));
  try {
    rmSync(path);
    flushFolder(snapshotsFolder(root));
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

const importName = (id: string) => `action_log-import-${id}.jsonl`;
