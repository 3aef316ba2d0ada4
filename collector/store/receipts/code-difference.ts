import type { CodeFile } from './code-file.ts';
import { codeFilter } from './code-filter.ts';
import { type CodeGitOptions, tryCodeGit } from './code-repository.ts';

/** What is different between two trees of a repository. */
export interface CodeDifference {
  /** False where the repository no longer has one of the trees: then nothing more is known. */
  known: boolean;
  /** One sentence where nothing is known. */
  why: string | undefined;
  /** Files that count. */
  files: CodeFile[];
  /** How many more differ but are results of runs or left out by include and exclude. */
  leftOut: number;
}

/** What counts as code. */
export interface CodeOptions {
  include?: readonly string[];
  exclude?: readonly string[];
  /** Under which git finds the objects. */
  env?: Record<string, string>;
}

/**
 * Compares two trees or commits of the repository at `top`, file by file. What recording and runs leave behind is not
 * counted (code-filter.ts).
 */
export async function codeDifference(
  top: string,
  before: string,
  after: string,
  options: CodeOptions = {},
): Promise<CodeDifference> {
  for (const id of [before, after]) {
    const isThere =
      objectId.test(id) && (await tryLiteral(top, ['cat-file', '-e', `${id}^{tree}`], options)).ok;
    if (!isThere) return unknown(`the repository no longer has ${id.slice(0, 12)}, or is another one`);
  }
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--numstat', before, after];
  const result = await tryLiteral(top, args, options);
  if (!result.ok) return unknown(`git cannot compare ${before.slice(0, 12)} and ${after.slice(0, 12)}`);
  const files = parseRawNumstat(result.stdout);
  const counted = files.filter(await codeFilter(top, files, options));
  return { known: true, why: undefined, files: counted, leftOut: files.length - counted.length };
}

function tryLiteral(top: string, args: string[], { env }: CodeGitOptions = {}) {
  return tryCodeGit(top, ['--literal-pathspecs', ...args], env === undefined ? {} : { env });
}

const objectId = /^[0-9a-f]{4,64}$/;

function unknown(why: string): CodeDifference {
  return { known: false, why, files: [], leftOut: 0 };
}

const changes: Record<string, CodeFile['change']> = { A: 'added', D: 'removed' };

/** ":100644 100644 a b M NUL path NUL" for every file, then "added TAB removed TAB path NUL" for every file. */
function parseRawNumstat(text: string): CodeFile[] {
  const fields = text.split('\0');
  const files = new Map<string, CodeFile>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!;
    if (field.startsWith(':')) {
      const path = fields[++at] ?? '';
      const change = changes[field.at(-1)!] ?? 'changed';
      files.set(path, { path, change, addedLines: undefined, removedLines: undefined });
      continue;
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    const file = files.get(counts?.[3] ?? '');
    if (counts === null || file === undefined || counts[1] === '-') continue;
    file.addedLines = Number(counts[1]);
    file.removedLines = Number(counts[2]);
  }
  return [...files.values()];
}

/** The patch between two trees, at most `maxBytes` of it; undefined where git cannot make it. */
export async function codePatch(
  top: string,
  before: string,
  after: string,
  files: readonly CodeFile[],
  { maxBytes = 256 * 1024, ...options }: CodeGitOptions & { maxBytes?: number } = {},
): Promise<{ text: string; truncated: boolean } | undefined> {
  if (files.length === 0) return { text: '', truncated: false };
  const paths = files.slice(0, 2000).map(({ path }) => path);
  const args = ['diff-tree', '-r', '-p', '--no-ext-diff', '--no-textconv', before, after, '--', ...paths];
  const result = await tryLiteral(top, args, options);
  if (!result.ok) return undefined;
  const truncated = result.stdout.length > maxBytes || paths.length < files.length;
  return { text: result.stdout.slice(0, maxBytes), truncated };
}

/** One commit for people. */
export interface CommitLine {
  id: string;
  subject: string;
}

/** Commits that lead from one to the other: those only the newer has and those only the older has; at most 50 each. */
export async function commitsBetween(
  top: string,
  before: string,
  after: string,
): Promise<{ added: CommitLine[]; removed: CommitLine[] } | undefined> {
  const log = async (from: string, to: string) => {
    const args = ['log', '--max-count=50', '--format=%H%x00%s%x1e', `${from}..${to}`, '--'];
    const result = await tryLiteral(top, args);
    if (!result.ok) return undefined;
    return result.stdout.split('\x1e').flatMap((line) => {
      const [id, subject = ''] = line.trim().split('\0');
      return id ? [{ id, subject }] : [];
    });
  };
  if (!objectId.test(before) || !objectId.test(after)) return undefined;
  const [added, removed] = [await log(before, after), await log(after, before)];
  return added === undefined || removed === undefined ? undefined : { added, removed };
}
