import { DaybookError } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import { runCodeGit, tryCodeGit } from './code-repository.ts';

/** A name given to a run, kept as a commit below refs/flexlock/tags/ whose parents are the commits of its code. */
export interface ReceiptTag {
  name: string;
  /** The commit of the tag itself. */
  commit: string;
  /** Commits of the run and its ancestors, kept from being cleared away. */
  parents: string[];
  /** Folder of the run as it was written: absolute, of the machine that set the tag. */
  path: string | undefined;
  /** Folder of the run relative to the book, in tags of Daybook. */
  run: string | undefined;
  /** Free text. */
  message: string;
  /** Seconds since 1970 UTC. */
  setAt: number;
}

const prefix = 'refs/flexlock/tags/';
const fields = ['refname', 'objectname', 'parent', 'committerdate:unix', 'contents'];
const format = `${fields.map((field) => `%(${field})`).join('%00')}%01`;

/** All tags of the runs of a repository, by name; those that FlexLock set, too. */
export async function listTags(top: string): Promise<ReceiptTag[]> {
  const text = await runCodeGit(top, ['for-each-ref', `--format=${format}`, prefix]);
  return text
    .split('\u0001')
    .map((entry) => entry.trimStart().split('\0'))
    .filter((entry) => entry.length === fields.length)
    .map(([ref, commit, parents, time, contents]) => ({
      name: ref!.slice(prefix.length),
      commit: commit!,
      parents: parents!.split(' ').filter((parent) => parent !== ''),
      setAt: Number(time),
      ...saidIn(contents!),
    }));
}

function saidIn(contents: string): Pick<ReceiptTag, 'path' | 'run' | 'message'> {
  const [head = '', ...rest] = contents.split('\n\n');
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1]?.trim();
  return { path: line('Path'), run: line('Run'), message: rest.join('\n\n').trim() };
}

/** What a new tag shall hold. */
export interface NewTag {
  name: string;
  parents: readonly string[];
  path: string;
  run: string;
  message: string;
  /** ISO time. */
  at: string;
  /** The tag it replaces; without one the name must be free. */
  replaces: ReceiptTag | undefined;
}

/**
 * Sets a tag in the form that FlexLock reads. @throws DaybookError `git` where the name is none that git allows, or where
 * the tag came to be or changed in the meantime.
 */
export async function setTag(top: string, tag: NewTag): Promise<string> {
  const lines = [`FlexLock Tag: ${tag.name}`, `Path: ${tag.path}`, `Tagged: ${tag.at}`, `Run: ${tag.run}`];
  const message = `${lines.join('\n')}\n${tag.message === '' ? '' : `\n${tag.message}\n`}`;
  const tree = (await runCodeGit(top, ['rev-parse', '--verify', `${tag.parents[0]}^{tree}`])).trim();
  const parents = tag.parents.flatMap((parent) => ['-p', parent]);
  const commit = (
    await runCodeGit(top, ['commit-tree', '--no-gpg-sign', tree, ...parents, '-F', '-'], {
      input: message,
      env: identity,
    })
  ).trim();
  await moveRef(top, refOf(tag.name), commit, tag.replaces?.commit ?? '');
  return commit;
}

/** Takes a tag away, where it still is what it was. @throws DaybookError `git`. */
export async function deleteTag(top: string, { name, commit }: ReceiptTag): Promise<void> {
  await moveRef(top, refOf(name), undefined, commit);
}

/** The ref of a tag, with the characters replaced that FlexLock replaces. */
export function refOf(name: string): string {
  return `${prefix}${name.replace(/\.\.|@\{|\/\/|[ ~^:?*[\\]/g, '_')}`;
}

async function moveRef(top: string, ref: string, to: string | undefined, from: string): Promise<void> {
  const args = to === undefined ? ['-d', ref, from] : [ref, to, from];
  const result = await tryCodeGit(top, ['update-ref', ...args]);
  if (result.ok) return;
  throw new DaybookError('git', `The tag was not changed: ${saidBy(result)}`, {
    where: ref,
    hint: 'Names of tags follow the rules of git for names of branches.',
  });
}

const identity = {
  GIT_AUTHOR_NAME: 'Daybook',
  GIT_AUTHOR_EMAIL: 'daybook@localhost',
  GIT_COMMITTER_NAME: 'Daybook',
  GIT_COMMITTER_EMAIL: 'daybook@localhost',
};
