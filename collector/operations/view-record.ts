import { DaybookError } from '../base/errors.ts';
import type { JsonObject } from '../base/json/json.ts';
import { isSafeId } from '../base/paths.ts';
import { showText } from '../base/show.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import { resolveDetails } from '../store/blobs.ts';
import { readActions } from '../store/log-reader.ts';
import { listPeriodic, readPeriodic } from '../store/periodic-store.ts';

/** One record found by its id. */
export type FoundRecord =
  | { kind: 'periodic'; record: SnapshotRecord }
  /** `others` are further lines with the same id: the history of one action, oldest first. */
  | { kind: 'action'; record: ActionRecord; content: JsonObject; others: ActionRecord[] };

/** The record with this id, or a "not-found" error that names ids that are near. Ids that could leave the book are refused. */
export async function viewRecord(root: string, id: string): Promise<FoundRecord> {
  const snapshots = listPeriodic(root);
  const wanted = id === 'latest' || id === 'latest_periodic' ? snapshots.at(-1)?.id : id;
  if (wanted === undefined) throw notFound(id, []);
  if (snapshots.some((snapshot) => snapshot.id === wanted)) return viewPeriodic(root, wanted);
  checkId(id);
  const near = createNearIds(id);
  const matches: ActionRecord[] = [];
  for (const snapshot of snapshots) near.add(snapshot.id);
  await readActions(
    root,
    (record) => {
      if (record.key === id || record.snapshotId === id || record.actionId === id) matches.push(record);
      else if (matches.length === 0) near.add(record.key);
    },
    () => undefined,
  );
  // An exact key comes first; of an action id the newest line is the action as it is now.
  const record = matches.find((match) => match.key === id) ?? matches.at(-1);
  if (record === undefined) throw notFound(id, near.list());
  return {
    kind: 'action',
    record,
    content: contentOf(root, record),
    others: matches.filter((match) => match !== record),
  };
}

function viewPeriodic(root: string, id: string): FoundRecord {
  const { record, finding } = readPeriodic(root, id);
  if (record !== undefined) return { kind: 'periodic', record };
  throw new DaybookError(
    'unreadable',
    `Expected ${finding?.expected ?? 'a snapshot'}, found ${finding?.found ?? 'something else'}.`,
    {
      where: finding?.file ?? id,
      hint: finding?.hint ?? 'Run daybook doctor.',
    },
  );
}

/** No record has an id that could lead out of the book: said at once, before anything is read. */
function checkId(id: string): void {
  if (isSafeId(id.replace(/~[0-9a-f]+$/, ''))) return;
  throw new DaybookError(
    'usage',
    `Expected an id made of letters, digits, ".", "_" and "-", found "${showText(id)}".`,
    {
      hint: 'Run daybook all to see the ids of this book.',
    },
  );
}

/** Details that lie in a blob are put in their place. */
function contentOf(root: string, record: ActionRecord): JsonObject {
  const resolved = resolveDetails(root, record.details);
  if (resolved.details === record.details) return record.raw;
  return { ...record.raw, action: { ...(record.raw.action as JsonObject), details: resolved.details } };
}

function notFound(id: string, near: string[]): DaybookError {
  return new DaybookError('not-found', `There is no record with the id "${showText(id)}".`, {
    hint: near.length > 0 ? `Near are ${near.join(', ')}.` : 'Run daybook all to see the ids of this book.',
  });
}

/** The three ids that agree with a wanted one over the longest stretch at both ends: cheap enough for a million lines. */
function createNearIds(id: string): { add(candidate: string): void; list(): string[] } {
  const best: { id: string; score: number }[] = [];
  return {
    add(candidate) {
      const score = agreement(id, candidate);
      if (score < Math.max(4, id.length / 2) || (best.length === 3 && score < best[2]!.score)) return;
      best.push({ id: candidate, score });
      best.sort((a, b) => b.score - a.score);
      best.length = Math.min(best.length, 3);
    },
    list: () => best.map((each) => each.id),
  };
}

function agreement(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < most - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end))
    end += 1;
  return start + end;
}
