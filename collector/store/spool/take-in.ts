import { readdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { systemCodeOf } from '../../base/errors.ts';
import { isRunning, ownMark } from '../../base/processes.ts';
import { openAppendLog } from '../append-log.ts';
import { writeBlob } from '../blobs.ts';
import { actionLogPath } from '../layout.ts';
import { writePeriodicText } from '../periodic-store.ts';
import { keepInSpool, readSpoolFile, type SpoolEntry } from './spool-file.ts';
import { spoolFolders } from './spool-place.ts';
import { takeInReceipt } from './spooled-receipt.ts';

/** What waits for a book. */
export interface WaitingRecords {
  records: number;
  /** Files whose content is damaged, so that nobody knows how many records they hold. */
  damaged: number;
  folders: string[];
}

const waitingName = /^\d{14}-\d+-\d+\.jsonl$/;
const claimedName = /^(\d{14}-\d+-\d+)\.([\w.]+)-(\d+)-(\d+)\.taking$/;

/** Claims this process is at work on. */
const claims = new Set<string>();

/** Counts what waits in the spool for a book. Takes nothing. */
export function countWaiting(root: string): WaitingRecords {
  const found: WaitingRecords = { records: 0, damaged: 0, folders: [] };
  for (const folder of spoolFolders(root)) {
    const names = readdirSync(folder).filter((name) => /\.(?:jsonl|taking|damaged)$/.test(name));
    if (names.length > 0) found.folders.push(folder);
    for (const name of names) {
      const entries = readQuietly(join(folder, name), root);
      if (entries === undefined) found.damaged += 1;
      else found.records += entries.length;
    }
  }
  return found;
}

/**
 * Writes what waits in the spool to its book, in the order it came. Each file is claimed by renaming it, so that of
 * many takers one gets it; a taker that dies leaves its claim to the next, and a line written twice then is one record.
 * What cannot be written stays. @returns how many records were taken in. @throws what the first write said that failed.
 */
export async function takeInSpool(root: string): Promise<number> {
  let taken = 0;
  const failures: unknown[] = [];
  for (const folder of spoolFolders(root)) {
    for (const name of readdirSync(folder).sort()) {
      const claim = claimOf(folder, name);
      if (claim === undefined) continue;
      try {
        taken += await takeInFile(root, claim);
      } catch (error) {
        // A receipt whose folder is in the way keeps no action waiting.
        failures.push(error);
      } finally {
        claims.delete(claim);
      }
    }
    removeEmpty(folder);
  }
  if (failures.length > 0) throw failures[0];
  return taken;
}

/** Makes a file ours, or says undefined where it is another's: taken, being taken, or none that waits. */
function claimOf(folder: string, name: string): string | undefined {
  const claimed = claimedName.exec(name);
  const base = waitingName.test(name) ? name.slice(0, -'.jsonl'.length) : claimed?.[1];
  if (base === undefined) return undefined;
  const path = join(folder, name);
  if (claims.has(path) || (claimed !== null && isAtWork(claimed))) return undefined;
  const { place, pid, start } = ownMark();
  const claim = join(folder, `${base}.${place}-${pid}-${start}.taking`);
  try {
    if (claim !== path) renameSync(path, claim);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  claims.add(claim);
  return claim;
}

/** Where nobody can tell whether the taker lives, two may take the same: a line that is written twice is one record. */
function isAtWork([, , place, pid, start]: RegExpExecArray): boolean {
  const own = ownMark();
  if (place === own.place && Number(pid) === own.pid && Number(start) === own.start) return false;
  return isRunning({ place: place!, pid: Number(pid), start: Number(start) }) === true;
}

async function takeInFile(root: string, claim: string): Promise<number> {
  const entries = readQuietly(claim, root);
  const waiting = join(dirname(claim), `${claimedName.exec(basename(claim))![1]}.jsonl`);
  if (entries === undefined) {
    // Damaged, or of another book: `daybook doctor` names it, and nobody tries again and again.
    renameSync(claim, waiting.replace(/\.jsonl$/, '.damaged'));
    return 0;
  }
  let written = 0;
  try {
    await writeEntries(root, entries, () => {
      written += 1;
    });
  } catch (error) {
    if (written === 0) renameSync(claim, waiting);
    else putBack(root, claim, waiting, entries.slice(written));
    throw error;
  }
  removeQuietly(claim);
  return entries.length;
}

/** The rest waits on; where even that cannot be written again, the whole file does, and what is there twice is one record. */
function putBack(root: string, claim: string, waiting: string, rest: readonly SpoolEntry[]): void {
  try {
    if (rest.length > 0) keepInSpool(root, rest);
    removeQuietly(claim);
  } catch {
    renameSync(claim, waiting);
  }
}

async function writeEntries(
  root: string,
  entries: readonly SpoolEntry[],
  written: () => void,
): Promise<void> {
  let log: ReturnType<typeof openAppendLog> | undefined;
  try {
    for (const entry of entries) {
      if (entry.kind === 'action') {
        if (entry.blob !== undefined) writeBlob(root, entry.blob);
        log ??= openAppendLog(actionLogPath(root), 'sync');
        log.append(Buffer.from(`${entry.line}\n`));
      } else if (entry.kind === 'periodic') writePeriodicText(root, entry.text, entry.atUs);
      else takeInReceipt(root, entry.file, entry.text);
      written();
    }
  } finally {
    await log?.close();
  }
}

/** The line of an action as the spool keeps it. */
export function spooledAction(bytes: Buffer, blob: string | undefined): SpoolEntry {
  const line = bytes.toString('utf8', 0, bytes.length - 1);
  return { kind: 'action', line, ...(blob === undefined ? {} : { blob }) };
}

/** An empty spool costs every recording a look; others may put something into it at this moment, then it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
    if (basename(dirname(folder)).startsWith('daybook-spool')) rmdirSync(dirname(folder));
  } catch {
    // Not empty, or gone.
  }
}

function readQuietly(path: string, root: string): SpoolEntry[] | undefined {
  try {
    return readSpoolFile(path, root);
  } catch (error) {
    // Taken in by someone at this moment.
    return systemCodeOf(error) === 'ENOENT' ? [] : undefined;
  }
}
