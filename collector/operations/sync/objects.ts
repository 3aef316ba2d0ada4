import { createHash } from 'node:crypto';
import { runGit } from '../../base/git.ts';
import { bookPaths, type GitEntries } from './book-files.ts';
import { indexOf, type WorkTree } from './work-tree.ts';

/** The book's files in the user's index, or in its own; those with conflicts left out. */
export async function indexEntries(place: WorkTree): Promise<GitEntries> {
  const args = ['ls-files', '--stage', '-z', '--', ...bookPaths(place)];
  const text = await runGit(place.top, args, { env: indexOf(place) });
  return entriesOf(text, /^(\d+) ([0-9a-f]+) 0\t(.+)$/s);
}

function entriesOf(text: string, pattern: RegExp): GitEntries {
  const entries: GitEntries = new Map();
  for (const line of text.split('\0')) {
    const [, mode, oid, path] = pattern.exec(line) ?? [];
    if (mode !== undefined && oid !== undefined && path !== undefined) entries.set(path, { mode, oid });
  }
  return entries;
}

/** Stores files of the work tree as they are and returns their ids, in their order. */
export async function storeFiles(place: WorkTree, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const text = await runGit(place.top, args, { input: `${paths.join('\n')}\n` });
  return text.trim().split('\n');
}

/** Stores bytes as an object and returns its id. */
export async function storeBytes(place: WorkTree, bytes: Uint8Array): Promise<string> {
  return (await runGit(place.top, ['hash-object', '-w', '--stdin'], { input: bytes })).trim();
}

/** The id that bytes have as an object, in the manner of a known one; nothing is stored. */
export function oidOf(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
