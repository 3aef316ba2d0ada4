import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { commitsOf } from '../../formats/receipts/commits.ts';
import { openCodeRepository } from '../../store/receipts/code-repository.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import { listTags } from '../../store/receipts/receipt-tags.ts';
import {
  commitsNamed,
  listShadowRefs,
  removeShadowRefs,
  type ShadowRef,
} from '../../store/receipts/shadow-refs.ts';

/** Which refs shall go. */
export interface ClearOptions {
  /** Also those of runs whose receipts are here, but that are neither tagged nor an ancestor of a tagged run. */
  untagged: boolean;
  /** Younger ones stay: their run may not have ended, and its receipt comes last. */
  minAgeMs: number;
  /** False only looks. */
  remove: boolean;
}

/** What became of the refs of shadow commits. */
export interface ClearedRefs {
  removed: ShadowRef[];
  /** How many stay, and why: for each the first reason that holds. */
  kept: { tagged: number; named: number; young: number };
}

/**
 * Clears away refs that keep the code of runs nobody can find any more. Always stays: what a tag links (the code of tagged runs
 * and their ancestors), what is young, and, unless `untagged`, what any receipt in a work tree or on a branch names.
 * Receipts and folders of runs are never touched.
 */
export async function clearRefs(
  root: string,
  { untagged, minAgeMs, remove }: ClearOptions,
  clock: Clock = systemClock,
): Promise<ClearedRefs> {
  const repository = await openCodeRepository(root);
  const refs = await listShadowRefs(repository);
  const tagged = await taggedCommits(root, repository.top);
  const named = untagged ? new Set<string>() : await commitsNamed(repository);
  const youngest = clock.nowUs() / 1000 - minAgeMs;
  const kept = { tagged: 0, named: 0, young: 0 };
  const removed = refs.filter(({ commit, writtenAtMs }) => {
    const why = tagged.has(commit)
      ? 'tagged'
      : named.has(commit)
        ? 'named'
        : writtenAtMs > youngest
          ? 'young'
          : undefined;
    if (why !== undefined) kept[why] += 1;
    return why === undefined;
  });
  if (remove) await removeShadowRefs(repository, removed);
  return { removed, kept };
}

/** What tags link, and what the receipts of tagged runs name now: they may have been added to. */
async function taggedCommits(root: string, top: string): Promise<Set<string>> {
  const tags = await listTags(top);
  const commits = new Set(tags.flatMap(({ parents }) => parents));
  for (const { run, path } of tags) {
    const file = join(run === undefined ? (path ?? root) : resolve(root, run), 'run.lock');
    const { record } = existsSync(file) ? readReceipt(root, file) : {};
    if (record !== undefined) for (const commit of commitsOf(record)) commits.add(commit);
  }
  return commits;
}
