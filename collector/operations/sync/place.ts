import { DaybookError } from '../../base/errors.ts';
import { tryGit } from '../../base/git.ts';
import { gitTrouble, isInRepository } from '../../base/git-trouble.ts';
import { ownIndexPath } from './branch/own-index.ts';
import { loginOf } from './login.ts';
import { type ObjectReader, openObjectReader } from './object-reader.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

/** The repository a book lies in, and where its records go. */
export interface SyncPlace extends WorkTree {
  remote: string;
  /** Branch of the remote that receives the book. */
  branch: string;
  /**
   * Ref of the checked-out branch when its upstream is that branch, so that it may follow; undefined where the book goes to
   * another one, which has an index of its own then.
   */
  ownRef: string | undefined;
  objects: ObjectReader;
  /** How git logs in at the remote, where the token of the environment serves. */
  login: Record<string, string>;
  /** What git has to be told because nobody introduced themselves to it: a fresh CI machine must be able to record. */
  identity: Record<string, string>;
}

/** Finds out where to commit and push; every way in which that cannot be known is an error that says what to do. */
export async function findSyncPlace(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined; push: boolean },
): Promise<SyncPlace> {
  const place = await findTarget(root, options);
  if (place.ownRef === undefined) place.ownIndex = ownIndexPath(place, place);
  return place;
}

async function findTarget(
  root: string,
  options: { remote?: string | undefined; branch?: string | undefined; push: boolean },
): Promise<SyncPlace> {
  const [{ tree, said }, head, settings] = await Promise.all([
    findWorkTree(root),
    tryGit(root, ['symbolic-ref', '--quiet', 'HEAD']),
    readSettings(root),
  ]);
  if (tree === undefined) {
    throw isInRepository(root) ? unopened(said, root) : noRepository(said, root);
  }
  const headRef = head.ok ? head.stdout.trim() : undefined;
  const identity = missingIdentity(settings);
  const base = { ...tree, identity, login: {}, objects: openObjectReader(tree) };
  const current = headRef === undefined ? undefined : shortName(headRef);
  if (options.branch !== undefined && !plainName.test(options.branch)) await refuseName(root, options.branch);
  if (!options.push) {
    const branch = options.branch ?? current ?? throwDetached();
    return { ...base, remote: '', branch, ownRef: branch === current ? headRef : undefined };
  }
  const remote = findRemote(settings, options.remote, current);
  const upstream = current === undefined ? undefined : upstreamOf(settings, current, remote);
  const branch = options.branch ?? upstream ?? throwDetached();
  const login = await loginOf(root, remote, settings);
  return { ...base, login, remote, branch, ownRef: branch === upstream ? headRef : undefined };
}

/** What is surely the name of a branch need not be asked of git. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

async function refuseName(root: string, branch: string): Promise<void> {
  if ((await tryGit(root, ['check-ref-format', `refs/heads/${branch}`])).ok) return;
  throw new DaybookError('usage', `Expected the name of a branch, found "${branch}".`, {
    hint: 'Name a branch of the remote, e.g. --branch daybook.',
  });
}

/** The work tree a book lies in, what commits there need, and the remote that is meant, if there is one. */
export interface Repository extends WorkTree {
  identity: Record<string, string>;
  login: Record<string, string>;
  remote: string | undefined;
}

/** Finds it. @throws DaybookError `git` where there is none, and where it has no remote of the name that was `wanted`. */
export async function findRepository(root: string, wanted: string | undefined): Promise<Repository> {
  const [{ tree, said }, settings] = await Promise.all([findWorkTree(root), readSettings(root)]);
  if (tree === undefined) throw isInRepository(root) ? unopened(said, root) : noRepository(said, root);
  const remotes = remotesOf(settings);
  const usual = remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  const remote = wanted === undefined ? usual : findRemote(settings, wanted, undefined);
  const login = remote === undefined ? {} : await loginOf(root, remote, settings);
  return { ...tree, identity: missingIdentity(settings), login, remote };
}

function noRepository(said: string, root: string): DaybookError {
  return new DaybookError('git', `${root} is not inside the work tree of a git repository (${said}).`, {
    hint: 'Run git init there, or name another book with --dir.',
    where: root,
  });
}

function unopened(said: string, root: string): DaybookError {
  const { found, remedy } = gitTrouble(said, root);
  return new DaybookError('git', `git does not open the repository: ${found}.`, {
    hint: remedy,
    where: root,
  });
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

/** The last value of each key of git's settings that matters here, by one process. */
async function readSettings(root: string): Promise<Map<string, string>> {
  const keys =
    '^(remote|branch)\\.|^(user|author|committer)\\.(name|email)$|^http\\..*extraheader$|^credential\\..*helper$';
  const { stdout } = await tryGit(root, ['config', '-z', '--get-regexp', keys]);
  const settings = new Map<string, string>();
  for (const entry of stdout.split('\0')) {
    const end = entry.indexOf('\n');
    if (end > 0) settings.set(entry.slice(0, end), entry.slice(end + 1));
  }
  return settings;
}

function findRemote(
  settings: ReadonlyMap<string, string>,
  wanted: string | undefined,
  current: string | undefined,
): string {
  const remotes = remotesOf(settings);
  if (wanted !== undefined) {
    if (remotes.includes(wanted)) return wanted;
    const known = remotes.length === 0 ? 'there is none' : `there are: ${remotes.join(', ')}`;
    throw new DaybookError('git', `There is no remote "${wanted}"; ${known}.`, {
      hint: 'See git remote -v.',
    });
  }
  const configured = settings.get(`branch.${current}.remote`);
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

function remotesOf(settings: ReadonlyMap<string, string>): string[] {
  const names = [...settings.keys()].map((key) => /^remote\.(.+)\.[^.]+$/.exec(key)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function upstreamOf(settings: ReadonlyMap<string, string>, current: string, remote: string): string {
  const merge = settings.get(`branch.${current}.merge`);
  const isConfigured = settings.get(`branch.${current}.remote`) === remote && merge !== undefined;
  return isConfigured ? shortName(merge) : current;
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

/** Who commits where git knows nobody: on GitHub its own robot, which pages and rules there know as such. */
function standIn(env: NodeJS.ProcessEnv): { name: string; email: string } {
  return env['GITHUB_ACTIONS'] === 'true'
    ? { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' }
    : { name: 'Daybook', email: 'daybook@localhost' };
}

function missingIdentity(settings: ReadonlyMap<string, string>): Record<string, string> {
  const somebody = standIn(process.env);
  const standIns: Record<string, string> = {};
  for (const who of ['author', 'committer']) {
    for (const what of ['name', 'email'] as const) {
      const variable = `GIT_${who}_${what}`.toUpperCase();
      const isKnown = process.env[variable] || settings.get(`${who}.${what}`) || settings.get(`user.${what}`);
      const fromSystem = what === 'email' && process.env['EMAIL'];
      if (!isKnown && !fromSystem) standIns[variable] = somebody[what];
    }
  }
  return standIns;
}
