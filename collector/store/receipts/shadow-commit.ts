import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { readPatch } from './code-patch.ts';
import { type CodeRepository, openCodeRepository, runCodeGit, tryCodeGit } from './code-repository.ts';
import { type PrivateIndex, withPrivateIndex } from './private-index.ts';

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
  const repository = await openCodeRepository(folder);
  const remote = findRemote(repository);
  const code = await recordState(repository, options.shadow && isWritable(repository));
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
    ...((await remote) !== undefined && { remote: (await remote)! }),
    ...more,
  };
}

interface Recorded extends JsonObject {
  tree: string;
  is_dirty: boolean;
}

async function recordState(repository: CodeRepository, writes: boolean): Promise<Recorded> {
  try {
    return await withPrivateIndex(repository, writes, async (index) => ({
      ...(writes ? await shadowCommit(repository, index) : await patchOnHead(repository, index)),
      ...(await submodulesOf(repository, index)),
      ...(index.leftOut.length > 0 && { left_out: index.leftOut }),
    }));
  } catch (error) {
    // Some file systems tell only on writing that they take nothing.
    if (writes && refused.test(messageOf(error))) return recordState(repository, false);
    throw error;
  }
}

const refused =
  /insufficient permission|read-only file system|unable to create temporary file|quota|no space/i;

function isWritable({ objects, gitFolder }: CodeRepository): boolean {
  try {
    accessSync(objects, constants.W_OK);
    accessSync(gitFolder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The same work tree on the same HEAD is the same commit, so that a thousand runs of one state cost one object. */
async function shadowCommit(repository: CodeRepository, { env }: PrivateIndex): Promise<Recorded> {
  const { top, head } = repository;
  const tree = (await runCodeGit(top, ['write-tree'], { env })).trim();
  const onto = head === undefined ? [] : ['-p', head];
  const message = `Daybook shadow: ${head === undefined ? 'no commit yet' : `${head.slice(0, 7)} + changes`}`;
  const args = ['commit-tree', '--no-gpg-sign', tree, ...onto, '-m', message];
  const commit = (await runCodeGit(top, args, { env: { ...env, ...identity } })).trim();
  await runCodeGit(top, ['update-ref', shadowRef(commit), commit]);
  return { commit, tree, is_dirty: tree !== repository.headTree };
}

/** The ref that keeps a shadow commit from being cleared away. */
export function shadowRef(commit: string): string {
  return `refs/daybook/runs/${commit.slice(0, 12)}`;
}

const date = '2000-01-01T00:00:00Z';
const identity = {
  GIT_AUTHOR_NAME: 'Daybook',
  GIT_AUTHOR_EMAIL: 'daybook@localhost',
  GIT_AUTHOR_DATE: date,
  GIT_COMMITTER_NAME: 'Daybook',
  GIT_COMMITTER_EMAIL: 'daybook@localhost',
  GIT_COMMITTER_DATE: date,
};

/** `tree` is that of HEAD, on which the patch is to be applied; `work_tree` is what comes out, the key for "same code". */
async function patchOnHead(repository: CodeRepository, { env }: PrivateIndex): Promise<Recorded> {
  const { top, head, headTree } = repository;
  const workTree = (await runCodeGit(top, ['write-tree'], { env })).trim();
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

/** Submodules are recorded by their commit, which the tree holds; whether they have changes of their own is said here. */
async function submodulesOf({ top }: CodeRepository, index: PrivateIndex): Promise<JsonObject> {
  if (!index.hasSubmodules) return {};
  const args = ['status', '--porcelain=v2', '-z', '--ignore-submodules=none', '--untracked-files=no'];
  const { ok, stdout } = await tryCodeGit(top, args, { env: index.env });
  if (!ok) return {};
  const dirty = stdout
    .split('\0')
    .map((entry) => /^1 \S+ S\S*[MU]\S* \S+ \S+ \S+ \S+ \S+ (.+)$/s.exec(entry)?.[1])
    .filter((path) => path !== undefined);
  return dirty.length === 0 ? {} : { dirty_submodules: dirty };
}

/** Where the code comes from: the remote of the branch, else origin, else the only one; without what logs in. */
async function findRemote({ top, branch }: CodeRepository): Promise<string | undefined> {
  const { ok, stdout } = await tryCodeGit(top, ['config', '--null', '--get-regexp', '^(remote|branch)\\.']);
  if (!ok) return undefined;
  const settings = new Map(stdout.split('\0').map((line) => splitAt(line, '\n')));
  const remotes = [...settings.keys()].filter((key) => /^remote\..+\.url$/.test(key));
  const own = settings.get(`branch.${branch}.remote`);
  const key = [`remote.${own}.url`, 'remote.origin.url', remotes[0] ?? ''].find((name) => settings.has(name));
  return key === undefined ? undefined : settings.get(key)?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, withoutSecret);
}

function withoutSecret(whole: string, scheme: string): string {
  return /^ssh:/i.test(scheme) ? whole.replace(/:[^/:@]*@$/, '@') : scheme;
}

function splitAt(line: string, mark: string): [string, string] {
  const at = line.indexOf(mark);
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
