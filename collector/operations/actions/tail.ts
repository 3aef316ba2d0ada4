import type { ActionRecord } from '../../formats/actions/action.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { followActions } from '../../store/follow-actions.ts';
import { newestActions } from '../../store/newest-actions.ts';

/** Where the followed actions go, and when to stop. */
export interface TailEffects {
  visit(record: ActionRecord): void;
  report(finding: Finding): void;
  signal: AbortSignal;
  pollMs?: number;
}

/** Visits the newest `lines` actions, oldest first, and then every new one until the signal aborts; each once. */
export async function tailActions(root: string, lines: number, effects: TailEffects): Promise<void> {
  const { signal, report, visit, pollMs } = effects;
  const shown = new Set<string>();
  let early: ActionRecord[] | undefined = [];
  // Following begins first, so that nothing falls between the two.
  const following = followActions(
    root,
    (record) => {
      if (early !== undefined) early.push(record);
      else if (!shown.delete(record.key)) visit(record);
    },
    { signal, report, ...(pollMs === undefined ? {} : { pollMs }) },
  );
  const newest = lines === 0 ? [] : (await newestActions(root, lines)).records;
  for (const record of newest.reverse()) {
    shown.add(record.key);
    visit(record);
  }
  const waiting = early;
  early = undefined;
  for (const record of waiting) if (!shown.delete(record.key)) visit(record);
  await following;
}
