import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { readPatch } from './code-patch.ts';
import {
  type CodePlace,
  type CodeRepository,
  guessCodePlace,
  openCodeRepository,
  runCodeGit,
  textOf,
} from './code-repository.ts';
import { dirtySubmodules } from './dirty-submodules.ts';
import { isKept, keepCommit } from './keep-commit.ts';
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
    return await withPrivateIndex(place, writes, async (index) => {
      const repository = await opening;
      if (repository.top !== place.top) return recordState(folder, shadow, false);
      return { repository, code: await recordStaged(repository, index, writes) };
    });
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
): Promise<Recorded> {
  return {
    ...(writes ? await shadowCommit(repository, index) : await patchOnHead(repository, index)),
    ...(await submodulesOf(repository, index)),
    ...(index.leftOut.length > 0 && { left_out: index.leftOut }),
  };
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
async function shadowCommit(repository: CodeRepository, { env }: PrivateIndex): Promise<Recorded> {
  const { top, head } = repository;
  const tree = (await runCodeGit(top, ['write-tree'], { env })).trim();
  const message = `Daybook shadow: ${head === undefined ? 'no commit yet' : `${head.slice(0, 7)} + changes`}`;
  const is_dirty = tree !== repository.headTree;
  const expected = commitId(tree, head, message);
  if (isKept(repository, expected)) return { commit: expected, tree, is_dirty };
  const onto = head === undefined ? [] : ['-p', head];
  const args = ['commit-tree', '--no-gpg-sign', tree, ...onto, '-m', message];
  const commit = (await runCodeGit(top, args, { env: { ...env, ...identity } })).trim();
  await keepCommit(repository, commit);
  return { commit, tree, is_dirty };
}

/** What git will call the commit: its id is the digest of its text. */
function commitId(tree: string, head: string | undefined, message: string): string {
  const who = 'Daybook <daybook@localhost> 946684800 +0000';
  const parent = head === undefined ? '' : `parent ${head}\n`;
  const text = `tree ${tree}\n${parent}author ${who}\ncommitter ${who}\n\n${message}\n`;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash(tree.length === 64 ? 'sha256' : 'sha1');
  return digest.update(`commit ${Buffer.byteLength(text)}\0${text}`).digest('hex');
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
  const dirty = index.hasSubmodules ? await dirtySubmodules(top, index.env) : [];
  return dirty.length === 0 ? {} : { dirty_submodules: dirty };
}

/** Where the code comes from: the remote of the branch, else origin, else the first one; without what logs in. */
function findRemote({ common, branch }: CodeRepository): string | undefined {
  const settings = remoteSettings(textOf(join(common, 'config')) ?? '');
  const own = settings.get(`branch.${branch}.remote`);
  const url =
    settings.get(`remote.${own}.url`) ??
    settings.get('remote.origin.url') ??
    [...settings].find(([key]) => key.endsWith('.url'))?.[1];
  return url?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, withoutSecret);
}

/** The addresses of remotes and the remotes of branches in the configuration of a repository. */
function remoteSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const head = /^\s*\[(remote|branch) "((?:[^"\\]|\\.)+)"\]/.exec(line);
    if (head !== null) section = `${head[1]}.${head[2]!.replace(/\\(.)/g, '$1')}`;
    else if (/^\s*\[/.test(line)) section = '';
    const entry = section === '' ? null : /^\s*(url|remote)\s*=\s*"?([^"]*?)"?\s*$/i.exec(line);
    const key = entry === null ? '' : `${section}.${entry[1]!.toLowerCase()}`;
    if (entry !== null && !settings.has(key)) settings.set(key, entry[2]!);
  }
  return settings;
}

function withoutSecret(whole: string, scheme: string): string {
  return /^ssh:/i.test(scheme) ? whole.replace(/:[^/:@]*@$/, '@') : scheme;
}
