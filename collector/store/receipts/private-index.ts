import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import { type CodePlace, tryCodeGit } from './code-repository.ts';

/** A throw-away index that holds the whole work tree, and where new objects go. */
export interface PrivateIndex {
  env: Record<string, string>;
  /** Repositories inside of this one that git cannot add because they have no commit yet. */
  leftOut: string[];
  /** Whether the index names submodules. */
  hasSubmodules: boolean;
}

/**
 * Stages everything in the work tree, untracked files too and ignored ones not, into a copy of the index, and hands it
 * on. The copy goes away; with `writes: false` so do the objects, and nothing is written to the repository.
 * @throws DaybookError `git` with what git could not add.
 */
export async function withPrivateIndex<T>(
  place: CodePlace,
  writes: boolean,
  use: (index: PrivateIndex) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-index-'));
  try {
    const path = join(folder, 'index');
    const hasSubmodules = copyIndex(place.index, path);
    const env: Record<string, string> = { GIT_INDEX_FILE: path };
    if (!writes) {
      env['GIT_OBJECT_DIRECTORY'] = folder;
      env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = quotePath(place.objects);
    }
    const leftOut = await addAll(place, env);
    return await use({ env, leftOut, hasSubmodules });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With its time: without it git reads every file again to be sure that none changed since the index was written. */
function copyIndex(from: string, to: string): boolean {
  if (!existsSync(from)) return false;
  copyFileSync(from, to);
  const { mtimeNs } = statSync(from, { bigint: true });
  // Never later than the original, whatever is lost in rounding.
  const seconds = Number(mtimeNs / 1000n - 1n) / 1e6;
  utimesSync(to, seconds, seconds);
  return readFileSync(to).includes(submoduleMode);
}

/** The mode 160000 as it stands in an index; found by chance elsewhere it costs a look that finds nothing. */
const submoduleMode = Buffer.from([0, 0, 0xe0, 0]);

/** Alternates are separated by colons; git understands C quotes. */
function quotePath(path: string): string {
  return /["\\:\n]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}

async function addAll({ top }: CodePlace, env: Record<string, string>): Promise<string[]> {
  const leftOut: string[] = [];
  for (;;) {
    const excluded = leftOut.map((path) => `:(exclude,literal,top)${path}`);
    const result = await tryCodeGit(top, ['add', '--all', '--', ':/', ...excluded], { env });
    if (result.ok) return leftOut;
    const unborn = /error: '(.+?)\/?' does not have a commit checked out/.exec(result.stderr)?.[1];
    if (unborn !== undefined && !leftOut.includes(unborn)) leftOut.push(unborn);
    else {
      throw new DaybookError('git', `git could not take in the work tree: ${saidBy(result)}`, {
        where: top,
        hint: 'Make the file readable or ignore it in .gitignore, then try again.',
        cause: result.stderr,
      });
    }
  }
}
