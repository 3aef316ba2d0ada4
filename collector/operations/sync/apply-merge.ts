import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkToNew, removeQuietly, writeFileAtomic, writeNewFile } from '../../base/atomic-file.ts';
import { absorbLines, hasAllLines } from '../../store/log-merge.ts';
import { knownSegments } from '../../store/segments/archive-log.ts';
import { type KnownSegment, linesNotArchived } from '../../store/segments/closed-lines.ts';
import type { GitEntries, GitEntry } from './book-files.ts';
import { oidOf, storeBytes } from './objects.ts';
import type { SyncPlace } from './place.ts';
import type { FileHere, MergePlan } from './plan-merge.ts';

/** Says that a file changed while books were merged: nothing of it was touched, and the work tree is to be read again. */
export class WorkTreeMoved extends Error {}

/** Both sides of what is applied. */
export interface AppliedSides {
  ours: ReadonlyMap<string, FileHere>;
  theirs: GitEntries;
  kept: ReadonlySet<string>;
}

/** What came of it. */
export interface AppliedMerge {
  entries: GitEntries;
  files: Map<string, FileHere>;
  /** Files that hold only what a filter left in place of their content. */
  pointers: string[];
  received: number;
}

/**
 * Carries a plan out in the work tree. In this order, so that every byte has a name at every instant: files of ours get
 * their new names, then those of the remote are written, then logs grow.
 * @throws WorkTreeMoved where something is no longer as it was when the plan was made.
 */
export async function applyMerge(
  place: SyncPlace,
  plan: MergePlan,
  sides: AppliedSides,
): Promise<AppliedMerge> {
  const result: AppliedMerge = {
    entries: new Map(plan.entries),
    files: new Map(sides.ours),
    pointers: [],
    received: 0,
  };
  for (const { from, to } of plan.moves) moveFile(place, plan, sides, from, to, result);
  await writeFiles(place, plan, result);
  await uniteLogs(place, plan, sides, result);
  return result;
}

function moveFile(
  place: SyncPlace,
  plan: MergePlan,
  { ours }: AppliedSides,
  from: string,
  to: string,
  { files }: AppliedMerge,
): void {
  const own = ours.get(from)!;
  const [source, target] = [join(place.top, from), join(place.top, to)];
  if (!isStill(source, own.oid) || !linkToNew(source, target)) throw new WorkTreeMoved(from);
  files.set(to, own);
  if (plan.writes.has(from)) return;
  removeQuietly(source);
  files.delete(from);
}

/** Whether a file has the content a plan was made for; what is not known is not replaced either. */
function isStill(path: string, oid: string | undefined): boolean {
  if (oid === undefined) return true;
  try {
    return oidOf(readFileSync(path), oid) === oid;
  } catch {
    return false;
  }
}

const filesAtOnce = 200;

async function writeFiles(place: SyncPlace, plan: MergePlan, result: AppliedMerge): Promise<void> {
  const writes = [...plan.writes];
  for (let start = 0; start < writes.length; start += filesAtOnce) {
    const some = writes.slice(start, start + filesAtOnce);
    const blobs = await place.objects.blobs(some.map(([, { entry }]) => entry.oid));
    for (const [number, [path, { entry, over }]] of some.entries()) {
      if (isPointer(blobs[number]!)) result.pointers.push(path);
      else writeFile(join(place.top, path), blobs[number]!, over);
      result.files.set(path, entry);
      result.received++;
    }
  }
}

function writeFile(path: string, bytes: Buffer, over: string | undefined): void {
  if (over === undefined) {
    if (!writeNewFile(path, bytes)) throw new WorkTreeMoved(path);
  } else {
    if (!isStill(path, over)) throw new WorkTreeMoved(path);
    writeFileAtomic(path, bytes);
  }
}

/**
 * Logs as the work tree now has them, so that they are unchanged for git once this is committed. Where only the order of
 * the lines differs, the remote's stays: two clones would else push each other's order back and forth.
 */
async function uniteLogs(
  place: SyncPlace,
  plan: MergePlan,
  { ours, theirs, kept }: AppliedSides,
  result: AppliedMerge,
): Promise<void> {
  const root = join(place.top, place.prefix);
  const archived = { log: `${place.prefix}snapshots/action_log.jsonl`, segments: knownSegments(root) };
  const both = plan.unite.filter((path) => theirs.has(path));
  const blobs = await place.objects.blobs(both.map((path) => theirs.get(path)!.oid));
  for (const path of plan.unite) {
    const their = theirs.get(path);
    const theirBlob = blobs[both.indexOf(path)] ?? Buffer.alloc(0);
    // What stands in a segment here does not come back into the log.
    const theirLines = await withoutArchived(archived, path, theirBlob);
    if (isPointer(theirLines)) {
      result.pointers.push(path);
      continue;
    }
    const { lines, added } = absorbLines(join(place.top, path), theirLines);
    if (added > 0) result.received++;
    const mode = ours.get(path)?.mode ?? their?.mode ?? '100644';
    result.files.set(path, { mode, oid: undefined });
    const isSame = theirLines === theirBlob && their !== undefined && hasAllLines(theirLines, lines);
    if (kept.has(path) || isSame) continue;
    result.entries.set(path, { mode, oid: await storeBytes(place, lines) } satisfies GitEntry);
  }
}

async function withoutArchived(
  { log, segments }: { log: string; segments: readonly KnownSegment[] },
  path: string,
  lines: Buffer,
): Promise<Buffer> {
  return path === log && segments.length > 0 ? linesNotArchived(segments, lines) : lines;
}

/** What filters of git leave in place of the content, where they did not run: LFS, and git-crypt without its key. */
export function isPointer(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 40);
  return start.startsWith('version https://git-lfs.github.com/spec') || start.startsWith('\0GITCRYPT\0');
}
