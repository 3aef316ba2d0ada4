import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plural } from '../../base/format/words.ts';
import { runGit } from '../../base/git.ts';
import type { GitEntries, GitEntry } from './book-files.ts';
import type { SyncPlace } from './place.ts';

/** A commit of the book's files, and how many of them changed; no commit where none did. */
export interface BookCommit {
  commit: string | undefined;
  files: number;
}

/** Commits files on top of a commit (or of nothing) through an index of its own: the user's is not involved. */
export async function commitBook(
  place: SyncPlace,
  onto: string | undefined,
  before: GitEntries,
  entries: GitEntries,
  details: {
    parents: string[];
    message: string | undefined;
    /** Paths that the commit shall no longer have. */
    dropped?: readonly string[];
    /** Changed files for which alone no commit is made. */
    isMinor?: ((path: string) => boolean) | undefined;
    /** A last line of the message, which tells where the commit belongs. */
    trailer?: string | undefined;
  },
): Promise<BookCommit> {
  const changed = [...entries].filter(([path, { oid }]) => before.get(path)?.oid !== oid);
  const dropped = (details.dropped ?? []).filter((path) => before.has(path));
  const count = changed.length + dropped.length;
  const isMinor = dropped.length === 0 && changed.every(([path]) => details.isMinor?.(path) === true);
  if ((count === 0 || isMinor) && details.parents.length < 2) return { commit: undefined, files: 0 };
  const tree = await writeTree(place, onto, [
    ...dropped.map((path): [string, GitEntry] => [path, noEntry(before.get(path)!.oid)]),
    ...changed,
  ]);
  const trailer = details.trailer === undefined ? '' : `\n\n${details.trailer}`;
  const message = `${details.message ?? `Record the book: ${plural(count, 'file')}`}${trailer}`;
  const parents = details.parents.flatMap((parent) => ['-p', parent]);
  const commit = await runGit(place.top, ['commit-tree', tree, ...parents, '-F', '-'], {
    input: `${message}\n`,
    env: place.identity,
  });
  return { commit: commit.trim(), files: count };
}

/** Writes a tree of files on top of that of a commit (or of nothing), through an index of its own. */
export async function writeTree(
  place: Pick<SyncPlace, 'top' | 'gitFolder'>,
  onto: string | undefined,
  changed: [path: string, entry: GitEntry][],
): Promise<string> {
  const index = join(
    place.gitFolder,
    `${privateIndexPrefix}${process.pid}-${Math.random().toString(36).slice(2)}`,
  );
  const env = { GIT_INDEX_FILE: index };
  // The index need not outlive a power cut; the objects do.
  const settings = ['core.fsync=all,-index'];
  try {
    await runGit(place.top, ['read-tree', onto ?? '--empty'], { env, settings });
    const input = changed.map(([path, { mode, oid }]) => `${mode} ${oid}\t${path}\0`).join('');
    await runGit(place.top, ['update-index', '-z', '--index-info'], { env, input, settings });
    return (await runGit(place.top, ['write-tree'], { env })).trim();
  } finally {
    rmSync(index, { force: true });
    rmSync(`${index}.lock`, { force: true });
  }
}

/** What takes a file out of an index; `like` is any id of the repository. */
export function noEntry(like: string): GitEntry {
  return { mode: '0', oid: '0'.repeat(like.length) };
}

/** What the names of private indexes begin with; the number of their process follows. */
export const privateIndexPrefix = 'daybook-index-';
