import { runGit, tryGit } from '../../../base/git.ts';
import type { SyncPlace } from '../place.ts';
import { outcomeOf } from '../push-outcome.ts';
import { syncedRef, tipRef, worktreeRefs } from '../refs.ts';
import { fetchRefs, pushTo } from '../remote.ts';
import { type Lineage, readLineage, withLineage } from './lineage.ts';

/** What shortening the history of a branch came to. */
export interface Squashed {
  /** The new tip; its tree is that of the old one. */
  commit: string;
  /** How many commits became one. */
  commits: number;
}

/**
 * Makes one commit of all of a branch that is older than a time, and puts the younger commits on top of it as they are. The
 * branch moves only from the very commit that was read: who pushes in between wins, and it is left to the next sync. Undefined
 * where there is nothing to shorten, or somebody else was first; the book itself is the same before and after.
 */
export async function squashHistory(
  place: SyncPlace,
  tip: string,
  historyMs: number,
  nowMs = Date.now(),
): Promise<Squashed | undefined> {
  const lineage = readLineage(await place.objects.message(tip));
  if (lineage === undefined || place.remote === '') return undefined;
  const cutMs = nowMs - historyMs;
  if (place.isShallow) await fetchSince(place, cutMs);
  const commits = await commitsOf(place, tip);
  const first = commits.findIndex(({ atMs }) => atMs >= cutMs);
  const from = first === -1 ? commits.length - 1 : first;
  const kept = commits.slice(from);
  const sinceMs = kept[0]!.atMs;
  const squashed = lineage.count - kept.length;
  if (sinceMs <= lineage.sinceMs || squashed <= 0) return undefined;
  const commit = await rewrite(place, kept, { ...lineage, sinceMs });
  const ref = `refs/heads/${place.branch}`;
  const moved = await pushTo(place, [`--force-with-lease=${ref}:${tip}`], [`${commit}:${ref}`]);
  // Only what somebody else pushed first is left to the next time without a word.
  if (!moved.ok && outcomeOf(moved, place.remote, place.branch) !== 'taken') return undefined;
  const input = [tipRef, syncedRef(place)].map((ref) => `update ${ref} ${commit}\n`).join('');
  await tryGit(place.top, ['update-ref', '--stdin'], { input });
  return { commit, commits: squashed + 1 };
}

interface OldCommit {
  tree: string;
  author: string;
  committer: string;
  atMs: number;
  message: string;
}

/** The commits of a branch as far as they are here, oldest first. */
async function commitsOf({ top }: SyncPlace, tip: string): Promise<OldCommit[]> {
  const format = ['%T', '%an <%ae> %ad', '%cn <%ce> %cd', '%ct', '%B', ''].join('%x00');
  const args = [
    'log',
    '--first-parent',
    '--reverse',
    '--no-mailmap',
    '--date=raw',
    `--format=${format}`,
    tip,
  ];
  const fields = (await runGit(top, args)).split('\0');
  const commits: OldCommit[] = [];
  for (let at = 0; at + 4 < fields.length; at += 5) {
    const [tree = '', author = '', committer = '', seconds, message = ''] = fields.slice(at, at + 5);
    commits.push({ tree: tree.trim(), author, committer, atMs: Number(seconds) * 1000, message });
  }
  return commits;
}

/** Brings what is younger than a time; a branch on which nothing is gives no more than is here already. */
async function fetchSince(place: SyncPlace, cutMs: number): Promise<void> {
  const since = `--shallow-since=${Math.floor(cutMs / 1000)}`;
  const wanted = [since, place.remote, `+refs/heads/${place.branch}:${tipRef}`];
  await fetchRefs(place, wanted).catch(() => false);
}

/** Writes commits anew, the first without a parent, by one process however many they are. */
async function rewrite(place: SyncPlace, commits: readonly OldCommit[], lineage: Lineage): Promise<string> {
  const ref = `${worktreeRefs}/squashed`;
  const base = lineage.count - commits.length;
  const parts = commits.map(({ tree, author, committer, message }, number) => {
    const text = withLineage(message, { ...lineage, count: base + number + 1 });
    const from = number === 0 ? '' : `from :${number}\n`;
    const data = `data ${Buffer.byteLength(text)}\n${text}\n`;
    return `commit ${ref}\nmark :${number + 1}\nauthor ${author}\ncommitter ${committer}\n${data}${from}M 040000 ${tree} ""\n\n`;
  });
  const input = `feature done\n${parts.join('')}done\n`;
  await tryGit(place.top, ['update-ref', '-d', ref]);
  await runGit(place.top, ['fast-import', '--quiet', '--force', '--date-format=raw-permissive'], { input });
  const commit = (await runGit(place.top, ['rev-parse', '--verify', ref])).trim();
  await tryGit(place.top, ['update-ref', '-d', ref]);
  return commit;
}
