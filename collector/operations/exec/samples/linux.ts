import { readdirSync, readFileSync } from 'node:fs';
import { availableMemory } from 'node:process';
import type { MachineUse, TreeUse } from './use.ts';

/** What /proc says of a process. */
interface ProcessStat {
  parent: number;
  /** When it began: with its number, who it is. */
  start: string;
  /** Over, and waited for by nobody yet. */
  isOver: boolean;
  ticks: number;
  pages: number;
}

/** At every so many looks, those are looked at again that were strangers: their numbers may have gone to others. */
const looksBetween = 12;

/**
 * The processes that came from one, read from Linux's /proc without starting any. Who was seen as one of them stays one,
 * also when its parent is gone.
 */
export class LinuxTree {
  readonly #root: number;
  readonly #proc: string;
  readonly #units: Units;
  #members = new Map<number, string>();
  #strangers = new Set<number>();
  #looks = 0;

  /** @param proc Where /proc lies. */
  constructor(root: number, proc = '/proc') {
    this.#root = root;
    this.#proc = proc;
    this.#units = unitsOf(proc);
  }

  /** What they use now; undefined where none of them is left. */
  read(): TreeUse | undefined {
    const members = this.#look();
    if (members.size === 0) return undefined;
    const use = { processes: 0, memoryBytes: 0, cpuSeconds: 0 };
    const moved = { readBytes: 0, writtenBytes: 0 };
    let isTold = false;
    for (const [pid, { isOver, ticks, pages }] of members) {
      use.processes += isOver ? 0 : 1;
      use.memoryBytes += pages * this.#units.pageBytes;
      use.cpuSeconds += ticks / this.#units.ticksPerSecond;
      const text = this.#textOf(`${pid}/io`);
      if (text === undefined) continue;
      isTold = true;
      moved.readBytes += numberBehind(text, 'read_bytes: ');
      moved.writtenBytes += numberBehind(text, '\nwrite_bytes: ');
    }
    return isTold ? { ...use, ...moved } : use;
  }

  /** What passed through the network that they are in (a container has its own), and what memory is left to us. */
  readMachine(): MachineUse {
    const lines = this.#textOf(`${this.#root}/net/dev`)?.split('\n').slice(2) ?? [];
    const counts = lines
      .map((line) => line.trim().split(/:\s*|\s+/))
      .filter(([name]) => name !== undefined && name !== '' && name !== 'lo');
    const sum = (column: number) =>
      counts.length === 0 ? undefined : counts.reduce((all, one) => all + Number(one[column]), 0);
    return { receivedBytes: sum(1), sentBytes: sum(9), freeMemoryBytes: availableMemory() };
  }

  /** Finds who belongs to them now. */
  #look(): Map<number, ProcessStat> {
    const isThorough = this.#looks++ % looksBetween === 0;
    const stats = new Map<number, ProcessStat>();
    const known = isThorough ? new Set<number>() : this.#strangers;
    const pids = readdirSync(this.#proc).map(Number).filter(Number.isInteger);
    for (const pid of pids) {
      const stat = known.has(pid) ? undefined : this.#statOf(pid);
      if (stat !== undefined) stats.set(pid, stat);
    }
    const belongs = new Map<number, boolean>();
    const isOurs = (pid: number): boolean => {
      const found = belongs.get(pid);
      if (found !== undefined) return found;
      const stat = stats.get(pid);
      // First of all, so that even a circle of parents, read while they changed, comes to an end.
      belongs.set(pid, false);
      const isOne =
        stat !== undefined &&
        (this.#members.get(pid) === stat.start ||
          (pid === this.#root && this.#members.size === 0) ||
          isOurs(stat.parent));
      belongs.set(pid, isOne);
      return isOne;
    };
    const members = new Map([...stats].filter(([pid]) => isOurs(pid)));
    this.#strangers = new Set(pids.filter((pid) => !members.has(pid)));
    // Who once was the root stays in the list, so that its number, given to another, is no new root.
    const rootStart = this.#members.get(this.#root);
    this.#members = new Map([...members].map(([pid, { start }]) => [pid, start]));
    if (rootStart !== undefined) this.#members.set(this.#root, rootStart);
    return members;
  }

  #statOf(pid: number): ProcessStat | undefined {
    const text = this.#textOf(`${pid}/stat`);
    // The name stands in parentheses and may hold anything, parentheses included.
    const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields === undefined || fields.length < 22) return undefined;
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return {
      parent: Number(fields[1]),
      start: fields[19]!,
      isOver: fields[0] === 'Z',
      ticks,
      pages: Number(fields[21]),
    };
  }

  #textOf(name: string): string | undefined {
    try {
      return readFileSync(`${this.#proc}/${name}`, 'latin1');
    } catch {
      return undefined;
    }
  }
}

interface Units {
  ticksPerSecond: number;
  pageBytes: number;
}

/** What the kernel tells every process at its start: pairs of a kind and a value; 6 is the size of pages, 17 the ticks of a second. */
function unitsOf(proc: string): Units {
  const units = { ticksPerSecond: 100, pageBytes: 4096 };
  try {
    const words = readFileSync(`${proc}/self/auxv`);
    for (let at = 0; at + 16 <= words.length; at += 16) {
      const [kind, value] = [Number(words.readBigUInt64LE(at)), Number(words.readBigUInt64LE(at + 8))];
      if (kind === 6) units.pageBytes = value;
      if (kind === 17) units.ticksPerSecond = value;
    }
  } catch {
    // As they are nearly everywhere.
  }
  return units;
}

function numberBehind(text: string, mark: string): number {
  const at = text.indexOf(mark);
  return at === -1 ? 0 : Number.parseInt(text.slice(at + mark.length), 10);
}
