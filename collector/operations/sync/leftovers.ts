import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { tryGit } from '../../base/git.ts';
import { processStart } from '../../store/ledger/staleness.ts';
import { ownIndexPrefix } from './branch/own-index.ts';
import { privateIndexPrefix } from './commit.ts';
import { worktreeRefs } from './refs.ts';
import type { WorkTree } from './work-tree.ts';

/** What syncs that were killed left in the folder of git: private indexes, and refs to what they had fetched. */
export interface SyncLeftovers {
  /** Paths of files. */
  files: string[];
  refs: string[];
}

/** Finds what no living process holds, however young it is; the number in a name tells. */
export async function findSyncLeftovers(place: WorkTree): Promise<SyncLeftovers> {
  const files = indexesIn(place).filter((path) => isLeft(basename(path).slice(privateIndexPrefix.length)));
  const args = ['for-each-ref', '--format=%(refname)', `${oldRefs}sync-*`, `${oldRefs}synced`];
  const { stdout } = await tryGit(place.top, args);
  const names = stdout.split('\n').filter((name) => name !== '');
  return { files, refs: names.filter((name) => isLeft(name.slice(`${oldRefs}sync-`.length))) };
}

/** Removes it; nothing of it is a record. What cannot be removed stays for the next time. */
export async function removeSyncLeftovers(place: WorkTree, { files, refs }: SyncLeftovers): Promise<void> {
  for (const file of files) removeQuietly(file);
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  if (refs.length > 0) await tryGit(place.top, ['update-ref', '--stdin'], { input });
}

/**
 * Removes files whatever their number says, which may by now be that of another program. Only for who knows that no
 * other sync is at work in this work tree, before git is called.
 */
export function removeLeftoverFiles(place: WorkTree): void {
  const own = join(place.gitFolder, ...worktreeRefs.split('/'));
  const locks = namesIn(own).filter((name) => name.endsWith('.lock'));
  const held = namesIn(place.gitFolder).filter(
    (name) => name.startsWith(ownIndexPrefix) && name.endsWith('.lock'),
  );
  const left = [...locks.map((name) => join(own, name)), ...held.map((name) => join(place.gitFolder, name))];
  for (const file of [...indexesIn(place), ...left]) removeQuietly(file);
}

function indexesIn({ gitFolder }: WorkTree): string[] {
  const names = namesIn(gitFolder).filter((name) => name.startsWith(privateIndexPrefix));
  return names.map((name) => join(gitFolder, name));
}

/** Where earlier ones were kept, among refs that people push. */
const oldRefs = 'refs/daybook/';

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A name begins with the process it belongs to; in a container the next one may well have the same number. */
function isLeft(name: string): boolean {
  const pid = Number(/^\d+/.exec(name)?.[0]);
  return !(pid > 0) || pid === process.pid || processStart(pid) === 'gone';
}
