import { statSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import type { UncoveredCode } from '../../formats/receipts/code.ts';
import { changedBytes } from './changed-bytes.ts';
import { type CodeRepository, openCodeRepository, runCodeGit } from './code-repository.ts';
import { type InnerCode, takeInner } from './inner-code.ts';
import { openPrivateIndex } from './private-index.ts';

/** The code in a work tree as it is now; computing it leaves no trace in its repository. */
export interface WorkTree {
  /** Top folder of the work tree. */
  top: string;
  /** Commit that is checked out. */
  head: string | undefined;
  /** Tree of everything in it, untracked files included, ignored ones not: as in a shadow commit. */
  tree: string;
  /** Repositories inside of it by path; the tree holds the commit of everything in each. */
  inner: ReadonlyMap<string, InnerCode>;
  /** Those of which nothing is known. */
  uncovered: UncoveredCode[];
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
  return openTree(repository, budgetBytes);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false; // Recorded paths may be too long, or none at all.
  }
}

async function openTree(
  repository: CodeRepository,
  budgetBytes: number | undefined,
): Promise<WorkTree | NoWorkTree> {
  const { top, head } = repository;
  let close: () => void = () => undefined;
  try {
    const index = await openPrivateIndex(repository, false);
    close = index.close;
    const { env } = index;
    const state = await takeInner(top, index, { writes: () => false, budgetBytes });
    close = () => {
      state.close();
      index.close();
    };
    const tree = (await runCodeGit(top, ['write-tree'], { env })).trim();
    const inner = new Map(state.inner.map((each) => [each.path, each]));
    return { top, head, tree, inner, uncovered: state.uncovered, env, close };
  } catch (error) {
    close();
    return { state: 'failed', why: messageOf(error).replace(/\.$/, '') };
  }
}
