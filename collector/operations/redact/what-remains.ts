import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { tryGit } from '../../base/git.ts';
import { jsonText } from '../../base/json/text.ts';

/** What git still holds of something that was taken out of a book. */
export interface InHistory {
  /** How many versions of files hold it. */
  versions: number;
  /** Commits that brought it in, newest first, short. */
  commits: string[];
  /** Branches, tags and other refs that reach one of them. */
  refs: string[];
}

const maxBlobs = 5000;
const maxBytes = 256 * 1024 * 1024;

/** Looks for texts in every version that git has of some files. Undefined where there is no git. */
export async function findInHistory(
  root: string,
  files: readonly string[],
  texts: readonly string[],
): Promise<InHistory | undefined> {
  // Where git is not installed, what was asked to go is gone all the same.
  const listed = await tryGit(root, ['rev-list', '--all', '--objects', '--', ...files]).catch(
    () => undefined,
  );
  if (listed?.ok !== true) return undefined;
  const blobs = listed.stdout
    .split('\n')
    .flatMap((line) => (line.includes(' ') ? [line.split(' ')[0]!] : []));
  const holding: string[] = [];
  for (const blob of blobs.slice(0, maxBlobs)) {
    const { ok, stdout } = await tryGit(root, ['cat-file', 'blob', blob], { binary: true });
    if (ok && holdsAny(unpacked(Buffer.from(stdout, 'latin1')), texts)) holding.push(blob);
  }
  const commits = new Set<string>();
  const refs = new Set<string>();
  for (const blob of holding) {
    const found = await tryGit(root, ['log', '--all', '--format=%H', `--find-object=${blob}`]);
    for (const commit of found.stdout.split('\n')) if (commit !== '') commits.add(commit);
  }
  for (const commit of commits) {
    const found = await tryGit(root, ['for-each-ref', '--format=%(refname:short)', `--contains=${commit}`]);
    for (const ref of found.stdout.split('\n')) if (ref !== '') refs.add(ref);
  }
  return {
    versions: holding.length,
    commits: [...commits].map((commit) => commit.slice(0, 12)),
    refs: [...refs].sort(),
  };
}

/** Files of a book that hold one of some texts as they stand, relative to the book; git's own are not looked at. */
export function filesHolding(root: string, texts: readonly string[], folder = ''): string[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === '.git' || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return filesHolding(root, texts, file);
    return entry.isFile() && holdsAny(textOf(join(root, file)), texts) ? [file] : [];
  });
}

/** Texts are written as JSON in most files, where some characters are escaped. */
function holdsAny(content: string, texts: readonly string[]): boolean {
  return texts.some((text) => {
    const bytes = Buffer.from(text).toString('latin1');
    return content.includes(bytes) || content.includes(jsonText(bytes).slice(1, -1));
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return statSync(path).size > maxBytes ? '' : unpacked(readFileSync(path));
  } catch {
    return '';
  }
}

/** Archived files by what they begin with: versions in git have no names. What cannot be unpacked is looked at as it is. */
function unpacked(bytes: Buffer): string {
  try {
    const mark = bytes.toString('latin1', 0, 4);
    if (mark === '\x28\xb5\x2f\xfd') return zstdDecompressSync(bytes).toString('latin1');
    if (mark.startsWith('\x1f\x8b')) return gunzipSync(bytes).toString('latin1');
  } catch {
    // Damaged.
  }
  return bytes.toString('latin1');
}
