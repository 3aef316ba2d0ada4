import { join } from 'node:path';
import { isObject } from '../base/json/json.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { jsonText } from '../base/json/text.ts';
import { isSafeId } from '../base/paths.ts';
import { showText } from '../base/show.ts';
import { isoMicros, parseTime } from '../base/time.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { textOfFile } from '../formats/text/file.ts';
import { type AppendLog, openAppendLog } from './append-log.ts';
import { snapshotsFolder } from './layout.ts';
import { readRecordedIfAny, whyUnreadable } from './recorded-file.ts';

/** Which periodic snapshots were pruned, one a line: without it, what was thinned out would look as if it had been missed. */
export function prunedSnapshotsPath(root: string): string {
  return join(snapshotsFolder(root), 'store', 'pruned.jsonl');
}

/** Opens the record of pruned snapshots for appending. */
export function openPrunedLog(root: string): AppendLog {
  return openAppendLog(prunedSnapshotsPath(root));
}

/** The line that says a snapshot was pruned. Call it before the snapshot goes. */
export function prunedLine(id: string, takenUs: number, prunedUs: number): Buffer {
  const entry = { snapshot_id: id, timestamp: isoMicros(takenUs), pruned_at: isoMicros(prunedUs) };
  return Buffer.from(`${jsonText(entry)}\n`);
}

/** The snapshots that are there and those that were pruned, for coverage: both were taken in their slots. */
export function withPruned(root: string, present: readonly TakenSnapshot[]): TakenSnapshot[] {
  const all = new Map(readPruned(root, () => undefined).map((each) => [each.id, each]));
  for (const { id, atUs } of present) all.set(id, { id, atUs });
  return [...all.values()];
}

/** Every snapshot that was pruned; a line that cannot be read is reported and the rest given. */
export function readPruned(root: string, report: (finding: Finding) => void): TakenSnapshot[] {
  const bytes = readOrReport(prunedSnapshotsPath(root), report);
  const { text = '', remark } = textOfFile(bytes);
  if (remark !== undefined) report({ ...remark, file: 'snapshots/store/pruned.jsonl' });
  const pruned: TakenSnapshot[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const entry = entryOf(line);
    if (entry !== undefined) pruned.push(entry);
    else if (line !== '') report(damaged(at + 1, line));
  }
  return pruned;
}

/** The same of a text that lies elsewhere; what cannot be read of it is left out. */
export function prunedOf(text: string): TakenSnapshot[] {
  return text.split('\n').flatMap((line) => entryOf(line) ?? []);
}

function readOrReport(path: string, report: (finding: Finding) => void): Buffer {
  try {
    return readRecordedIfAny(path) ?? Buffer.alloc(0);
  } catch (error) {
    report({
      code: 'unreadable',
      severity: 'error',
      file: 'snapshots/store/pruned.jsonl',
      expected: 'a readable file',
      found: whyUnreadable(path, error),
      hint: 'Move away what stands there: which snapshots were pruned is not known without it.',
    });
    return Buffer.alloc(0);
  }
}

interface TakenSnapshot {
  id: string;
  atUs: number;
}

function entryOf(line: string): TakenSnapshot | undefined {
  const parsed = line === '' ? undefined : parseLenientJson(line);
  if (parsed?.ok !== true || !isObject(parsed.value)) return undefined;
  const { snapshot_id: id, timestamp } = parsed.value;
  const atUs = typeof timestamp === 'string' ? parseTime(timestamp)?.us : undefined;
  return typeof id === 'string' && isSafeId(id) && atUs !== undefined ? { id, atUs } : undefined;
}

function damaged(line: number, found: string): Finding {
  return {
    code: 'wrong-shape',
    severity: 'warning',
    file: 'snapshots/store/pruned.jsonl',
    line,
    expected: 'the id and time of a snapshot that was pruned',
    found: showText(found),
    hint: 'Restore the line from git, or delete it: its slot then counts as missed.',
  };
}
