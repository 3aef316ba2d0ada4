import { join } from 'node:path';
import { writeFileAtomic, writeNewFile } from '../base/atomic-file.ts';
import { jsonText } from '../base/json/text.ts';
import { isSafeId } from '../base/paths.ts';
import { compactTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { PeriodicSnapshot, SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { isPeriodicFile, latestPeriodicPath, snapshotsFolder } from './layout.ts';
import { bytesOfSnapshot, hasSnapshotNamed, PeriodicFiles, readSnapshotNamed } from './periodic-files.ts';

/** A snapshot as it was put on disk. */
export interface WrittenSnapshot {
  id: string;
  file: string;
  snapshot: PeriodicSnapshot;
}

/**
 * Writes one periodic snapshot to a file of its own, also when several are taken within one second, and then makes
 * latest_periodic.json a copy of the newest.
 * @throws DaybookError `unwritable` or `disk-full`; nothing half written stays behind.
 */
export function writePeriodic(
  root: string,
  snapshot: Omit<PeriodicSnapshot, 'snapshot_id'>,
  atUs: number,
): WrittenSnapshot {
  const id = writePeriodicText(root, periodicTextOf(snapshot), atUs);
  return { id, file: `snapshots/${id}.json`, snapshot: { snapshot_id: id, ...snapshot } as PeriodicSnapshot };
}

/** The text of a snapshot file but for its id, which is known when there is a name for it. */
export function periodicTextOf(snapshot: Omit<PeriodicSnapshot, 'snapshot_id'>): string {
  return `${jsonText(snapshot, 2)}\n`;
}

/** Gives a snapshot its name and writes it; one whose very text stands there already keeps the name it has. */
export function writePeriodicText(root: string, text: string, atUs: number): string {
  const base = `periodic_${compactTime(atUs).slice(0, 15)}`;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}_${number}`;
    const named = `{\n  "snapshot_id": ${jsonText(id)},${text.slice(1)}`;
    const path = join(snapshotsFolder(root), `${id}.json`);
    // A name is free where no snapshot has it, archived ones included.
    if (hasSnapshotNamed(root, `${id}.json`) || !writeNewFile(path, named)) {
      if (!isText(root, `${id}.json`, named)) continue;
    }
    updateLatest(root);
    return id;
  }
}

function isText(root: string, name: string, text: string): boolean {
  try {
    return bytesOfSnapshot(root, name)?.equals(Buffer.from(text)) === true;
  } catch {
    return false;
  }
}

/** Makes latest_periodic.json equal to the newest whole snapshot; writers that do so at once agree in the end. */
export function updateLatest(root: string): void {
  for (;;) {
    const newest = findNewest(root);
    if (newest === undefined) return;
    writeFileAtomic(latestPeriodicPath(root), newest.bytes);
    if (findNewest(root)?.name === newest.name) return;
  }
}

/** The newest snapshot file that can be read, with its bytes. */
export function findNewest(root: string): { name: string; bytes: Buffer } | undefined {
  const files = new PeriodicFiles(root);
  for (const name of files.names.toReversed()) {
    const bytes = files.read(name).record === undefined ? undefined : bytesOfSnapshot(root, name);
    if (bytes !== undefined) return { name, bytes };
  }
  return undefined;
}

/** The ids of the periodic snapshots of a book, oldest first; only names are looked at. */
export function periodicIds(root: string): string[] {
  return new PeriodicFiles(root).names.map(idOf);
}

/** Whether there is a periodic snapshot of this id. */
export function isPeriodic(root: string, id: string): boolean {
  return isSafeId(id) && isPeriodicFile(`${id}.json`) && hasSnapshotNamed(root, `${id}.json`);
}

/** The periodic snapshots of a book by name, oldest first; nothing is read. `file` is the one that has it, maybe with others. */
export function listPeriodic(root: string): { id: string; file: string; bytes: number }[] {
  const files = new PeriodicFiles(root);
  return files.names.map((name) => ({
    id: idOf(name),
    file: files.fileOf(name),
    bytes: files.bytesOf(name),
  }));
}

/** One periodic snapshot; a finding where its file is damaged, neither where there is none. */
export function readPeriodic(root: string, id: string): { record?: SnapshotRecord; finding?: Finding } {
  const name = `${id}.json`;
  return isSafeId(id) && isPeriodicFile(name) ? readSnapshotNamed(root, name) : {};
}

/** Every periodic snapshot, oldest first by the time it states; damaged ones are reported. */
export function readAllPeriodic(
  root: string,
  visit: (record: SnapshotRecord) => void,
  report: (finding: Finding) => void,
): void {
  const sorter = new ByTime(visit);
  const files = new PeriodicFiles(root);
  for (const finding of files.findings) report(finding);
  for (const name of files.names) {
    const { record, finding } = files.read(name);
    if (finding !== undefined) report(finding);
    if (record !== undefined) sorter.add(record);
  }
  sorter.end();
}

function idOf(name: string): string {
  return name.slice(0, -'.json'.length);
}

/** Names are in order of time but for a few; a small window puts those right without holding all in memory. */
export class ByTime<Each extends { atUs: number }> {
  readonly #visit: (each: Each) => void;
  #held: Each[] = [];

  constructor(visit: (each: Each) => void) {
    this.#visit = visit;
  }

  add(each: Each): void {
    this.#held.push(each);
    if (this.#held.length > 2 * orderWindow) this.#flush(orderWindow);
  }

  end(): void {
    this.#flush(0);
  }

  #flush(until: number): void {
    this.#held.sort((a, b) => a.atUs - b.atUs);
    for (const each of this.#held.splice(0, this.#held.length - until)) this.#visit(each);
  }
}

const orderWindow = 64;
