import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy, tryGit } from '../../base/git.ts';
import { temporaryPrefix } from '../../base/temporary-name.ts';
import { bookPaths, type GitEntries, isEssential, kindOf } from './book-files.ts';
import { type FilteredPath, filteredPaths, ignoredPaths, type RulePlace } from './git-rules.ts';
import { indexOf, type WorkTree } from './work-tree.ts';

/** What git sees of a book in the work tree, before any file is read. */
export interface ListedBook {
  /** What the index has, conflicts left out. */
  index: GitEntries;
  /** Regular files that are new or differ from the index. */
  changed: Set<string>;
  /** Files of the index that were deleted here. */
  gone: Set<string>;
  /** Files of the index that a sparse checkout leaves out. */
  absent: Set<string>;
  /** Files whose changes git was told not to look for, by the flag that says so. */
  flagged: Map<string, 'skip-worktree' | 'assume-unchanged'>;
  ignored: Map<string, RulePlace>;
  filtered: Map<string, FilteredPath>;
  /** What stands where a file or folder of the book should be, and cannot be committed as one. */
  strange: Map<string, 'link' | 'repository' | 'name' | 'unreadable'>;
}

/** Asks git what of a book is there, and which rules keep it out of commits. Writes nothing. */
export async function listBook(place: WorkTree): Promise<ListedBook> {
  const args = ['ls-files', '-v', '-z', '--stage', '--cached', '--modified', '--deleted', '--others'];
  const result = await tryGit(place.top, [...args, '--', ...bookPaths(place)], { env: indexOf(place) });
  if (!result.ok)
    throw new DaybookError('git', `git ls-files failed: ${saidBy(result)}`, { where: place.top });
  const book: ListedBook = {
    index: new Map(),
    changed: new Set(),
    gone: new Set(),
    absent: new Set(),
    flagged: new Map(),
    ignored: new Map(),
    filtered: new Map(),
    strange: new Map(),
  };
  for (const [, folder = ''] of result.stderr.matchAll(/could not open directory '(.*?)\/?'/g))
    book.strange.set(folder, 'unreadable');
  const untracked: string[] = [];
  for (const line of result.stdout.split('\0')) if (line !== '') takeLine(place, book, untracked, line);
  if (place.ownIndex !== undefined) {
    await leaveOutOthers(place, book, untracked);
    return book;
  }
  const logs = [...book.index.keys()].filter((path) => kindOf(place, path) === 'log');
  [book.ignored, book.filtered] = await Promise.all([
    ignoredPaths(place, untracked),
    filteredPaths(place, [...new Set([...book.changed, ...logs])]),
  ]);
  return book;
}

/**
 * On a branch of its own a book is stored as it is: rules that keep it out of the user's branches, filters among them, are
 * not meant. Only what somebody else put beside it, and ignores by a rule of its own, stays away.
 */
async function leaveOutOthers(
  place: WorkTree,
  book: ListedBook,
  untracked: readonly string[],
): Promise<void> {
  const others = untracked.filter((path) => !isEssential(place, path));
  for (const [path, rule] of await ignoredPaths(place, others)) {
    const meansBook = /^\/?(.*\/)?snapshots(\/|\/\*{1,2})?$/.test(rule.pattern);
    if (!meansBook) book.ignored.set(path, rule);
  }
}

/** One line: a tag, for what the index has mode, id and stage, and the path. */
function takeLine(place: WorkTree, book: ListedBook, untracked: string[], line: string): void {
  const [, tag = '', mode, oid, stage, path = ''] =
    /^(\S) (?:(\d+) ([0-9a-f]+) (\d)\t)?(.+)$/s.exec(line) ?? [];
  if (mode === '160000') {
    book.strange.set(path, 'repository');
    return;
  }
  if (mode === undefined) {
    if (path.endsWith('/')) book.strange.set(path.slice(0, -1), 'repository');
    else if (takeChanged(place, book, path)) untracked.push(path);
  } else if (tag === 'R') {
    book.gone.add(path);
    book.index.delete(path);
  } else if (tag === 'C' || stage !== '0') {
    // Flags are told where the entry is; what is flagged is never told as changed.
    if (!takeChanged(place, book, path)) book.index.delete(path);
  } else {
    book.index.set(path, { mode, oid: oid! });
    if (tag.toUpperCase() === 'S' || tag !== tag.toUpperCase()) takeFlagged(place, book, path, tag);
  }
}

function takeFlagged({ top }: WorkTree, book: ListedBook, path: string, tag: string): void {
  const isThere = lstatSync(join(top, path), { throwIfNoEntry: false }) !== undefined;
  const skips = tag.toUpperCase() === 'S';
  if (isThere) book.flagged.set(path, skips ? 'skip-worktree' : 'assume-unchanged');
  else if (skips) book.absent.add(path);
}

/** A regular file, finished: no links, nothing that is being written, no cache, also where no .gitignore says so. */
function takeChanged({ top }: WorkTree, book: ListedBook, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith(temporaryPrefix) || path.split('/').includes('.daybook')) return false;
  const stat = lstatSync(join(top, path), { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (!stat.isFile()) {
    if (stat.isSymbolicLink()) book.strange.set(path, 'link');
    return false;
  }
  if (/^"|\n/.test(path)) {
    book.strange.set(path, 'name');
    return false;
  }
  book.changed.add(path);
  return true;
}
