import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { tryGit } from '../../base/git.ts';
import { processStart } from '../../store/ledger/staleness.ts';
import { privateIndexPrefix } from './commit.ts';
import type { WorkTree } from './place.ts';
import { worktreeRefs } from './refs.ts';

/** What syncs that were killed left in the folder of git: private indexes, and refs to what they had fetched. */
export interface SyncLeftovers {
  /** Paths of files. */
  files: string[];
  refs: string[];
}

/**
 * Finds what no living process holds, however young it is. `isAlone` says that no other sync can be at work in this work
 * tree; else the number in a name tells, which may by now belong to another program.
 */
export async function findSyncLeftovers(place: WorkTree, isAlone: boolean): Promise<SyncLeftovers> {
  const indexes = namesIn(place.gitFolder).filter((name) => name.startsWith(privateIndexPrefix));
  const files = indexes
    .filter((name) => isAlone || isLeft(name.slice(privateIndexPrefix.length)))
    .map((name) => join(place.gitFolder, name));
  if (isAlone) {
    const own = join(place.gitFolder, ...worktreeRefs.split('/'));
    files.push(...namesIn(own).flatMap((name) => (name.endsWith('.lock') ? [join(own, name)] : [])));
  }
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
