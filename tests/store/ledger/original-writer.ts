import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { LockHelper } from '../../../collector/store/ledger/lock-helper.ts';

type Record = {
  status: string;
  param_hash: string | null;
  files: { [name: string]: string };
  timestamp_status_lst: [string, string][];
};
type Ledger = { [identifier: string]: { [relpath: string]: { [uid: string]: Record } } };

/** Where an operation of the original may be interrupted for a while by others. */
export type Pause = (at: 'opened' | 'locked' | 'read' | 'emptied' | 'half' | 'written') => Promise<void>;

/**
 * The original's algorithm: flock on metadata.lock, which it empties; read all; change; empty the ledger and write it where
 * it is. Its lock is a real one. Older versions of its lock remove the file when they let go (`removes`); the first of all
 * knew no lock across processes (`locks: false`).
 */
export class OriginalWriter {
  readonly #path: string;
  readonly #lock: string;
  readonly #options: { locks?: boolean; removes?: boolean; pause?: Pause };

  constructor(path: string, options: { locks?: boolean; removes?: boolean; pause?: Pause } = {}) {
    this.#path = path;
    this.#lock = path.replace(/\.json$/, '.lock');
    this.#options = options;
  }

  async allocate(identifier: string, hash: string): Promise<string> {
    return this.#edit((ledger) => {
      ledger[identifier] ??= {};
      ledger[identifier][''] ??= {};
      const runs = ledger[identifier][''];
      let number = 0;
      while (String(number).padStart(3, '0') in runs) number++;
      const uid = String(number).padStart(3, '0');
      runs[uid] = {
        status: 'pending',
        param_hash: hash,
        files: {},
        timestamp_status_lst: [[now(), 'pending']],
      };
      return uid;
    });
  }

  async log(identifier: string, uid: string, status: string): Promise<void> {
    await this.#edit((ledger) => {
      const run = ledger[identifier]?.['']?.[uid];
      if (run === undefined) throw new Error(`run not found: ${identifier} ${uid}`);
      run.status = status;
      run.timestamp_status_lst.push([now(), status]);
    });
  }

  async #edit<T>(change: (ledger: Ledger) => T): Promise<T> {
    const { locks = true, removes = false } = this.#options;
    const pause = this.#options.pause ?? (async () => undefined);
    const release = locks ? await this.#take(pause) : () => undefined;
    try {
      await pause('locked');
      const ledger = existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, 'utf8')) as Ledger) : {};
      await pause('read');
      const result = change(ledger);
      const text = JSON.stringify(ledger, null, 2);
      writeFileSync(this.#path, '');
      await pause('emptied');
      writeFileSync(this.#path, text.slice(0, text.length / 2));
      await pause('half');
      writeFileSync(this.#path, text);
      await pause('written');
      if (locks && removes) rmSync(this.#lock, { force: true });
      return result;
    } finally {
      release();
    }
  }

  async #take(pause: Pause): Promise<() => void> {
    for (;;) {
      const descriptor = openSync(this.#lock, 'a+');
      await pause('opened');
      const helper = await LockHelper.start(descriptor);
      await helper.take(undefined);
      const free = () => {
        helper.end();
        closeSync(descriptor);
      };
      // Removed by the one who had it before: a lock on nothing.
      if (fstatSync(descriptor).nlink > 0) {
        ftruncateSync(descriptor, 0);
        return free;
      }
      free();
    }
  }
}

function now(): string {
  return new Date().toISOString().slice(0, -1);
}
