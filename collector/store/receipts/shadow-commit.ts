import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { readPatch } from './code-patch.ts';
import { findRemote } from './code-remote.ts';
import {
  type CodePlace,
  type CodeRepository,
  guessCodePlace,
  openCodeRepository,
  runCodeGit,
} from './code-repository.ts';
import { type InnerState, takeInner } from './inner-code.ts';
import { isKept, keepCommit } from './keep-commit.ts';
import { openPrivateIndex, type PrivateIndex } from './private-index.ts';
import { shadowId, shadowIdentity, shadowMessage } from './shadow-id.ts';

/** What is recorded of a repository. */
export interface CodeRequest {
  /** A folder inside of its work tree, absolute or relative to `from`. */
  path: string;
  include?: string[];
  exclude?: string[];
  module?: string;
}

/** How it is recorded. */
export interface CodeOptions {
  root: string;
  from: string;
  /** False writes nothing to the repository: HEAD and a patch are recorded. */
  shadow: boolean;
}

/** A repository as it stands in `repos` of a receipt: FlexLock's keys first, then ours. */
export interface CodeState extends JsonObject {
  tree: string;
  is_dirty: boolean;
  path: string;
}

/**
 * Records a repository: a shadow commit of the whole work tree (untracked files too, ignored ones not) on top of HEAD,
 * kept by refs/daybook/runs/<short>. Index, branch, HEAD, reflog and work tree stay untouched. Where nothing may be
 * written, commit and tree of HEAD, and the patch that leads from there to the work tree.
 * @throws DaybookError `git` where there is no repository with a work tree, or where it cannot be taken in.
 */
export async function recordCode(request: CodeRequest, options: CodeOptions): Promise<CodeState> {
  const folder = resolve(options.from, request.path);
  const { repository, code } = await recordState(folder, options.shadow);
  const remote = findRemote(repository);
  const { commit, tree, is_dirty, ...more } = code;
  return {
    ...(commit !== undefined && { commit }),
    tree,
    is_dirty,
    ...(request.include?.length && { include: request.include }),
    ...(request.exclude?.length && { exclude: request.exclude }),
    ...(request.module !== undefined && { module: request.module }),
    path: isInside(options.root, folder) ? bookPath(options.root, folder) || '.' : folder,
    ...(repository.head !== undefined && { head: repository.head }),
    ...(repository.branch !== undefined && { branch: repository.branch }),
    ...(remote !== undefined && { remote }),
    ...more,
  };
}

interface Recorded extends JsonObject {
  tree: string;
  is_dirty: boolean;
}

interface State {
  repository: CodeRepository;
  code: Recorded;
}

/** Staging begins where the repository seems to lie while git says where it does, and what HEAD is. */
async function recordState(folder: string, shadow: boolean, mayGuess = true): Promise<State> {
  const opening = openCodeRepository(folder);
  opening.catch(() => {});
  const place = (mayGuess ? guessCodePlace(folder) : undefined) ?? (await opening);
  const writes = shadow && isWritable(place);
  try {
    const index = await openPrivateIndex(place, writes);
    try {
      const repository = await opening;
      if (repository.top !== place.top) return await recordState(folder, shadow, false);
      return { repository, code: await recordStaged(repository, index, writes, shadow) };
    } finally {
      index.close();
    }
  } catch (error) {
    await opening;
    // Some file systems tell only on writing that they take nothing.
    if (writes && refused.test(messageOf(error))) return recordState(folder, false, mayGuess);
    throw error;
  }
}

async function recordStaged(
  repository: CodeRepository,
  index: PrivateIndex,
  writes: boolean,
  shadow: boolean,
): Promise<Recorded> {
  const state = await takeInner(repository.top, index, {
    writes: (place) => shadow && isWritable(place),
    record: recordInner,
  });
  try {
    const tree = (await runCodeGit(repository.top, ['write-tree'], { env: index.env })).trim();
    const code = await (writes ? shadowCommit : patchOnHead)(repository, index, tree);
    return { ...code, ...innerRecord(state) };
  } finally {
    state.close();
  }
}

/** Of a clean one the commit that is checked out; it is kept, too. */
async function recordInner(
  repository: CodeRepository,
  index: PrivateIndex,
  { tree, writes }: { tree: string; writes: boolean },
): Promise<JsonObject> {
  const { head, headTree } = repository;
  const remote = findRemote(repository);
  const from = { ...(head !== undefined && { head }), ...(remote !== undefined && { remote }) };
  if (!writes) return { ...(await patchOnHead(repository, index, tree)), ...from };
  if (tree !== headTree) return { ...(await shadowCommit(repository, index, tree)), ...from };
  if (!isKept(repository, head!)) await keepCommit(repository, head!);
  return { commit: head!, tree, is_dirty: false, ...from };
}

function innerRecord({ inner, uncovered }: InnerState): JsonObject {
  if (inner.length + uncovered.length === 0) return {};
  const submodules: JsonObject = Object.create(null);
  for (const { path, record } of inner) submodules[path] = record;
  for (const { path, why } of uncovered) submodules[path] = { missing: why };
  return { submodules };
}

const refused =
  /insufficient permission|read-only file system|unable to create temporary file|quota|no space/i;

function isWritable({ objects, gitFolder }: CodePlace): boolean {
  try {
    accessSync(objects, constants.W_OK);
    accessSync(gitFolder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The same work tree on the same HEAD is the same commit, so that a thousand runs of one state cost one object. */
async function shadowCommit(
  repository: CodeRepository,
  { env }: PrivateIndex,
  tree: string,
): Promise<Recorded> {
  const { top, head } = repository;
  const is_dirty = tree !== repository.headTree;
  const expected = shadowId(tree, head);
  if (isKept(repository, expected)) return { commit: expected, tree, is_dirty };
  const onto = head === undefined ? [] : ['-p', head];
  const args = ['commit-tree', '--no-gpg-sign', tree, ...onto, '-m', shadowMessage(head)];
  const commit = (await runCodeGit(top, args, { env: { ...env, ...shadowIdentity } })).trim();
  await keepCommit(repository, commit);
  return { commit, tree, is_dirty };
}

/** `tree` is that of HEAD, on which the patch is to be applied; `work_tree` is what comes out, the key for "same code". */
async function patchOnHead(
  repository: CodeRepository,
  { env }: PrivateIndex,
  workTree: string,
): Promise<Recorded> {
  const { top, head, headTree } = repository;
  if (workTree === headTree) return { commit: head!, tree: headTree, is_dirty: false };
  const empty = headTree ?? (await runCodeGit(top, ['mktree'], { input: '', env })).trim();
  return {
    ...(head !== undefined && { commit: head }),
    tree: empty,
    is_dirty: true,
    work_tree: workTree,
    ...(await readPatch(top, empty, env)),
  };
}
