import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';

/**
 * Locks the open file of descriptor 3, which it shares with us: the lock is on the open file, so it holds as long as we
 * have that open, whatever becomes of the helper. Perl does it by itself; a shell has to start "flock" each time.
 */
const programs: readonly (readonly [string, string[]])[] = [
  [
    'perl',
    [
      '-e',
      'use Fcntl ":flock"; $| = 1; open(my $lock, "+<&=", 3) or die "$!\\n"; while (<STDIN>) { if (/take/) { flock($lock, LOCK_EX) or die "$!\\n"; print "taken\\n" } else { flock($lock, LOCK_UN) } }',
    ],
  ],
  [
    'sh',
    [
      '-c',
      'command -v flock >/dev/null || { echo "there is neither perl nor flock here" >&2; exit 1; }; while read -r word; do case $word in take) flock -x 3 || exit 1; echo taken;; *) flock -u 3;; esac; done',
    ],
  ],
];

/** A process that locks an open file for us, again and again: Node cannot do that by itself. It ends when we do. */
export class LockHelper {
  readonly #child: ChildProcess;
  #said = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    // Who ends between two words is found out by the next one.
    for (const stream of [child, child.stdin!, child.stdout!, child.stderr!])
      stream.on('error', () => undefined);
    this.#keepAlive(false);
  }

  /** Starts one for an open file. @throws DaybookError `unavailable` where no program can do it. */
  static async start(descriptor: number): Promise<LockHelper> {
    for (const [program, args] of programs) {
      // In a group of its own: Ctrl-C is for us, and we may have something to write down yet.
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', descriptor], detached: true });
      try {
        await once(child, 'spawn');
        return new LockHelper(child);
      } catch (error) {
        if (systemCodeOf(error) !== 'ENOENT') throw noHelper(String(error));
      }
    }
    throw noHelper('there is neither perl nor sh here');
  }

  /** Takes the lock, waiting as long as someone else has it. @throws DaybookError `unavailable` where the helper fails or `signal` aborts. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    this.#keepAlive(true);
    const over = new AbortController();
    try {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw noHelper('its helper ended');
      const options = { signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]) };
      const taken = once(this.#child.stdout!, 'data', options);
      const ended = once(this.#child, 'close', options).then(() => {
        throw noHelper(this.#said.trim() || 'its helper ended');
      });
      this.#child.stdin!.write('take\n');
      await Promise.race([taken, ended]);
    } finally {
      over.abort();
      this.#keepAlive(false);
    }
  }

  /** Lets go of the lock; false where the helper is gone: then closing the file does it. */
  free(): boolean {
    const { exitCode, signalCode, stdin } = this.#child;
    if (exitCode !== null || signalCode !== null || stdin?.writable !== true) return false;
    stdin.write('free\n');
    return true;
  }

  /** Ends the helper, also one that waits. */
  end(): void {
    this.#child.kill('SIGKILL');
    for (const stream of [this.#child.stdin!, this.#child.stdout!, this.#child.stderr!]) stream.destroy();
  }

  /** Only a wait for the lock keeps our process alive. */
  #keepAlive(isNeeded: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const one of [this.#child, stdin, stdout, stderr] as ({ ref(): void; unref(): void } | null)[])
      if (isNeeded) one?.ref();
      else one?.unref();
  }
}

function noHelper(why: string): DaybookError {
  return new DaybookError(
    'unavailable',
    `The lock that Python uses on this ledger cannot be taken: ${why}.`,
    {
      hint: 'Install perl or util-linux (it has flock). If no Python writes this ledger any more, remove the lock file and the journal beside it, and leave out --shared.',
    },
  );
}
