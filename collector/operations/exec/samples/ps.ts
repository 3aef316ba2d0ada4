import { runProcess } from '../../../base/child-process.ts';
import type { TreeUse } from './use.ts';

/** The processes that came from one, as `ps` lists them: for systems of Unix's kind that have no /proc. */
export class PsTree {
  readonly #root: number;
  readonly #list: () => Promise<string>;
  /** Seconds of each that was seen, and of those that are gone. */
  #seconds = new Map<number, number>();
  #gone = 0;

  /** @param list What prints them; `ps` unless told otherwise. */
  constructor(root: number, list = listProcesses) {
    this.#root = root;
    this.#list = list;
  }

  /** What they use now; undefined where none of them is left. */
  async read(): Promise<TreeUse | undefined> {
    const rows = parsePs(await this.#list());
    const members = membersOf(this.#root, rows, this.#seconds);
    if (members.length === 0) return undefined;
    const seconds = new Map(members.map((row) => [row.pid, row.seconds]));
    for (const [pid, used] of this.#seconds) if (!seconds.has(pid)) this.#gone += used;
    this.#seconds = seconds;
    const sum = (of: (row: PsRow) => number) => members.reduce((all, row) => all + of(row), 0);
    return {
      processes: members.length,
      memoryBytes: sum((row) => row.memoryBytes),
      cpuSeconds: this.#gone + sum((row) => row.seconds),
    };
  }
}

interface PsRow {
  pid: number;
  parent: number;
  memoryBytes: number;
  seconds: number;
}

async function listProcesses(): Promise<string> {
  const args = ['-A', '-o', 'pid=,ppid=,rss=,time='];
  const { stdout } = await runProcess('ps', args, { env: { LC_ALL: 'C' }, timeoutMs: 2000 });
  return stdout;
}

/** Lines of "pid ppid kilobytes time"; times are "1-02:03:04" and shorter, on some systems with hundredths. */
function parsePs(text: string): PsRow[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(line);
    if (found === null) return [];
    const [pid, parent, kilobytes, days, hours, minutes, seconds] = found
      .slice(1)
      .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
    const whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
    return [{ pid, parent, memoryBytes: kilobytes * 1024, seconds: whole }];
  });
}

/** The root, what came from it, and what did so earlier. */
function membersOf(root: number, rows: readonly PsRow[], before: ReadonlyMap<number, number>): PsRow[] {
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    for (let [one, steps] = [pid, 0]; steps < 1000; steps++) {
      if (one === root) return true;
      const parent = parents.get(one);
      if (parent === undefined || parent === one) return false;
      one = parent;
    }
    return false;
  };
  // The time of a process never goes down: one that has used less than before is another one of that number.
  return rows.filter(({ pid, seconds }) => isOurs(pid) || seconds >= (before.get(pid) ?? Infinity));
}
