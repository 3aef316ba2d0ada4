import { existsSync } from 'node:fs';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import type { ActionLine } from '../../formats/actions/action.ts';
import {
  type ActionWriterOptions,
  actionPreparer,
  type NewAction,
  openPreparedLog,
  type PreparedAction,
  type PreparedLog,
} from '../action-writer.ts';
import { actionLogPath } from '../layout.ts';
import { spoolFolders } from './spool-place.ts';

/** What became of an action: it is in the log, it waits in the spool, or only this process knows of it. */
export interface Recorded {
  line: ActionLine;
  kept: 'log' | 'spool' | 'memory';
  /** Why it is not in the log. */
  failure?: DaybookError;
  /** The folder of the spool. */
  folder?: string;
}

/**
 * Records actions of one book whatever happens to its log: what cannot be written there waits in the spool, and where
 * that cannot be written either, in memory. The next recording takes both in.
 */
export interface Recorder {
  /** Never throws for what the system says. @throws DaybookError `bad-input` for what cannot be an action. */
  record(action: NewAction): Promise<Recorded>;
  /** The same for many at once: those that cannot be written are kept together by `settle`. */
  append(action: NewAction): ActionLine;
  /** Takes in what waits; errors are kept to be told by the next record that fails. Called by `record` on its own. */
  begin(): Promise<void>;
  /** Finds a place for what is still in memory and says where the worst of it is; undefined where all is in the log. */
  settle(): Promise<(Omit<Recorded, 'line'> & { records: number }) | undefined>;
  /** Lets go of the log; the next action opens it again, whatever stands there by then. */
  close(): Promise<void>;
  /** How many records that waited were taken in. */
  readonly takenIn: number;
}

/** Opens nothing yet: a book that cannot be written is found out by recording. */
export function openRecorder(root: string, options: ActionWriterOptions = {}): Recorder {
  return new BookRecorder(root, options);
}

class BookRecorder implements Recorder {
  takenIn = 0;
  readonly #root: string;
  readonly #options: ActionWriterOptions;
  readonly #prepare: (action: NewAction) => PreparedAction;
  #log: PreparedLog | undefined;
  /** What is in memory alone. */
  #held: PreparedAction[] = [];
  #heldBytes = 0;
  #failure: DaybookError | undefined;
  #spooled: { records: number; folder: string } | undefined;
  #begun: Promise<void> | undefined;

  constructor(root: string, options: ActionWriterOptions) {
    this.#root = root;
    this.#options = options;
    this.#prepare = actionPreparer(options);
  }

  async record(action: NewAction): Promise<Recorded> {
    const prepared = this.#prepare(action);
    await this.begin();
    try {
      await this.#open().appendDurable(prepared);
      return { line: prepared.line, kept: 'log' };
    } catch (error) {
      this.#hold(prepared, error);
      return { line: prepared.line, ...(await this.#spoolHeld()) };
    }
  }

  append(action: NewAction): ActionLine {
    const prepared = this.#prepare(action);
    try {
      this.#open().append(prepared);
    } catch (error) {
      this.#hold(prepared, error);
      if (this.#heldBytes > maxHeldBytes) throw this.#failure!;
    }
    return prepared.line;
  }

  begin(): Promise<void> {
    this.#begun ??= this.#takeIn();
    return this.#begun;
  }

  async settle(): Promise<(Omit<Recorded, 'line'> & { records: number }) | undefined> {
    await this.close();
    if (this.#held.length > 0) {
      await this.#takeIn();
      if (this.#held.length > 0) await this.#spoolHeld();
    }
    const failure = this.#failure === undefined ? {} : { failure: this.#failure };
    if (this.#held.length > 0) return { kept: 'memory', records: this.#held.length, ...failure };
    return this.#spooled === undefined ? undefined : { kept: 'spool', ...this.#spooled, ...failure };
  }

  async close(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    this.#begun = undefined;
    try {
      await log?.close();
    } catch (error) {
      // Only what nobody waited for: every action that was reported as kept was flushed before.
      this.#failure ??= writeErrorOf(actionLogPath(this.#root), error);
    }
  }

  #open(): PreparedLog {
    // A folder that is gone may be a disk that is not mounted: making it again would hide what it holds.
    if (!existsSync(this.#root)) {
      throw new DaybookError('unwritable', `The folder of the book is not there: ${this.#root}.`, {
        where: this.#root,
        hint: 'A disk may not be mounted.',
      });
    }
    this.#log ??= openPreparedLog(this.#root, this.#options);
    return this.#log;
  }

  #hold(prepared: PreparedAction, error: unknown): void {
    this.#failure = writeErrorOf(actionLogPath(this.#root), error);
    this.#held.push(prepared);
    this.#heldBytes += prepared.bytes.length + (prepared.blob?.length ?? 0);
    // Others may be waiting for a flush of the same log: it is let go, and closes when they are served.
    const log = this.#log;
    this.#log = undefined;
    void log?.close().catch(() => undefined);
  }

  /** What waits comes before what is new: first the spool's, then what is in memory. */
  async #takeIn(): Promise<void> {
    try {
      if (spoolFolders(this.#root).length > 0) {
        const { takeInSpool } = await import('./take-in.ts');
        this.takenIn += await takeInSpool(this.#root);
      }
      // Nothing waits any more, no matter who took it in.
      this.#spooled = undefined;
      while (this.#held.length > 0) {
        await this.#open().appendDurable(this.#held[0]!);
        this.#held.shift();
      }
      this.#heldBytes = 0;
    } catch {
      // Still no room: the action that is to be recorded now will say so.
    }
  }

  async #spoolHeld(): Promise<Omit<Recorded, 'line'>> {
    const failure = this.#failure!;
    // Concurrent calls must not spool the same twice.
    const held = this.#held;
    this.#held = [];
    this.#begun = undefined;
    try {
      const [{ keepInSpool }, { spooledAction }] = await Promise.all([
        import('./spool-file.ts'),
        import('./take-in.ts'),
      ]);
      const folder = keepInSpool(
        this.#root,
        held.map(({ bytes, blob }) => spooledAction(bytes, blob)),
      );
      this.#spooled = { records: (this.#spooled?.records ?? 0) + held.length, folder };
      this.#heldBytes = 0;
      return { kept: 'spool', failure, folder };
    } catch (error) {
      this.#held.unshift(...held);
      return { kept: 'memory', failure: withSpoolFailure(failure, error) };
    }
  }
}

function withSpoolFailure(failure: DaybookError, error: unknown): DaybookError {
  const { code, message, hint, where } = failure;
  return new DaybookError(code, `${message} Nor could it be kept elsewhere: ${messageOf(error)}.`, {
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where }),
    cause: error,
  });
}

/** So much is held of a batch whose log cannot be written before it ends. */
const maxHeldBytes = 8 * 1024 * 1024;
