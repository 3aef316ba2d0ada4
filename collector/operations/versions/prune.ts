import { RefusedVersionError } from '../../formats/versions/errors.ts';
import {
  decideRetention,
  type RetainedItem,
  type RetentionPolicy,
} from '../../formats/versions/retention.ts';
import { createdUs } from '../../formats/versions/version.ts';
import { PeriodicFiles } from '../../store/periodic-files.ts';
import { updateLatest } from '../../store/periodic-store.ts';
import { openPrunedLog, prunedLine } from '../../store/pruned-snapshots.ts';
import { removePeriodic } from '../../store/segments/edit-snapshots.ts';
import { rollUp } from '../../store/segments/rollups.ts';
import type { VersionContext } from './context.ts';
import { removeVersions } from './remove.ts';

/** One version or periodic snapshot that goes or stays, and why. */
export interface PruneEntry {
  id: string;
  created_us: number;
  bytes: number;
  reason: string;
}

/** What pruning did, or with `dryRun` would do. */
export interface PruneResult {
  dry_run: boolean;
  removed: PruneEntry[];
  kept: PruneEntry[];
  /** Versions that were stored again, because what they led on from went. */
  rebased: string[];
}

/** Takes away the versions that a policy does not keep. */
export async function pruneVersions(
  context: VersionContext,
  policy: RetentionPolicy,
  options: { dryRun?: boolean } = {},
): Promise<PruneResult> {
  checkPolicy(policy);
  return context.backend.exclusive(async () => {
    const all = await context.backend.list(() => undefined);
    const entries = all.map((each) => ({
      id: each.version,
      atUs: createdUs(each),
      pinned: each.tags.length > 0,
      bytes: each.stored_bytes ?? each.size_bytes,
    }));
    const plan = planOf(entries, policy, context.clock.nowUs());
    if (options.dryRun === true) return { dry_run: true, ...plan, rebased: [] };
    const doomed = new Set(plan.removed.map((each) => each.id));
    const { rebased, kept } = await removeVersions(context, doomed, 'keep');
    return {
      dry_run: false,
      ...afterwards(plan, new Map(kept.map((each) => [each.version, each.reason]))),
      rebased,
    };
  });
}

/** The same for the periodic snapshots of the book: tagged ones and the newest stay. With `rollUp` those that go leave roll-ups. */
export async function prunePeriodic(
  context: VersionContext,
  policy: RetentionPolicy,
  options: { dryRun?: boolean; rollUp?: boolean } = {},
): Promise<PruneResult> {
  checkPolicy(policy);
  const { root, backend, isOfBook } = context;
  if (root === undefined || !isOfBook) throw notOfBook();
  return backend.exclusive(async () => {
    const pins = await backend.readPins();
    const damaged: PruneEntry[] = [];
    const files = new PeriodicFiles(root);
    const entries = files.names.flatMap((name) => {
      const { record } = files.read(name);
      const [id, bytes] = [name.slice(0, -'.json'.length), files.bytesOf(name)];
      // What cannot be read has no time to go by: it stays for doctor to show.
      if (record === undefined) damaged.push({ id, created_us: 0, bytes, reason: 'cannot be read' });
      return record === undefined ? [] : [{ id, atUs: record.atUs, pinned: pins.has(id), bytes }];
    });
    const plan = planOf(entries, policy, context.clock.nowUs());
    plan.kept.push(...damaged);
    if (options.dryRun === true) return { dry_run: true, ...plan, rebased: [] };
    if (options.rollUp === true) keepUnrolled(root, context.clock.nowUs(), plan);
    if (plan.removed.length > 0) await removeRecorded(context, root, plan.removed);
    return { dry_run: false, ...plan, rebased: [] };
  });
}

/** Rolls up what is to go; what could not be rolled up stays. */
function keepUnrolled(root: string, nowUs: number, plan: Plan): void {
  const rolled = rollUp(
    root,
    plan.removed.map(({ id }) => id),
    nowUs,
  );
  plan.kept.push(...plan.removed.filter(({ id }) => !rolled.has(id)));
  plan.removed = plan.removed.filter(({ id }) => rolled.has(id));
}

/** That they were taken stays on record: a slot whose snapshot was pruned was not missed. */
async function removeRecorded(
  { clock }: VersionContext,
  root: string,
  entries: readonly PruneEntry[],
): Promise<void> {
  const log = openPrunedLog(root);
  try {
    for (const { id, created_us } of entries) log.append(prunedLine(id, created_us, clock.nowUs()));
  } finally {
    await log.close();
  }
  await removePeriodic(
    root,
    entries.map(({ id }) => id),
  );
  updateLatest(root);
}

type Plan = Pick<PruneResult, 'removed' | 'kept'>;

function planOf(
  items: readonly (RetainedItem & { bytes: number })[],
  policy: RetentionPolicy,
  nowUs: number,
): Plan {
  const byId = new Map(items.map((each) => [each.id, each]));
  const plan: Plan = { removed: [], kept: [] };
  for (const { id, keep, reason } of decideRetention(items, policy, nowUs)) {
    const { atUs, bytes } = byId.get(id)!;
    plan[keep ? 'kept' : 'removed'].push({ id, created_us: atUs, bytes, reason });
  }
  return plan;
}

/** Moves what had to stay after all from one list to the other. */
function afterwards(plan: Plan, stayed: ReadonlyMap<string, string>): Plan {
  const back = plan.removed.filter((each) => stayed.has(each.id));
  return {
    removed: plan.removed.filter((each) => !stayed.has(each.id)),
    kept: [...plan.kept, ...back.map((each) => ({ ...each, reason: stayed.get(each.id)! }))],
  };
}

/** Tags that keep snapshots for ever are in the book's own store: another would not know of them. */
export function notOfBook(): RefusedVersionError {
  return new RefusedVersionError(
    'usage',
    "Periodic snapshots are tagged and pruned by the book's own store.",
    {
      hint: 'Leave --store out, and be in the book or name it with --dir.',
    },
  );
}

function checkPolicy(policy: RetentionPolicy): void {
  if (policy.count !== undefined || policy.ageMs !== undefined || policy.thin === true) return;
  throw new RefusedVersionError('usage', 'No rule says what shall be kept.', {
    hint: 'Give --count, --age or --thin, or write retention: into daybook.yaml.',
  });
}
