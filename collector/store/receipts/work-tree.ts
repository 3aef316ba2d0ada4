import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { type CodeRepository, openCodeRepository, runCodeGit, tryCodeGit } from './code-repository.ts';
import { dirtySubmodules } from './dirty-submodules.ts';
import { withPrivateIndex } from './private-index.ts';

/** The code in a work tree as it is now; computing it leaves no trace in its repository. */
export interface WorkTree {
  /** Top folder of the work tree. */
  top: string;
  /** Commit that is checked out. */
  head: string | undefined;
  /** Tree of everything in it, untracked files included, ignored ones not: as in a shadow commit. */
  tree: string;
  /** Submodules with changes of their own, of which the tree says nothing. */
  dirtySubmodules: string[];
  /** Environment under which git finds the objects of `tree`, until it is closed. */
  env: Record<string, string>;
  close(): void;
}

/** Why there is no tree. */
export interface NoWorkTree {
  state: 'missing' | 'none' | 'too-large' | 'failed';
  /** A phrase. */
  why: string;
}

/**
 * The tree that the work tree around `folder` would have as a shadow commit. Nothing is written to the repository.
 * `budgetBytes` bounds what may have to be read because it is new or changed.
 */
export async function readWorkTree(folder: string, budgetBytes?: number): Promise<WorkTree | NoWorkTree> {
  if (!isFolder(folder)) return { state: 'missing', why: 'there is no such folder' };
  let repository: CodeRepository;
  try {
    repository = await openCodeRepository(folder);
  } catch (error) {
    return { state: 'none', why: messageOf(error).replace(/\.$/, '') };
  }
  if (budgetBytes !== undefined && (await changedBytes(repository.top)) > budgetBytes)
    return {
      state: 'too-large',
      why: 'too much is new or changed to check it in a build; run daybook verify',
    };
  return openTree(repository);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false; // Recorded paths may be too long, or none at all.
  }
}

/** The private index lives as long as the tree is open. */
function openTree(repository: CodeRepository): Promise<WorkTree | NoWorkTree> {
  const { top, head } = repository;
  return new Promise((resolve) => {
    withPrivateIndex(repository, false, async ({ env, hasSubmodules }) => {
      const tree = (await runCodeGit(top, ['write-tree'], { env })).trim();
      const dirty = hasSubmodules ? await dirtySubmodules(top, env) : [];
      await new Promise<void>((close) => resolve({ top, head, tree, dirtySubmodules: dirty, env, close }));
    }).catch((error) => resolve({ state: 'failed', why: messageOf(error).replace(/\.$/, '') }));
  });
}

async function changedBytes(top: string): Promise<number> {
  const listed = await tryCodeGit(top, ['ls-files', '--others', '--modified', '--exclude-standard', '-z']);
  let bytes = 0;
  for (const path of listed.stdout.split('\0'))
    if (path !== '') bytes += lstatSync(join(top, path), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
