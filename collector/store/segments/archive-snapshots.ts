import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder, linkToNew, removeQuietly } from '../../base/atomic-file.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { snapshotSegmentNameOf } from '../../formats/actions/segment.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { type FileFacts, quickFactsOf } from '../file-facts.ts';
import { isPeriodicFile, listSnapshotNames, snapshotsFolder } from '../layout.ts';
import { readPeriodicFacts } from '../periodic-facts.ts';
import { readRecorded } from '../recorded-file.ts';
import { parseSnapshotFile } from '../snapshot-file.ts';
import type { NewSegment } from './archive-log.ts';
import { removeFile, withSnapshotsLocked } from './edit-snapshots.ts';
import { SegmentWriter } from './segment-writer.ts';
import {
  type ArchivedSnapshot,
  archivedLine,
  archivedSnapshots,
  readArchived,
  snapshotsIn,
} from './snapshot-segments.ts';

/** What archiving snapshots came to; `lines` of a segment are its snapshots. */
export interface ArchivedSnapshots {
  segments: NewSegment[];
  /** Files that stood in a segment already, byte for byte, and went. */
  again: number;
  /** Files that stay because they are damaged, or another snapshot of their name is archived. */
  odd: number;
  /** Files that stay in all. */
  stay: number;
}

/** Which snapshots are archived: those of months that were over then. */
export interface SnapshotRule {
  beforeUs: number;
  /** Only finds out what would be done. */
  dryRun?: boolean;
  build?: string | undefined;
  /** Ids that are taken for gone: with `dryRun`, what thinning would remove. */
  gone?: ReadonlySet<string>;
}

/**
 * Moves the files of periodic snapshots of months that are over into one segment for each month. A segment is flushed, read back and
 * compared with the files before it gets its name, and a file is removed only once it stands in a segment with a name, and still
 * is what was compared. So a process that is killed leaves snapshots in both at worst: those are read once, and their files go the
 * next time. The newest snapshot stays a file.
 */
export function archiveSnapshots(root: string, rule: SnapshotRule): Promise<ArchivedSnapshots> {
  return rule.dryRun === true ? archive(root, rule) : withSnapshotsLocked(root, () => archive(root, rule));
}

/** Removes files of snapshots that stand in a segment, byte for byte: a merge brought them back. Cheap where there is none. */
export async function dropArchivedSnapshots(root: string): Promise<string[]> {
  if (snapshotsInBoth(root).length === 0) return [];
  return withSnapshotsLocked(root, async () => removeArchived(root, snapshotsInBoth(root)));
}

/** Snapshots of which a segment has another text than their file has. */
export function checkArchived(root: string): Finding[] {
  return snapshotsInBoth(root).flatMap((archived): Finding[] => {
    if (isSameText(root, archived)) return [];
    return [
      {
        code: 'archived-differs',
        severity: 'warning',
        file: `snapshots/${archived.name}`,
        expected: `what snapshots/${archived.segment} has under this name`,
        found: 'another text',
        hint: 'Both are kept, and the file is shown. Give the file another free name (…_2.json) to have both, or delete it.',
      },
    ];
  });
}

async function archive(
  root: string,
  { beforeUs, dryRun = false, build, gone = new Set() }: SnapshotRule,
): Promise<ArchivedSnapshots> {
  const result: ArchivedSnapshots = { segments: [], again: 0, odd: 0, stay: 0 };
  const both = snapshotsInBoth(root);
  const same = both.filter((each) => isSameText(root, each));
  result.again = dryRun ? same.length : removeArchived(root, same).length;
  const { months, odd, loose } = await closedMonths(
    root,
    beforeUs,
    build,
    new Set([...both.map(({ name }) => name), ...[...gone].map((id) => `${id}.json`)]),
  );
  result.odd = odd + both.length - same.length;
  for (const [period, names] of months) {
    const packed = packMonth(root, period, names, dryRun);
    if (packed === undefined) continue;
    result.segments.push(packed.segment);
    if (!dryRun)
      for (const [name, facts] of packed.facts) removeIfStill(join(snapshotsFolder(root), name), facts);
  }
  if (!dryRun) flushFolder(snapshotsFolder(root));
  result.stay = loose - same.length - result.segments.reduce((sum, { lines }) => sum + lines, 0);
  return result;
}

