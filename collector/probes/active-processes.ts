import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { runProcess } from '../base/child-process.ts';
import type { JsonValue } from '../base/json/json.ts';
import type { ProbeContext } from './context.ts';

/** One process. Command lines are left out on purpose: they hold passwords and tokens. */
type ProcessEntry = { pid: number; name: string; cpu_seconds: number; memory_bytes: number };

const maxListed = 20;

/** How many processes run, and those that used most processor time or memory. */
export async function probeActiveProcesses(_context: ProbeContext): Promise<JsonValue> {
  const processes = process.platform === 'linux' ? await readProc() : await readPs();
  return { count: processes.length, processes: busiest(processes) };
}

function busiest(processes: ProcessEntry[]): ProcessEntry[] {
  const byCpu = processes.toSorted(
    (a, b) => b.cpu_seconds - a.cpu_seconds || b.memory_bytes - a.memory_bytes,
  );
  const byMemory = processes.toSorted((a, b) => b.memory_bytes - a.memory_bytes);
  const chosen = new Set([...byCpu.slice(0, maxListed / 2), ...byMemory.slice(0, maxListed / 2)]);
  for (const entry of byCpu) if (chosen.size < maxListed) chosen.add(entry);
  return byCpu.filter((entry) => chosen.has(entry));
}

async function readProc(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map(readProcEntry));
  return entries.filter((entry) => entry !== undefined);
}

/** The kernel counts processor time in hundredths of a second for user space on every architecture of today. */
const ticksPerSecond = 100;

async function readProcEntry(pid: string): Promise<ProcessEntry | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    // Threads of the kernel have no memory of their own; nobody looks for them here.
    if (!/^VmRSS:/m.test(status)) return undefined;
    const entry = parseProcEntry(Number(pid), stat, status);
    return { ...entry, name: (await programOf(pid)) ?? entry.name };
  } catch {
    return undefined; // It ended in the meantime, or belongs to someone who hides it.
  }
}

/** The program's file name: what a process calls itself ("MainThread") says little. Undefined for other users' processes. */
async function programOf(pid: string): Promise<string | undefined> {
  const path = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  return path?.startsWith('/') === true && !path.startsWith('/memfd:')
    ? basename(path.replace(/ \(deleted\)$/, ''))
    : undefined;
}

/** Reads /proc/<pid>/stat and status; the name may itself hold spaces and brackets. */
export function parseProcEntry(pid: number, stat: string, status: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const memory = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    cpu_seconds: ticks / ticksPerSecond,
    memory_bytes: memory === null ? 0 : Number(memory[1]) * 1024,
  };
}

async function readPs(): Promise<ProcessEntry[]> {
  const result = await runProcess('ps', ['-A', '-o', 'pid=,rss=,time=,comm='], { timeoutMs: 5000 });
  if (result.exitCode !== 0)
    throw new Error(`ps failed: ${result.stderr.trim() || `exit code ${result.exitCode}`}`);
  return parsePs(result.stdout);
}

/** Reads lines of `ps -o pid=,rss=,time=,comm=`; paths of programs are cut to their names. */
export function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s+(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, kib, days = '0', clock = '', name = ''] = match;
    const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return {
      pid: Number(pid),
      name: name.slice(name.lastIndexOf('/') + 1),
      cpu_seconds: Number(days) * 86_400 + seconds,
      memory_bytes: Number(kib) * 1024,
    };
  });
}
