import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinuxTree } from '../collector/operations/exec/samples/linux.ts';

/** The command line that is shipped; `npm run bundle` makes it. */
export const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');

/** What a process and all that it started took. */
export interface Taken {
  ms: number;
  /** The most memory they had at once; not told on other systems than Linux. */
  mib?: number;
  stdout: string;
}

const everyMs = 20;

/** Milliseconds of a whole process, start-up included. @throws Error where it ends in another way than expected. */
export function timeOf(program: string, args: readonly string[], expected = [0]): number {
  const start = performance.now();
  // Its words go nowhere: what reads them would be part of the time.
  const { status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const time = performance.now() - start;
  if (!expected.includes(status ?? -1)) throw new Error(`${args.join(' ')}: ${stderr}`);
  return time;
}

/** Milliseconds of a command of the shipped command line; nothing found and findings are ends as well. */
export function timeDaybook(book: string, args: readonly string[]): number {
  return timeOf(process.execPath, [bundle, ...args, '--dir', book], [0, 3, 4]);
}

/** Runs a process and looks every 20 ms what memory it and its children have: resident pages, shared ones counted with each. */
export async function taken(
  program: string,
  args: readonly string[],
  { expected = [0], cwd }: { expected?: number[]; cwd?: string } = {},
): Promise<Taken> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // What a command prints of a million records is not kept.
    if (stdout.length < 1e6) stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < 1e5) stderr += text;
  });
  const tree = process.platform === 'linux' ? new LinuxTree(child.pid!) : undefined;
  let mib = 0;
  const look = () => {
    mib = Math.max(mib, highWater(child.pid!), (tree?.read()?.memoryBytes ?? 0) / 2 ** 20);
  };
  const timer = tree === undefined ? undefined : setInterval(look, everyMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  const ms = performance.now() - start;
  if (!expected.includes(code ?? -1)) throw new Error(`${[program, ...args].join(' ')}: ${stderr || stdout}`);
  return { ms, ...(mib > 0 && { mib }), stdout };
}

/** The same of a command of the shipped command line. */
export function takenByDaybook(book: string, args: readonly string[]): Promise<Taken> {
  return taken(process.execPath, [bundle, ...args, '--dir', book], { expected: [0, 3, 4] });
}

/** The most that a process had by itself, as the system counts it: no moment is missed. */
function highWater(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
