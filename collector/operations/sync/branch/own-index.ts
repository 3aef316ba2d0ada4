import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runGit, tryGit } from '../../../base/git.ts';
import type { GitEntries } from '../book-files.ts';
import { indexEntries } from '../objects.ts';
import { indexOf, type WorkTree } from '../work-tree.ts';

/** What the names of indexes of books on branches of their own begin with. */
export const ownIndexPrefix = 'daybook-book-';

/** Where the index of a book on a branch of its own lies: in git's folder of this work tree. */
export function ownIndexPath(
  { gitFolder, prefix }: WorkTree,
  { remote, branch }: { remote: string; branch: string },
): string {
  const key = createHash('sha256').update(`${remote}\n${branch}\n${prefix}`).digest('hex').slice(0, 12);
  return join(gitFolder, `${ownIndexPrefix}${key}`);
}

/**
 * Remembers what the branch has, with sizes and times of the files here, so that the next sync reads only what is new. Losing it
 * costs no more than reading all.
 */
export async function rememberEntries(place: WorkTree, entries: GitEntries): Promise<void> {
  const known = await indexEntries(place);
  const none = '0'.repeat(40);
  const gone = [...known].filter(([path]) => !entries.has(path));
  const changed = [...entries].filter(([path, { oid }]) => known.get(path)?.oid !== oid);
  if (gone.length + changed.length === 0) return;
  const env = indexOf(place);
  const settings = ['core.fsync=all,-index'];
  const input = [
    ...gone.map(([path, { oid }]) => `0 ${none.padEnd(oid.length, '0')}\t${path}\0`),
    ...changed.map(([path, { mode, oid }]) => `${mode} ${oid}\t${path}\0`),
  ].join('');
  await runGit(place.top, ['update-index', '-z', '--index-info'], { env, input, settings });
  await tryGit(place.top, ['update-index', '-q', '--refresh'], { env, settings });
}
