import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { systemCodeOf } from './errors.ts';

/** One process of this machine, told apart from others that had or will have its number. */
export interface ProcessMark {
  /** Where the number counts: the machine, and the container of it. */
  place: string;
  pid: number;
  /** When it began, in ticks since the machine was started; 0 where the system does not say. */
  start: number;
}

let own: ProcessMark | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= { place: placeName(), pid: process.pid, start: Number(startOf(process.pid) ?? 0) };
  return own;
}

/** Whether the process with this mark still runs; undefined where that cannot be told from here: another machine's. */
export function isRunning(mark: ProcessMark): boolean | undefined {
  if (mark.place !== ownMark().place) return undefined;
  if (!existsProcess(mark.pid)) return false;
  const start = startOf(mark.pid);
  // Numbers are given again: a process that began at another time is another one.
  return start === undefined || mark.start === 0 || start === mark.start;
}

/** Whether a process with this number is at work, no matter who owns it. */
export function existsProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return startOf(pid) !== 'ended';
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** Who has a file open for writing. */
export interface FileWriters {
  pids: number[];
  /** False where processes may have been missed: the system does not list them, or does not show us what they opened. */
  isComplete: boolean;
}

/** Looks through what all processes have open. A process that ends in the meantime has nothing open any more. */
export function writersOf(path: string): FileWriters {
  const { dev, ino } = statSync(path, { bigint: true });
  const pids = namesIn('/proc').filter((name) => /^\d+$/.test(name));
  let isComplete = pids.length > 0;
  const writers = pids.filter((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((name) => isWriter(`/proc/${pid}`, name, dev, ino));
    } catch (error) {
      if (isForbidden(error)) isComplete = false;
      return false;
    }
  });
  return { pids: writers.map(Number), isComplete };
}

function isWriter(process: string, descriptor: string, dev: bigint, ino: bigint): boolean {
  const info = `${process}/fdinfo/${descriptor}`;
  try {
    const stat = statSync(`${process}/fd/${descriptor}`, { bigint: true });
    return stat.dev === dev && stat.ino === ino && mayWrite(readFileSync(info, 'latin1'));
  } catch (error) {
    if (!isForbidden(error)) return false;
    // What lies in a folder that is closed to us is still described, on systems that are not too old.
    const found = /^ino:\s*(\d+)/m.exec(readFileSync(info, 'latin1'));
    if (found !== null && BigInt(found[1]!) !== ino) return false;
    throw error;
  }
}

function mayWrite(info: string): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(info);
  return flags === null || (Number.parseInt(flags[1]!, 8) & 3) !== 0;
}

function isForbidden(error: unknown): boolean {
  const code = systemCodeOf(error);
  return code === 'EACCES' || code === 'EPERM';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The 22nd field of the line of state; names of programs, which stand before, may hold anything. None for a process that
 * has ended and only waits to be taken note of by its parent.
 */
function startOf(pid: number): number | 'ended' | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : Number(fields[19]);
  } catch {
    return undefined;
  }
}

/** The name of the machine and, in containers, the space in which numbers of processes count. */
function placeName(): string {
  // Loaded on first use: commands that only read have no need of it.
  const machine = process
    .getBuiltinModule('node:os')
    .hostname()
    .replaceAll(/[^A-Za-z0-9.]/g, '_')
    .slice(0, 40);
  try {
    return `${machine}_${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? 0}`;
  } catch {
    return `${machine}_0`;
  }
}
