import { copyFileSync, existsSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import { type CodePlace, tryCodeGit } from './code-repository.ts';

/** A throw-away index that holds the whole work tree, and where new objects go. */
export interface PrivateIndex {
  env: Record<string, string>;
  /** Repositories inside of this one that git cannot add: without a commit, broken, or of another owner. */
  leftOut: string[];
  /** Whether there are repositories inside of this one. */
  hasInner: boolean;
  /** Takes the copy away; with `writes: false` the objects, too. */
  close(): void;
}

/**
 * Stages everything in the work tree, untracked files too and ignored ones not, into a copy of the index. The copy goes
 * away when it is closed; with `writes: false` so do the objects, and nothing is written to the repository.
 * @throws DaybookError `git` with what git could not add.
 */
export async function openPrivateIndex(place: CodePlace, writes: boolean): Promise<PrivateIndex> {
  const folder = makeWorkFolder('index');
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'index');
    copyIndex(place.index, path);
    const env: Record<string, string> = { GIT_INDEX_FILE: path };
    if (!writes) {
      env['GIT_OBJECT_DIRECTORY'] = folder;
      env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = quotePath(place.objects);
    }
    const leftOut = await addAll(place, env);
    return { env, leftOut, hasInner: leftOut.length > 0 || namesInner(path), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** With its time: without it git reads every file again to be sure that none changed since the index was written. */
function copyIndex(from: string, to: string): void {
  if (!existsSync(from)) return;
  copyFileSync(from, to);
  const { mtimeNs } = statSync(from, { bigint: true });
  // Never later than the original, whatever is lost in rounding.
  const seconds = Number(mtimeNs / 1000n - 1n) / 1e6;
  utimesSync(to, seconds, seconds);
}

function namesInner(index: string): boolean {
  return existsSync(index) && readFileSync(index).includes(submoduleMode);
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
    const inTheWay = (await innerInTheWay(top, env, result.stderr)).filter((path) => !leftOut.includes(path));
    if (inTheWay.length > 0) leftOut.push(...inTheWay);
    else {
      throw new DaybookError('git', `git could not take in the work tree: ${saidBy(result)}`, {
        where: top,
        hint: 'Make the file readable or ignore it in .gitignore, then try again.',
        cause: result.stderr,
      });
    }
  }
}

/** Which repositories inside of this one made git give up; it names the first it meets, or none. */
async function innerInTheWay(top: string, env: Record<string, string>, said: string): Promise<string[]> {
  const unborn = /error: '(.+?)\/?' does not have a commit checked out/.exec(said)?.[1];
  if (unborn !== undefined) return [unborn];
  const foreign = /dubious ownership in repository at '(.+?)\/?'/.exec(said)?.[1];
  if (foreign?.startsWith(`${top}/`)) return [foreign.slice(top.length + 1)];
  const listed = await tryCodeGit(top, ['ls-files', '--stage', '-z'], { env });
  const links = listed.stdout
    .split('\0')
    .flatMap((line) => /^160000 [0-9a-f]+ \d\t(.+)$/s.exec(line)?.[1] ?? []);
  const broken = links.map(async (path) => {
    const { ok } = await tryCodeGit(join(top, path), [
      'rev-parse',
      '--verify',
      '--quiet',
      'HEAD^{tree}',
    ]).catch(() => ({ ok: false }));
    return ok ? [] : [path];
  });
  return (await Promise.all(broken)).flat();
}
