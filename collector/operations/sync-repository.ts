import { DaybookError } from '../base/errors.ts';
import { runGit, saidBy, tryGit } from '../base/git.ts';

/** The repository a book lies in, and where its records go. */
export interface SyncPlace {
  /** Top folder of the work tree. */
  top: string;
  gitFolder: string;
  /** The book's folder inside the work tree: "" or "path/to/book/". */
  prefix: string;
  remote: string;
  /** Branch of the remote that receives the book. */
  branch: string;
  /** Ref of the checked-out branch when its upstream is that branch, so that it may follow; else undefined. */
  ownRef: string | undefined;
}

/** Finds out where to commit and push; every way in which that cannot be known is an error that says what to do. */
export async function findSyncPlace(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined; push: boolean },
): Promise<SyncPlace> {
  const folders = await tryGit(root, ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-prefix']);
  if (!folders.ok) {
    throw new DaybookError(
      'git',
      `${root} is not inside the work tree of a git repository (${saidBy(folders)}).`,
      {
        hint: 'Run git init there, or name another book with --dir.',
        where: root,
      },
    );
  }
  const [top = '', gitFolder = '', prefix = ''] = folders.stdout.split('\n');
  const head = await tryGit(root, ['symbolic-ref', '--quiet', 'HEAD']);
  const headRef = head.ok ? head.stdout.trim() : undefined;
  const base = { top, gitFolder, prefix };
  if (!options.push) {
    const ownRef = headRef ?? throwDetached();
    return { ...base, remote: '', branch: shortName(ownRef), ownRef };
  }
  const current = headRef === undefined ? undefined : shortName(headRef);
  const remote = await findRemote(root, options.remote, current);
  const upstream = current === undefined ? undefined : await upstreamOf(root, current, remote);
  const branch = options.branch ?? upstream ?? throwDetached();
  if (!(await tryGit(root, ['check-ref-format', `refs/heads/${branch}`])).ok) {
    throw new DaybookError('usage', `Expected the name of a branch, found "${branch}".`, {
      hint: 'Name a branch of the remote, e.g. --branch daybook.',
    });
  }
  return { ...base, remote, branch, ownRef: branch === upstream ? headRef : undefined };
}

function throwDetached(): never {
  throw new DaybookError(
    'git',
    'No branch is checked out (detached HEAD), so it is not clear where the book belongs.',
    {
      hint: 'Check out a branch, or name the branch of the remote with --branch.',
    },
  );
}

async function findRemote(
  root: string,
  wanted: string | undefined,
  current: string | undefined,
): Promise<string> {
  const remotes = (await runGit(root, ['remote'])).split('\n').filter((name) => name !== '');
  if (wanted !== undefined) {
    if (remotes.includes(wanted)) return wanted;
    const known = remotes.length === 0 ? 'there is none' : `there are: ${remotes.join(', ')}`;
    throw new DaybookError('git', `There is no remote "${wanted}"; ${known}.`, {
      hint: 'See git remote -v.',
    });
  }
  const configured = current === undefined ? undefined : await configOf(root, `branch.${current}.remote`);
  const found = [configured, 'origin'].find((name) => name !== undefined && remotes.includes(name));
  if (found !== undefined) return found;
  if (remotes.length === 1) return remotes[0]!;
  throw new DaybookError(
    'git',
    remotes.length === 0
      ? 'The repository has no remote to push to.'
      : `It is not clear which remote to push to: ${remotes.join(', ')}.`,
    {
      hint:
        remotes.length === 0
          ? 'Add one with git remote add origin <address>, or commit only, with --no-push.'
          : 'Name one with --remote.',
    },
  );
}

async function upstreamOf(root: string, current: string, remote: string): Promise<string> {
  const [configured, merge] = await Promise.all([
    configOf(root, `branch.${current}.remote`),
    configOf(root, `branch.${current}.merge`),
  ]);
  return configured === remote && merge !== undefined ? shortName(merge) : current;
}

async function configOf(root: string, key: string): Promise<string | undefined> {
  const result = await tryGit(root, ['config', '--get', key]);
  return result.ok ? result.stdout.trim() : undefined;
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/** Fetches the newest commit of the branch; undefined where the remote does not have the branch yet. */
export async function fetchTip(place: SyncPlace): Promise<string | undefined> {
  const ref = `refs/daybook/sync-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    place.remote,
  ];
  const result = await tryGit(place.top, [...args, `+refs/heads/${place.branch}:${ref}`]);
  if (result.ok) {
    const tip = (await runGit(place.top, ['rev-parse', '--verify', ref])).trim();
    await tryGit(place.top, ['update-ref', '-d', ref]);
    return tip;
  }
  if (/couldn't find remote ref/.test(result.stderr)) return undefined;
  throw new DaybookError('git', `${place.remote} cannot be reached: ${saidBy(result)}`, {
    hint: 'Check the address (git remote -v), the connection and your rights; nothing was changed.',
    where: place.remote,
  });
}

// What servers say when somebody else was first, or is writing the same ref at this moment.
const lostRace =
  /\[rejected\]|cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists|is at [0-9a-f]+ but expected/;

/** Pushes a commit to the branch; false where somebody else's push came first. */
export async function pushCommit(place: SyncPlace, commit: string): Promise<boolean> {
  const args = [
    'push',
    '--porcelain',
    '--no-verify',
    '--no-follow-tags',
    '--recurse-submodules=no',
    place.remote,
  ];
  const result = await tryGit(place.top, [...args, `${commit}:refs/heads/${place.branch}`]);
  if (result.ok) return true;
  const said = `${result.stdout}\n${result.stderr}`;
  if (lostRace.test(said)) return false;
  const remoteSaid = /^remote: (?:error: )?(.*\S)/m.exec(result.stderr)?.[1];
  throw new DaybookError(
    'git',
    `${place.remote} did not take the push to ${place.branch}: ${remoteSaid ?? saidBy(result)}`,
    {
      hint: "Check your rights and the rules of that branch; a branch of the book's own can be named with --branch.",
      where: place.remote,
    },
  );
}
