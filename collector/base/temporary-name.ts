import { basename, dirname, join } from 'node:path';
import { existsProcess, isRunning, ownMark } from './processes.ts';

/** What the names of unfinished files begin with; `daybook doctor` looks for them. */
export const temporaryPrefix = '.daybook-tmp-';

/** What the names of logs begin with that were replaced and may still be appended to; they go by rules of their own. */
export const replacedPrefix = `${temporaryPrefix}old-`;

/** Of a long name only so much is repeated: the whole name must stay one that file systems take. */
const maxNameBytes = 100;
/** What another machine left on a shared disk, or what nothing is known of, counts as left behind after a day. */
const unknownMs = 24 * 60 * 60 * 1000;

let counter = 0;

/** A name beside `path` for a file that is not finished yet; unique among processes and calls, and says whose it is. */
export function temporaryPathFor(path: string): string {
  counter += 1;
  const { place, pid, start } = ownMark();
  const name = Buffer.from(basename(path))
    .subarray(0, maxNameBytes)
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '_');
  return join(dirname(path), `${temporaryPrefix}${place}-${pid}-${start}-${counter}-${name}`);
}

const ownName = /^\.daybook-tmp-([\w.]+)-(\d+)-(\d+)-\d+-/;
/** Names once said the number of the process alone. */
const olderName = /^\.daybook-tmp-(\d+)-\d+-/;

/** Whether nobody is at work any more on the temporary file with this name, last changed at `changedMs`. */
export function isLeftBehind(name: string, changedMs: number, nowMs = Date.now()): boolean {
  if (name.startsWith(replacedPrefix)) return false;
  const isOld = nowMs - changedMs > unknownMs;
  const [, place, pid, start] = ownName.exec(name) ?? [];
  if (place !== undefined) {
    const running = isRunning({ place, pid: Number(pid), start: Number(start) });
    return running === undefined ? isOld : !running;
  }
  const older = olderName.exec(name);
  return isOld || (older !== null && !existsProcess(Number(older[1])));
}