/** The names of whole snapshots by month, those of each in order of time. */
async function closedMonths(
  root: string,
  beforeUs: number,
  build: string | undefined,
  taken: ReadonlySet<string>,
): Promise<{ months: [string, string[]][]; odd: number; loose: number }> {
  const loose = listSnapshotNames(root).filter(isPeriodicFile);
  const whole: { name: string; atUs: number }[] = [];
  const damaged = new Set<string>();
  await readPeriodicFacts(
    root,
    build,
    ({ id, atUs, file }) => {
      if (file === `snapshots/${id}.json`) whole.push({ name: `${id}.json`, atUs });
    },
    ({ file }) => damaged.add(file),
  );
  const newest = whole.at(-1)?.name;
  const months = new Map<string, { name: string; atUs: number }[]>();
  let odd = 0;
  for (const each of whole) {
    const date = new Date(each.atUs / 1000);
    const endUs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) * 1000;
    if (each.name === newest || taken.has(each.name) || endUs > beforeUs) continue;
    const month = date.toISOString().slice(0, 7);
    const some = months.get(month);
    if (damaged.has(`snapshots/${each.name}`)) odd += 1;
    else if (some === undefined) months.set(month, [each]);
    else some.push(each);
  }
  const unread = loose.length - whole.length;
  const inOrder = [...months].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    months: inOrder.map(([month, some]) => [month, some.sort(byTime).map(({ name }) => name)]),
    odd: odd + Math.max(0, unread),
    loose: loose.length,
  };
}

function byTime(a: { name: string; atUs: number }, b: { name: string; atUs: number }): number {
  return a.atUs - b.atUs || (a.name < b.name ? -1 : 1);
}

/** Writes the segment of a month and compares it with the files; undefined where none of them can be archived. */
function packMonth(
  root: string,
  period: string,
  names: readonly string[],
  dryRun: boolean,
): { segment: NewSegment; facts: [string, FileFacts][] } | undefined {
  const folder = snapshotsFolder(root);
  const temporary = temporaryPathFor(join(folder, 'segment.zst'));
  try {
    const writer = new SegmentWriter(dryRun ? undefined : temporary);
    const taken: { name: string; bytes: number; facts: FileFacts }[] = [];
    for (const name of names) {
      const facts = quickFactsOf(join(folder, name));
      const text = facts === undefined ? undefined : plainText(join(folder, name), name);
      if (text === undefined) continue;
      writer.add(archivedLine(name, text.text), text.atUs);
      taken.push({ name, bytes: text.bytes, facts: facts! });
    }
    if (taken.length === 0) return undefined;
    const { sha256, fromUs, toUs } = writer.finish(taken.map(({ name, bytes }) => [name, bytes]));
    const bytes = taken.reduce((sum, each) => sum + each.bytes, 0);
    const segment = { file: null, period, lines: taken.length, bytes, packed: writer.size, fromUs, toUs };
    const facts = taken.map(({ name, facts: of }): [string, FileFacts] => [name, of]);
    if (dryRun) return { segment, facts };
    if (!holds(root, temporary, taken)) throw new Error('what was written is not what is read back');
    for (let number = 1; ; number++) {
      const name = snapshotSegmentNameOf(period, sha256, number);
      // The very segment may be there from a time that was interrupted before the files went.
      if (linkToNew(temporary, join(folder, name)) || holds(root, join(folder, name), taken))
        return { segment: { ...segment, file: `snapshots/${name}` }, facts };
    }
  } catch (error) {
    throw writeErrorOf(temporary, error);
  } finally {
    removeQuietly(temporary);
  }
}

/** A snapshot file that a segment can give back letter for letter: a whole snapshot in UTF-8. */
function plainText(path: string, name: string): { text: string; bytes: number; atUs: number } | undefined {
  const bytes = readRecorded(path);
  const { record, finding } = parseSnapshotFile(name, bytes);
  const text = bytes.toString();
  if (record === undefined || finding !== undefined || !Buffer.from(text).equals(bytes)) return undefined;
  return { text, bytes: bytes.length, atUs: record.atUs };
}

/** Whether a segment on disk holds these snapshots and no others, byte for byte as their files. */
function holds(root: string, path: string, taken: readonly { name: string }[]): boolean {
  try {
    const names = snapshotsIn(path);
    return names.length === taken.length && taken.every(({ name }) => isSameText(root, { path, name }));
  } catch {
    return false;
  }
}

type Archived = Pick<ArchivedSnapshot, 'path' | 'name'>;

/** Snapshots that stand in a file and in a segment. */
export function snapshotsInBoth(root: string): ArchivedSnapshot[] {
  const names = listSnapshotNames(root);
  const { byName } = archivedSnapshots(root, names);
  return byName.size === 0 ? [] : names.flatMap((name) => byName.get(name) ?? []);
}

function isSameText(root: string, { path, name }: Archived): boolean {
  try {
    return readRecorded(join(snapshotsFolder(root), name)).equals(readArchived({ path, name }));
  } catch {
    return false;
  }
}

function removeArchived(root: string, both: readonly Archived[]): string[] {
  return both.flatMap(({ path, name }) => {
    const file = join(snapshotsFolder(root), name);
    const facts = quickFactsOf(file);
    if (facts === undefined || !isSameText(root, { path, name })) return [];
    return removeIfStill(file, facts) ? [`snapshots/${name}`] : [];
  });
}

/** Removes a file unless it was changed since. */
function removeIfStill(path: string, facts: FileFacts): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined || quickFactsOf(path)?.text !== facts.text)
    return false;
  removeFile(path);
  return true;
}
