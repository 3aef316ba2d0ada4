import { DaybookError } from '../base/errors.ts';
import { formatTime } from '../base/format/time.ts';
import type { JsonObject } from '../base/json/json.ts';
import { isSafeId } from '../base/paths.ts';
import { showText } from '../base/show.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import type { SnapshotRecord } from '../formats/snapshots/periodic.ts';
import type { Rollup } from '../formats/snapshots/rollup.ts';
import { resolveDetails } from '../store/blobs.ts';
import { isPeriodicFile } from '../store/layout.ts';
import { hashOf } from '../store/log-index/columns.ts';
import { type IndexOptions, isLargeLog, withLogIndex } from '../store/log-index/open.ts';
import { readActions } from '../store/log-reader.ts';
import { newestActions } from '../store/newest-actions.ts';
import { isPeriodic, periodicIds, readPeriodic } from '../store/periodic-store.ts';
import { readPruned } from '../store/pruned-snapshots.ts';
import { findRolled } from '../store/segments/read-rollups.ts';

/** One record found by its id. */
export type FoundRecord =
  | { kind: 'periodic'; record: SnapshotRecord }
  /** A snapshot that retention rules thinned out: what stands for it, and when it was taken. */
  | { kind: 'rollup'; rollup: Rollup; atUs: number }
  /** `others` are further lines with the same id: the history of one action, oldest first. */
  | { kind: 'action'; record: ActionRecord; content: JsonObject; others: ActionRecord[] };

/** The record with this id, or a "not-found" error that names ids that are near. Ids that could leave the book are refused. */
export async function viewRecord(
  root: string,
  id: string,
  options: { build?: string | undefined } = {},
): Promise<FoundRecord> {
  const isLatest = id === 'latest' || id === 'latest_periodic';
  const wanted = isLatest ? periodicIds(root).at(-1) : id;
  if (wanted === undefined) throw notFound(id, []);
  if (isPeriodic(root, wanted)) return viewPeriodic(root, wanted);
  checkId(id);
  const rollup = isPeriodicFile(`${wanted}.json`) ? findRolled(root, wanted) : undefined;
  if (rollup !== undefined)
    return { kind: 'rollup', rollup, atUs: rollup.snapshots.find((each) => each.id === wanted)!.atUs };
  const { build } = options;
  if (build === undefined || !isLargeLog(root)) return readAll(root, id);
  const indexed = await indexedMatches(root, id, { build });
  if (indexed.length > 0) return foundAction(root, id, indexed);
  checkPruned(root, id);
  throw notFound(id, await nearOf(root, id));
}

/** Of a large log, ids that are near are looked for among those that are likely meant: the newest, and snapshots. */
async function nearOf(root: string, id: string): Promise<string[]> {
  const near = createNearIds(id);
  for (const snapshot of periodicIds(root)) near.add(snapshot);
  for (const { key } of (await newestActions(root, newestLooked)).records) near.add(key);
  return near.list();
}

const newestLooked = 500;

async function readAll(root: string, id: string): Promise<FoundRecord> {
  const near = createNearIds(id);
  const matches: ActionRecord[] = [];
  for (const snapshot of periodicIds(root)) near.add(snapshot);
  await readActions(
    root,
    (record) => {
      if (isMatch(record, id)) matches.push(record);
      else if (matches.length === 0) near.add(record.key);
    },
    () => undefined,
  );
  if (matches.length === 0) checkPruned(root, id);
  if (matches.length === 0) throw notFound(id, near.list());
  return foundAction(root, id, matches);
}

/** The records with an id, in the order of the log, found by the index of the log. */
export function indexedMatches(root: string, id: string, options: IndexOptions): Promise<ActionRecord[]> {
  // A key is an id, "~" and a checksum; where the line has no id it begins with "action".
  const bare = /^(.*)~[0-9a-f]{8}$/.exec(id)?.[1];
  const ids = [id, ...(bare === undefined ? [] : [bare, ...(bare === 'action' ? [''] : [])])];
  return withLogIndex(root, options, async (index) => {
    const places = new Set([
      ...index.placesOf('id', new Set(ids.map(hashOf))),
      ...index.placesOf('actionId', new Set([hashOf(id)])),
    ]);
    const records = await index.read([...places].sort((a, b) => a - b));
    return records.filter((record) => isMatch(record, id));
  });
}

function isMatch({ key, snapshotId, actionId }: ActionRecord, id: string): boolean {
  return snapshotId === id || actionId === id || key === id;
}

function foundAction(root: string, id: string, matches: readonly ActionRecord[]): FoundRecord {
  // An exact key comes first; of an action id the newest line is the action as it is now.
  const record = matches.find((match) => match.key === id) ?? matches.at(-1)!;
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

/** Of a snapshot that was pruned nothing is left but that it was taken. */
function checkPruned(root: string, id: string): void {
  if (!isPeriodicFile(`${id}.json`)) return;
  const pruned = readPruned(root, () => undefined).find((each) => each.id === id);
  if (pruned === undefined) return;
  throw new DaybookError(
    'not-found',
    `The snapshot "${showText(id)}" of ${formatTime(pruned.atUs)} was pruned; no roll-up stands for it.`,
    { hint: 'Only snapshots/store/pruned.jsonl tells of it; git may still have the file.' },
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
