import { fstatSync, statSync, writeSync } from 'node:fs';
import type { OutputStream } from './output.ts';

/**
 * Standard output or error, written synchronously. process.stdout loads sockets and streams first, which costs a short
 * command a fifth of its time, and keeps in memory what a slow reader has not taken yet.
 */
export function openStandardStream(descriptor: 1 | 2): OutputStream {
  const stream = isTerminal(descriptor) ? (descriptor === 1 ? process.stdout : process.stderr) : undefined;
  return {
    isTTY: stream?.isTTY === true,
    get columns() {
      return stream?.columns ?? 80;
    },
    write: (text) => writeWhole(descriptor, Buffer.from(text)),
  };
}

/** A device other than /dev/null may be a terminal; asking node:tty costs a tenth of the start, so the others are not asked. */
function isTerminal(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev)
      return false;
    return process.getBuiltinModule('node:tty').isatty(descriptor);
  } catch {
    return false;
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Remarks that nobody can take any more change nothing: not the work, and not the exit code.
      if (descriptor === 2 && code !== 'EAGAIN') return;
      // A reader that has seen enough (`daybook all | head`) closes the pipe: that is no failure.
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
