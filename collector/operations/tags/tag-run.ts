import { dirname, resolve } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import { bookPath } from '../../base/paths.ts';
import { isoMicros } from '../../base/time.ts';
import { commitsOf } from '../../formats/receipts/commits.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { openCodeRepository, tryCodeGit } from '../../store/receipts/code-repository.ts';
import { deleteTag, listTags, type ReceiptTag, refOf, setTag } from '../../store/receipts/receipt-tags.ts';
import { getReceipt } from '../receipts/find-receipt.ts';

/** A name to be given to a run. */
export interface TagRequest {
  name: string;
  /** A run.lock, the folder it lies in, or the key of a run. */
  run: string;
  message: string;
  /** Moves a tag that is there. */
  force: boolean;
}

/** A tag as it was set. */
export interface TaggedRun {
  name: string;
  /** Folder of the run, relative to the book. */
  run: string;
  commit: string;
  /** How many commits of its code and of its ancestors' it keeps. */
  linked: number;
  /** Commits that its receipt names and this repository does not have. */
  missing: string[];
}

/**
 * Gives a run a name: a commit below refs/flexlock/tags/ of the book's repository, which keeps the code of the run and of all its
 * ancestors from being cleared away. FlexLock lists it as its own.
 * @throws DaybookError `not-found` without such a receipt, `exists` where the name is taken, `git`.
 */
export async function tagRun(
  root: string,
  request: TagRequest,
  { from, clock = systemClock }: { from: string; clock?: Clock },
): Promise<TaggedRun> {
  const { name, force } = request;
  const receipt = getReceipt(root, request.run, from);
  const { top, head } = await openCodeRepository(root);
  const before = await findTag(top, name);
  if (before !== undefined && !force) {
    throw new DaybookError(
      'exists',
      `The tag "${name}" is there already, for ${before.run ?? before.path}.`,
      {
        where: refOf(name),
        hint: 'Choose another name, or move it with --force.',
      },
    );
  }
  const { present, missing } = await split(top, commitsOf(receipt));
  const parents = present.length > 0 ? present : head === undefined ? [] : [head];
  if (parents.length === 0) {
    throw new DaybookError('git', 'Expected a repository with a commit, found none to link the tag to.', {
      where: top,
    });
  }
  const folder = dirname(resolve(root, receipt.file));
  const run = bookPath(root, folder) || '.';
  const commit = await setTag(top, {
    name,
    parents,
    path: folder,
    run,
    message: (await maskingOf(root)).texts(request.message),
    at: isoMicros(clock.nowUs()).replace('Z', ''),
    replaces: before,
  });
  return { name, run, commit, linked: present.length, missing };
}

/** The tags of the book's repository, newest first. */
export async function readTags(root: string): Promise<ReceiptTag[]> {
  const { top } = await openCodeRepository(root);
  return (await listTags(top)).sort((a, b) => b.setAt - a.setAt || (a.name < b.name ? -1 : 1));
}

/** Takes a name away; the run stays. @throws DaybookError `not-found`. */
export async function untagRun(root: string, name: string): Promise<ReceiptTag> {
  const { top } = await openCodeRepository(root);
  const tag = await findTag(top, name);
  if (tag === undefined) {
    throw new DaybookError('not-found', `There is no tag "${name}".`, { hint: 'daybook tag lists them.' });
  }
  await deleteTag(top, tag);
  return tag;
}

async function findTag(top: string, name: string): Promise<ReceiptTag | undefined> {
  const ref = refOf(name);
  return (await listTags(top)).find((tag) => refOf(tag.name) === ref);
}

/** Which commits the repository has. */
async function split(
  top: string,
  commits: readonly string[],
): Promise<{ present: string[]; missing: string[] }> {
  if (commits.length === 0) return { present: [], missing: [] };
  const { stdout } = await tryCodeGit(top, ['cat-file', '--batch-check'], {
    input: `${commits.join('\n')}\n`,
  });
  const types = stdout.trimEnd().split('\n');
  const isThere = (_: string, at: number) => types[at]?.split(' ')[1] === 'commit';
  return {
    present: commits.filter(isThere),
    missing: commits.filter((commit, at) => !isThere(commit, at)),
  };
}
