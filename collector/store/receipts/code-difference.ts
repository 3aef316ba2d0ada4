import { codeFilter } from './code-filter.ts';
import type { CodeFile } from './code-parts.ts';
import { codeParts, type InnerTrees, objectId, tryLiteral } from './code-parts.ts';

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
  /** Repositories inside of it whose older state is not at hand any more, so that it cannot be brought back. */
  lost: string[];
}

/** What counts as code. */
export interface CodeOptions {
  include?: readonly string[];
  exclude?: readonly string[];
  /** Under which git finds the objects. */
  env?: Record<string, string> | undefined;
  inner?: InnerTrees | undefined;
}

/**
 * Compares two trees or commits of the repository at `top`, file by file, with those of repositories inside of it. What
 * recording and runs leave behind is not counted (code-filter.ts).
 */
export async function codeDifference(
  top: string,
  before: string,
  after: string,
  options: CodeOptions = {},
): Promise<CodeDifference> {
  const parts = await codeParts({ top, prefix: '', before, after, env: options.env }, options.inner);
  if (parts === undefined) {
    const lost = await firstLost(top, [before, after], options.env);
    if (lost !== undefined)
      return unknown(`the repository no longer has ${lost.slice(0, 12)}, or is another one`);
    return unknown(`git cannot compare ${before.slice(0, 12)} and ${after.slice(0, 12)}`);
  }
  const files = parts.flatMap((part) => part.files);
  const counted = files.filter(await codeFilter(top, parts, options));
  if (parts.length > 1) counted.sort((a, b) => (a.path < b.path ? -1 : 1));
  const lost = parts.flatMap((part) => part.lost);
  return { known: true, why: undefined, files: counted, leftOut: files.length - counted.length, lost };
}

async function firstLost(top: string, ids: string[], env: CodeOptions['env']): Promise<string | undefined> {
  for (const id of ids) {
    const { ok } = objectId.test(id)
      ? await tryLiteral(top, ['cat-file', '-e', `${id}^{tree}`], env)
      : { ok: false };
    if (!ok) return id;
  }
  return undefined;
}

function unknown(why: string): CodeDifference {
  return { known: false, why, files: [], leftOut: 0, lost: [] };
}

/** The patch between two trees, at most `maxBytes` of it; undefined where git cannot make it. */
export async function codePatch(
  top: string,
  before: string,
  after: string,
  files: readonly CodeFile[],
  { maxBytes = 256 * 1024, env, inner }: Pick<CodeOptions, 'env' | 'inner'> & { maxBytes?: number } = {},
): Promise<{ text: string; truncated: boolean } | undefined> {
  if (files.length === 0) return { text: '', truncated: false };
  const parts = await codeParts({ top, prefix: '', before, after, env }, inner);
  if (parts === undefined) return undefined;
  const shown = new Set(files.slice(0, maxPatched).map(({ path }) => path));
  let text = '';
  for (const part of parts) {
    const { prefix } = part;
    const paths = part.files
      .filter(({ path }) => shown.has(path))
      .map(({ path }) => path.slice(prefix.length));
    if (paths.length === 0 || text.length > maxBytes) continue;
    const names = [`--src-prefix=a/${prefix}`, `--dst-prefix=b/${prefix}`];
    const form = ['-r', '-p', '--no-ext-diff', '--no-textconv', ...names];
    const result = await tryLiteral(
      part.top,
      ['diff-tree', ...form, part.before, part.after, '--', ...paths],
      part.env,
    );
    if (!result.ok) return undefined;
    text += result.stdout;
  }
  return { text: text.slice(0, maxBytes), truncated: text.length > maxBytes || shown.size < files.length };
}

const maxPatched = 2000;

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
