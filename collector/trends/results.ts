import type { ActionRecord } from '../formats/actions/action.ts';

/** A type of action whose results are not what they were. */
export interface ResultChange {
  type: string;
  /** What it came to now and at the base; undefined where it was not there. */
  now: 'completed' | 'failed';
  before: 'completed' | 'failed' | undefined;
  /** The commit of now, and id and time of the action. */
  commit: string | undefined;
  id: string;
  atUs: number;
}

/** A type of action that came to different results on one and the same commit. */
export interface FlakyResult {
  type: string;
  commit: string;
  failed: number;
  completed: number;
}

/** What became of the results of actions. */
export interface ResultLists {
  regressed: ResultChange[];
  fixed: ResultChange[];
  new: ResultChange[];
  flaky: FlakyResult[];
}

/** What of an action tells how it ended, and on which commit. */
export type Result = Pick<ActionRecord, 'type' | 'status' | 'atUs' | 'key' | 'source'>;

/** So many results of a type are looked through for flaky ones, the newest. */
const mostOfType = 20;

/**
 * Holds the newest result of each type of action against the newest one before it on another commit, or on the base branch. A
 * type is flaky where it both failed and completed on one commit in CI, where the work tree is what the commit says; what is flaky
 * neither regressed nor was it fixed.
 */
export function resultLists(newestFirst: Iterable<Result>, branch?: string): ResultLists {
  const byType = new Map<string, Result[]>();
  for (const action of newestFirst) {
    if (action.status !== 'completed' && action.status !== 'failed') continue;
    const known = byType.get(action.type);
    if (known === undefined) byType.set(action.type, [action]);
    else known.push(action);
  }
  const lists: ResultLists = { regressed: [], fixed: [], new: [], flaky: [] };
  for (const [type, results] of byType) {
    const flaky = flakyOf(type, results.slice(0, mostOfType));
    if (flaky !== undefined) {
      lists.flaky.push(flaky);
      continue;
    }
    const [now] = results as [Result];
    const commit = now.source?.commit;
    const base = results.find(
      (result) => isOther(result, now) && (branch === undefined || result.source?.branch === branch),
    );
    const change: ResultChange = {
      type,
      now: wordOf(now),
      before: base && wordOf(base),
      commit,
      id: now.key,
      atUs: now.atUs,
    };
    if (change.before === undefined) lists.new.push(change);
    else if (change.before !== change.now)
      lists[change.now === 'failed' ? 'regressed' : 'fixed'].push(change);
  }
  return lists;
}

/** Where no commit is recorded, each result stands for itself. */
function isOther(result: Result, now: Result): boolean {
  const commit = now.source?.commit;
  return commit === undefined ? result !== now : result.source?.commit !== commit;
}

/** The newest commit on which a type came to both results, if there is one. */
function flakyOf(type: string, results: readonly Result[]): FlakyResult | undefined {
  const byCommit = new Map<string, { failed: number; completed: number }>();
  for (const { status, source } of results) {
    if (source?.commit === undefined || source.ci === undefined) continue;
    const counts = byCommit.get(source.commit) ?? { failed: 0, completed: 0 };
    counts[status === 'failed' ? 'failed' : 'completed'] += 1;
    byCommit.set(source.commit, counts);
  }
  for (const [commit, counts] of byCommit)
    if (counts.failed > 0 && counts.completed > 0) return { type, commit, ...counts };
  return undefined;
}

function wordOf({ status }: Result): 'completed' | 'failed' {
  return status === 'failed' ? 'failed' : 'completed';
}
