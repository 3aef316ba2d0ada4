import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { runGit, saidBy, tryGit } from '../../base/git.ts';
import { writeTree } from '../sync/commit.ts';
import type { Repository } from '../sync/place.ts';
import { connectionError, outcomeOf } from '../sync/push-outcome.ts';
import { worktreeRefs } from '../sync/refs.ts';
import { pushTo } from '../sync/remote.ts';

/** What is published, and where. */
export interface BranchSite {
  /** The folder of the site. */
  folder: string;
  branch: string;
  message: string;
  /** The remote that gets the branch, if one does. */
  pushTo: string | undefined;
}

/** A site as a commit of a branch. */
export interface PublishedCommit {
  commit: string;
  /** Whether the branch had the same site already. */
  isSame: boolean;
  pushed: boolean;
}

/** Files of a branch of pages that are not of the site: the name of the host, and what keeps it from rendering files again. */
const kept = ['CNAME', '.nojekyll'];

/** Refuses a branch that is checked out, or that holds anything but a site. @throws DaybookError `exists`. */
export async function refuseForeignBranch(
  repository: Repository,
  branch: string,
  pushTo?: string,
): Promise<void> {
  const trees = await runGit(repository.top, ['worktree', 'list', '--porcelain']);
  if (trees.split('\n').includes(`branch refs/heads/${branch}`))
    throw new DaybookError(
      'exists',
      `The branch ${branch} is checked out; a site would take the place of its files.`,
      {
        where: branch,
        hint: 'Name a branch of its own, such as gh-pages.',
      },
    );
  const { local, remote } = await tipsOf(repository, branch, pushTo);
  for (const tip of [local, remote]) if (tip !== undefined) await refuseForeignTree(repository, tip, branch);
}

/**
 * Commits the folder of a site to a branch, in place of an earlier site there, and pushes the branch where a remote is named.
 * Neither work tree nor index is touched; a branch that moved meanwhile is left as it is.
 */
export async function publishToBranch(repository: Repository, site: BranchSite): Promise<PublishedCommit> {
  const { top, identity } = repository;
  const { branch, pushTo } = site;
  await refuseForeignBranch(repository, branch, pushTo);
  const { local, remote } = await tipsOf(repository, branch, pushTo);
  const parents = await parentsOf(repository, local, remote);
  const tree = await writeTree(repository, undefined, await entriesOf(repository, site.folder, parents[0]));
  const known = parents.length === 1 ? (await runGit(top, ['rev-parse', `${parents[0]}^{tree}`])).trim() : '';
  const isSame = known === tree;
  const given = parents.flatMap((parent) => ['-p', parent]);
  const commit = isSame
    ? parents[0]!
    : (
        await runGit(top, ['commit-tree', tree, ...given, '-F', '-'], {
          input: `${site.message}\n`,
          env: identity,
        })
      ).trim();
  // Only where the branch is what it was; "" is for one that was not there.
  await runGit(top, ['update-ref', '-m', 'daybook publish', `refs/heads/${branch}`, commit, local ?? '']);
  if (pushTo === undefined) return { commit, isSame, pushed: false };
  await push(repository, commit, branch, pushTo);
  return { commit, isSame, pushed: true };
}

/** Where the branch stands here, and at the remote: as it is now where it is pushed to, else as it was last seen. */
async function tipsOf(
  { login, top, remote: usual }: Repository,
  branch: string,
  pushTo: string | undefined,
): Promise<{ local: string | undefined; remote: string | undefined }> {
  const commitOf = async (ref: string) => {
    const { ok, stdout } = await tryGit(top, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    return ok ? stdout.trim() : undefined;
  };
  const local = await commitOf(`refs/heads/${branch}`);
  if (pushTo === undefined)
    return { local, remote: local ?? (await commitOf(`refs/remotes/${usual}/${branch}`)) };
  const seen = `${worktreeRefs}/site`;
  const args = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
  const wanted = ['fetch', ...args, pushTo, `+refs/heads/${branch}:${seen}`];
  const fetched = await tryGit(top, wanted, { env: login });
  if (fetched.ok) return { local, remote: await commitOf(seen) };
  if (/couldn't find remote ref/.test(fetched.stderr)) return { local, remote: undefined };
  throw (
    connectionError(fetched, pushTo) ??
    new DaybookError('git', `Nothing could be fetched from ${pushTo}: ${saidBy(fetched)}`, {
      where: pushTo,
      hint: `See what git fetch ${pushTo} says; nothing was published.`,
    })
  );
}

/** What a new commit follows: the newer of both tips, or both where neither has the other. */
async function parentsOf(
  { top }: Repository,
  local: string | undefined,
  remote: string | undefined,
): Promise<string[]> {
  const tips = [...new Set([remote, local])].filter((tip) => tip !== undefined);
  const [one, other] = tips;
  if (one === undefined || other === undefined) return tips;
  const isBefore = async (older: string, newer: string) =>
    (await tryGit(top, ['merge-base', '--is-ancestor', older, newer])).ok;
  if (await isBefore(other, one)) return [one];
  return (await isBefore(one, other)) ? [other] : [one, other];
}

async function refuseForeignTree({ top }: Repository, tip: string, branch: string): Promise<void> {
  const names = (await runGit(top, ['ls-tree', '-z', '--name-only', tip]))
    .split('\0')
    .filter((name) => name !== '');
  const others = names.filter((name) => !kept.includes(name));
  const script = await tryGit(top, ['cat-file', '-e', `${tip}:assets/daybook.js`]);
  if (others.length === 0 || (script.ok && names.includes('index.html'))) return;
  throw new DaybookError('exists', `Expected an earlier site on the branch ${branch}, found other files.`, {
    where: branch,
    hint: 'Name a branch that holds nothing else, or a new one.',
  });
}

async function entriesOf(
  { top }: Repository,
  folder: string,
  parent: string | undefined,
): Promise<[path: string, entry: { mode: string; oid: string }][]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = ['hash-object', '-w', '--no-filters'];
  const input = `${files.join('\n')}\n`;
  const ids = (await runGit(top, [...hash, '--stdin-paths'], { input, plainPaths: true })).trim().split('\n');
  const entries = files.map((file, at): [string, { mode: string; oid: string }] => [
    file.slice(folder.length + 1).replaceAll('\\', '/'),
    { mode: '100644', oid: ids[at]! },
  ]);
  entries.push([
    '.nojekyll',
    { mode: '100644', oid: (await runGit(top, [...hash, '--stdin'], { input: '' })).trim() },
  ]);
  const name =
    parent === undefined
      ? undefined
      : await tryGit(top, ['rev-parse', '--verify', '--quiet', `${parent}:CNAME`]);
  if (name?.ok === true) entries.push(['CNAME', { mode: '100644', oid: name.stdout.trim() }]);
  return entries;
}

async function push(repository: Repository, commit: string, branch: string, remote: string): Promise<void> {
  const result = await pushTo({ ...repository, remote }, [], [`${commit}:refs/heads/${branch}`]);
  if (outcomeOf(result, remote, branch) === 'taken') return;
  throw new DaybookError('git', `Somebody else published to ${branch} at ${remote} at the same moment.`, {
    where: remote,
    hint: `The site is on the branch ${branch} here; run daybook publish again.`,
  });
}
