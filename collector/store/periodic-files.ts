import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../base/errors.ts';
import { compareNatural } from '../base/natural-order.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { isPeriodicFile, listSnapshotNames, snapshotsFolder } from './layout.ts';
import { readRecorded, sizeOfRecorded, whyUnreadable } from './recorded-file.ts';
import {
  type ArchivedSnapshot,
  archivedSnapshots,
  findArchived,
  readArchived,
} from './segments/snapshot-segments.ts';
import { parseSnapshotFile, type ReadSnapshot, unreadableSnapshot } from './snapshot-file.ts';

/**
 * The periodic snapshots of a book wherever they stand: in a file each, or archived in a segment. A snapshot is told by the name of
 * its file; where one stands in both, the file counts.
 */
export class PeriodicFiles {
  /** In order of time: those of one second by their number. */
  readonly names: string[];
  /** Segments that cannot be read. */
  readonly findings: Finding[];
  readonly #root: string;
  readonly #loose: ReadonlySet<string>;
  readonly #archived: ReadonlyMap<string, ArchivedSnapshot>;

  constructor(root: string) {
    const all = listSnapshotNames(root);
    const loose = all.filter(isPeriodicFile);
    const { byName, bad } = archivedSnapshots(root, all);
    this.#root = root;
    this.#loose = new Set(loose);
    this.#archived = byName;
    this.names = inOrder(byName.size === 0 ? loose : [...new Set([...loose, ...byName.keys()])].sort());
    this.findings = bad.map(({ segment, error }) =>
      unreadableSnapshot(segment, reasonOf(error), 'Restore it from git; all other snapshots are shown.'),
    );
  }

  /** The file that has a snapshot, relative to the book. */
  fileOf(name: string): string {
    const archived = this.#loose.has(name) ? undefined : this.#archived.get(name);
    return `snapshots/${archived?.segment ?? name}`;
  }

  /** Size of the text of a snapshot. */
  bytesOf(name: string): number {
    if (this.#loose.has(name)) return sizeOfRecorded(join(snapshotsFolder(this.#root), name));
    return this.#archived.get(name)?.bytes ?? 0;
  }

  /** One snapshot, or what is wrong with it; neither where there is none of this name. */
  read(name: string): ReadSnapshot {
    if (this.#loose.has(name)) return readSnapshotNamed(this.#root, name);
    const archived = this.#archived.get(name);
    return archived === undefined ? {} : readFromSegment(archived);
  }
}

/** The text of a snapshot as it was written; undefined where there is none. @throws where it cannot be read. */
export function bytesOfSnapshot(root: string, name: string): Buffer | undefined {
  if (hasOwnFile(root, name)) return readRecorded(join(snapshotsFolder(root), name));
  const archived = findArchived(root, name);
  return archived === undefined ? undefined : readArchived(archived);
}

/** One snapshot by the name of its file; the segments are only looked at where it has none, or where it was archived just now. */
export function readSnapshotNamed(root: string, name: string): ReadSnapshot {
  if (hasOwnFile(root, name)) {
    const found = readLoose(root, name);
    if (found.record !== undefined || hasOwnFile(root, name)) return found;
  }
  const archived = findArchived(root, name);
  return archived === undefined ? {} : readFromSegment(archived);
}

/** Whether there is a snapshot of this name. */
export function hasSnapshotNamed(root: string, name: string): boolean {
  return hasOwnFile(root, name) || findArchived(root, name) !== undefined;
}

function hasOwnFile(root: string, name: string): boolean {
  return lstatSync(join(snapshotsFolder(root), name), { throwIfNoEntry: false }) !== undefined;
}

function readLoose(root: string, name: string): ReadSnapshot {
  const path = join(snapshotsFolder(root), name);
  try {
    return parseSnapshotFile(name, readRecorded(path));
  } catch (error) {
    return { finding: unreadableSnapshot(name, whyUnreadable(path, error), 'Check its permissions.') };
  }
}

function readFromSegment(archived: ArchivedSnapshot): ReadSnapshot {
  const { name, segment } = archived;
  try {
    return parseSnapshotFile(name, readArchived(archived), segment);
  } catch (error) {
    const hint = 'Restore the segment from git; what else it holds is shown.';
    return { finding: unreadableSnapshot(segment, `${name}: ${reasonOf(error)}`, hint) };
  }
}

function inOrder(names: string[]): string[] {
  // They are sorted as texts, which puts names of this form in their order.
  if (names.every((name) => plainName.test(name))) return names;
  return names.sort((a, b) => compareNatural(a.slice(0, -5), b.slice(0, -5)));
}

const plainName = /^periodic_\d{8}_\d{6}\.json$/;
