import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

/** Where and with what something was measured. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  node: string;
  /** Processes that wanted a core in the last minute, before anything was measured. */
  load: number;
  commit: string;
}

/** The machine as it is now. */
export function machineNow(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    load: Math.round(loadavg()[0]! * 100) / 100,
    commit: commitNow(),
  };
}

/** The machine in a line, and a warning where others are at work on it. */
export function machineLines({
  processor,
  cores,
  memoryGiB,
  platform,
  node,
  load,
  commit,
}: Machine): string[] {
  const line = `${processor}, ${cores} cores, ${memoryGiB} GiB; ${platform}, Node ${node}; load ${load}; commit ${commit}`;
  if (load <= 1) return [line];
  return [
    line,
    `Warning: others are at work here (load ${load}); ratios suffer less than times, but they do.`,
  ];
}

function commitNow(): string {
  try {
    const cwd = join(import.meta.dirname, '..');
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
