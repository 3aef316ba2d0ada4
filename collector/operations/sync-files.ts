import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryPrefix } from '../base/atomic-file.ts';
import { DaybookError } from '../base/errors.ts';
import { runGit } from '../base/git.ts';
import type { SyncPlace } from './sync-repository.ts';

/** A file as a tree or an index has it. */
export interface GitEntry {
  mode: string;
  oid: string;
}

/** Files by path from the top of the work tree. */
export type GitEntries = Map<string, GitEntry>;

/**
 * What of a book goes into its commits. Not the files of runs: they lie among the user's own, wherever those are, and
 * whether results are committed is for the project to say.
 */
function bookPaths({ prefix }: SyncPlace): string[] {
  return [`${prefix}snapshots`, `${prefix}daybook.yaml`, `${prefix}.gitattributes`];
}

/** Whether a path is one of the book's own. */
export function isBookPath(place: SyncPlace, path: string): boolean {
  return bookPaths(place).some((own) => path === own || path.startsWith(`${own}/`));
}

/** The book's files in a commit; none where there is no commit. */
export async function treeEntries(place: SyncPlace, commit: string | undefined): Promise<GitEntries> {
  if (commit === undefined) return new Map();
  const text = await runGit(place.top, [
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    commit,
    '--',
    ...bookPaths(place),
  ]);
  return entriesOf(text, /^(\d+) blob ([0-9a-f]+)\t(.+)$/s);
}

/** The book's files in the user's index, those with conflicts left out. */
export async function indexEntries(place: SyncPlace): Promise<GitEntries> {
  const text = await runGit(place.top, ['ls-files', '--stage', '-z', '--', ...bookPaths(place)]);
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

/**
 * The book's files in the work tree, stored as objects; what .gitignore names is left out. Only files that differ
 * from the index are read: a book may hold many thousands.
 */
export async function workTreeEntries(place: SyncPlace): Promise<GitEntries> {
  const paths = ['--', ...bookPaths(place)];
  const [index, changed] = await Promise.all([
    indexEntries(place),
    runGit(place.top, ['ls-files', '-z', '--modified', '--others', '--exclude-standard', ...paths]),
  ]);
  const toRead = [...new Set(changed.split('\0'))].filter((path) => path !== '');
  for (const path of toRead) index.delete(path);
  const readable = toRead.filter((path) => isOwnFile(place.top, path) && !/^"|\n/.test(path));
  const oids = await storeFiles(place, readable);
  readable.forEach((path, number) => {
    index.set(path, { mode: '100644', oid: oids[number]! });
  });
  return index;
}

/** A regular file, finished: no links, nothing that is being written, no cache, also where no .gitignore says so. */
function isOwnFile(top: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    !name.startsWith(temporaryPrefix) &&
    !path.split('/').includes('.daybook') &&
    (lstatSync(join(top, path), { throwIfNoEntry: false })?.isFile() ?? false)
  );
}

async function storeFiles(place: SyncPlace, paths: string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const text = await runGit(place.top, args, { input: `${paths.join('\n')}\n` });
  return text.trim().split('\n');
}

/** Stores bytes as an object and returns its id. */
export async function storeBytes(place: SyncPlace, bytes: Uint8Array): Promise<string> {
  return (await runGit(place.top, ['hash-object', '-w', '--stdin'], { input: bytes })).trim();
}

/** The bytes of an object. */
export async function readBlob(place: SyncPlace, oid: string): Promise<Buffer> {
  return Buffer.from(await runGit(place.top, ['cat-file', 'blob', oid], { binary: true }), 'latin1');
}

/** The bytes of many objects, in their order, by one git process. */
export async function readBlobs(place: SyncPlace, oids: string[]): Promise<Buffer[]> {
  const input = oids.map((oid) => `${oid}\n`).join('');
  const output = Buffer.from(
    await runGit(place.top, ['cat-file', '--batch'], { input, binary: true }),
    'latin1',
  );
  const blobs: Buffer[] = [];
  for (let at = 0; blobs.length < oids.length; ) {
    const end = output.indexOf('\n', at);
    const [, type, size] = output.toString('latin1', at, end).split(' ');
    if (end < 0 || type !== 'blob')
      throw new DaybookError('git', `The object ${oids[blobs.length]} cannot be read.`);
    blobs.push(output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return blobs;
}
