/** How long versions and snapshots are kept; several rules hold together. */
export interface RetentionPolicy {
  /** At most so many, the newest. */
  count?: number;
  /** Nothing older than this. */
  ageMs?: number;
  /** All of the last day, the last of each hour for a week, the last of each day for a year (UTC). */
  thin?: boolean;
}

/** What a rule can be asked about. */
export interface RetainedItem {
  id: string;
  atUs: number;
  /** Tagged: kept for ever. */
  pinned: boolean;
}

/** Whether an item stays, and why, as a phrase: "older than 30 days". */
export interface RetentionVerdict {
  id: string;
  keep: boolean;
  reason: string;
}

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;

/**
 * Which items a policy keeps, newest first. The newest one and whatever is tagged always stay; the same items give
 * the same answer however often it is carried out.
 */
export function decideRetention(
  items: readonly RetainedItem[],
  policy: RetentionPolicy,
  nowUs: number,
): RetentionVerdict[] {
  const newest = [...items].sort((a, b) => b.atUs - a.atUs || (a.id < b.id ? 1 : -1));
  const taken = new Set<string>();
  let kept = 0;
  return newest.map(({ id, atUs, pinned }, index) => {
    const reason =
      whyGoes(atUs, policy, nowUs, taken) ??
      (kept >= (policy.count ?? Infinity) ? 'beyond the count' : undefined);
    const keep = reason === undefined || pinned || index === 0;
    if (keep) kept += 1;
    if (pinned) return { id, keep, reason: 'tagged' };
    if (index === 0) return { id, keep, reason: 'the newest' };
    return { id, keep, reason: reason ?? 'within the rules' };
  });
}

function whyGoes(
  atUs: number,
  policy: RetentionPolicy,
  nowUs: number,
  taken: Set<string>,
): string | undefined {
  const ageUs = nowUs - atUs;
  if (policy.ageMs !== undefined && ageUs > policy.ageMs * 1000) return 'too old';
  if (policy.thin !== true || ageUs <= dayUs) return undefined;
  if (ageUs > 365 * dayUs) return 'older than a year';
  const [unit, us] = ageUs <= 7 * dayUs ? (['hour', hourUs] as const) : (['day', dayUs] as const);
  const slot = `${unit} ${Math.floor(atUs / us)}`;
  if (taken.has(slot)) return `not the last of its ${unit}`;
  taken.add(slot);
  return undefined;
}
