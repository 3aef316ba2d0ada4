import { readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { bookPath } from '../base/paths.ts';
import { utf16At } from '../base/text-encoding.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { AppendedFile } from './appended-file.ts';
import { listLogSegments } from './layout.ts';
import { LineFile } from './line-file.ts';
import { makeFinding, parseLine } from './line-parser.ts';
import { linesFromEnd } from './lines-from-end.ts';
import { whyUnreadable } from './recorded-file.ts';

/** How to follow. */
export interface FollowOptions {
  signal: AbortSignal;
  report: (finding: Finding) => void;
  /** Milliseconds between looks at the files; default 200. */
  pollMs?: number;
}

/**
 * Calls `visit` for every action appended from now on, to any plain file of the log, until the signal aborts. A line
 * is visited when its newline stands in the file, never earlier. Of a file that is replaced or cut (a pull, a rotation)
 * the lines are visited that are newer than the newest it had.
 */
export async function followActions(
  root: string,
  visit: (record: ActionRecord) => void,
  options: FollowOptions,
): Promise<void> {
  const followed = new Map<string, FollowedFile>();
  const look = (isFirst: boolean) => {
    for (const { path, compression } of listLogSegments(root)) {
      if (compression !== 'none') continue;
      const file = followed.get(path) ?? new FollowedFile(root, path, visit, options.report);
      followed.set(path, file);
      file.look(isFirst);
    }
  };
  look(true);
  while (!options.signal.aborted) {
    await setTimeout(options.pollMs ?? 200, undefined, { signal: options.signal }).catch(() => undefined);
    look(false);
  }
}

const chunkBytes = 256 * 1024;

/** One file of the log and how far it has been read. */
class FollowedFile {
  readonly #file: string;
  readonly #bytes: AppendedFile;
  readonly #visit: (record: ActionRecord) => void;
  readonly #report: (finding: Finding) => void;
  #lines: LineFile;
  #newestUs = Number.NEGATIVE_INFINITY;
  /** Lines up to this time are known already. */
  #knownUs = Number.NEGATIVE_INFINITY;
  #isComplained = false;

  constructor(
    root: string,
    path: string,
    visit: (record: ActionRecord) => void,
    report: (finding: Finding) => void,
  ) {
    this.#file = bookPath(root, path);
    this.#bytes = new AppendedFile(path, {
      take: (bytes) => this.#lines.push(bytes),
      again: () => this.#startAgain(),
    });
    this.#visit = visit;
    this.#report = report;
    this.#lines = this.#newLines();
  }

  /** Visits what is new; at the first look nothing is. */
  look(isFirst: boolean): void {
    try {
      if (isFirst) this.#skipToEnd();
      this.#bytes.readOn();
      this.#isComplained = false;
    } catch (error) {
      // It may be away for a moment only, while it is replaced: said once, tried again at every look.
      if (!this.#isComplained) this.#complain(error);
      this.#isComplained = true;
    }
  }

  /** Behind the last whole line: a line being written now is still to come. */
  #skipToEnd(): void {
    this.#bytes.skip(endOfLines);
    for (const { bytes, terminated } of linesFromEnd(this.#bytes.path)) {
      const record = bytes === undefined ? undefined : parseLine(bytes, '', 0).record;
      if (!terminated || record === undefined) continue;
      this.#newestUs = record.atUs;
      return;
    }
  }

  #startAgain(): void {
    this.#knownUs = this.#newestUs;
    this.#lines = this.#newLines();
  }

  #newLines(): LineFile {
    return new LineFile(this.#file, this.#report, (bytes) => {
      if (bytes === undefined || bytes.toString('latin1').trim() === '') return;
      const { record, finding, more = [] } = parseLine(bytes, this.#file, 0);
      const fresh = [record, ...more].filter((each) => each !== undefined && each.atUs > this.#knownUs);
      if (finding !== undefined && (record === undefined || fresh.length > 0)) this.#report(finding);
      for (const each of fresh) {
        this.#newestUs = Math.max(this.#newestUs, each!.atUs);
        this.#visit(each!);
      }
    });
  }

  #complain(error: unknown): void {
    const found = whyUnreadable(this.#bytes.path, error);
    const hint = 'It is followed again as soon as it can be read.';
    this.#report(
      makeFinding('unreadable', 'error', this.#file, undefined, 'a readable log file', found, hint),
    );
  }
}

function endOfLines(descriptor: number, size: number): number {
  const newline = 10;
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - chunkBytes);
    const block = Buffer.allocUnsafe(end - from);
    readSync(descriptor, block, 0, block.length, from);
    const at = block.lastIndexOf(newline);
    // A newline in UTF-16 of the little-endian kind has a second byte.
    if (at !== -1) return from + at + (block[at + 1] === 0 && isLittleEndian(descriptor) ? 2 : 1);
    end = from;
  }
  return 0;
}

function isLittleEndian(descriptor: number): boolean {
  const head = Buffer.alloc(4);
  readSync(descriptor, head, 0, head.length, 0);
  return utf16At(head) === 'utf-16le';
}
