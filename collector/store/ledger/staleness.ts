import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCodeOf } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { isoMicros } from '../../base/time.ts';
import type { LedgerRun, RunOwner } from '../../formats/ledger/record.ts';
import type { Staleness } from '../../runs/record.ts';

/** What staleness is judged by; tests hand in their own. */
export interface StalenessWorld {
  nowUs: number;
  host: string;
  /** Start of a process as `processStart` gives it; "gone" where there is none. */
  startOf(pid: number): string | 'gone' | undefined;
}

/** How often a running run that beats says that it is alive. */
export const heartbeatMs = 60_000;
/** Silence after which a run that beats is taken for dead: fifteen beats, because laptops sleep and disks stall. */
const silenceUs = 15 * heartbeatMs * 1000;
/** Silence after which one says so of a run that never gives signs of life. */
const dayUs = 24 * 3600 * 1e6;

/**
 * Why a run that says "running" most likely is not, and since when; undefined where it is over, or may be alive. A process
 * of this host is looked up; elsewhere heartbeats count; a run without either is called silent after a day.
 */
export function stalenessOf(
  run: Pick<LedgerRun, 'status' | 'history' | 'owner'>,
  world: StalenessWorld = thisWorld(),
): Staleness | undefined {
  if (run.status !== 'running') return undefined;
  const lastUs = Math.max(run.owner?.seenUs ?? 0, run.history.at(-1)?.atUs ?? 0);
  const { owner } = run;
  if (owner?.pid !== undefined && owner.host === world.host)
    return goneProcess(owner, owner.pid, lastUs, world);
  if (owner?.beats === true && world.nowUs - lastUs > silenceUs)
    return { sinceUs: lastUs, why: `no heartbeat from ${showText(owner.host, 60)} since ${minute(lastUs)}` };
  if (owner?.beats === true || lastUs === 0 || world.nowUs - lastUs <= dayUs) return undefined;
  return { sinceUs: lastUs, why: `no sign of life since ${minute(lastUs)}` };
}

function goneProcess(
  owner: RunOwner,
  pid: number,
  lastUs: number,
  world: StalenessWorld,
): Staleness | undefined {
  const start = world.startOf(pid);
  if (start === 'gone')
    return { sinceUs: lastUs, why: `process ${pid} on ${showText(owner.host, 60)} no longer exists` };
  if (owner.start === undefined || start === undefined || start === owner.start) return undefined;
  return {
    sinceUs: lastUs,
    why: `process ${pid} on ${showText(owner.host, 60)} no longer exists; its number belongs to another one now`,
  };
}

function minute(us: number): string {
  return `${isoMicros(us).slice(0, 16).replace('T', ' ')} UTC`;
}

/** This host, now. */
export function thisWorld(nowUs = Date.now() * 1000): StalenessWorld {
  return { nowUs, host: hostname(), startOf: processStart };
}

/**
 * Start of a process in the host's own words: its boot and the tick within it, where the system says so, so that a number
 * used again is told apart. "gone" where no such process is there; undefined where it is and the system does not say.
 */
export function processStart(pid: number): string | 'gone' | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold anything; what follows the last one is state, parent, ….
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return 'gone';
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${bootId}:${fields[19]}`;
  } catch {
    return isAlive(pid) ? undefined : 'gone';
  }
}

let bootId: string | undefined;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}

/** This process as the owner of a run. */
export function ownerOfProcess(nowUs: number, pid: number = process.pid): RunOwner {
  const start = processStart(pid);
  return { pid, host: hostname(), start: start === 'gone' ? undefined : start, seenUs: nowUs, beats: false };
}
