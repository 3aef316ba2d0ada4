import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { type GitResult, gitProcess, saidBy } from '../../base/git.ts';
import { gitTrouble, isInRepository } from '../../base/git-trouble.ts';

/** Where the parts of a repository lie. */
export interface CodePlace {
  /** Root of the work tree. */
  top: string;
  /** Its git folder; of a linked worktree the one of its own. */
  gitFolder: string;
  /** The folder that all worktrees share. */
  common: string;
  objects: string;
  index: string;
}

/** A repository as it stands; found from any folder inside of its work tree. */
export interface CodeRepository extends CodePlace {
  /** Undefined before the first commit. */
  head: string | undefined;
  headTree: string | undefined;
  /** Undefined for a detached HEAD. */
  branch: string | undefined;
}

const settings = [
  // What was written survives a power cut; the index is a throw-away copy.
  'core.fsync=all,-index',
  'core.fsyncMethod=batch',
  'core.logAllRefUpdates=false',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'core.safecrlf=false',
  'core.quotePath=false',
  'advice.addEmbeddedRepo=false',
  'i18n.commitEncoding=UTF-8',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** What a call of git for receipts may be given. */
export interface CodeGitOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  binary?: boolean;
}

/**
 * Runs git for a receipt: as tryGit does, but deaf to hooks and to every GIT_ variable of the caller except those that
 * say where git's own configuration lies; pathspecs may have magic.
 */
export async function tryCodeGit(
  folder: string,
  args: string[],
  options: CodeGitOptions = {},
): Promise<GitResult> {
  const result = await gitProcess([...settings, ...args], {
    cwd: folder,
    env: { ...cleared(), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
    encoding: options.binary === true ? 'latin1' : 'utf8',
    maxBytes: 400 * 1024 * 1024,
  });
  return { ok: result.exitCode === 0 && !result.truncated, stdout: result.stdout, stderr: result.stderr };
}

/** The output of tryCodeGit. @throws DaybookError `git` with what git said, where it fails. */
export async function runCodeGit(
  folder: string,
  args: string[],
  options: CodeGitOptions = {},
): Promise<string> {
  const result = await tryCodeGit(folder, args, options);
  if (result.ok) return result.stdout;
  throw new DaybookError('git', `git ${args[0]} failed: ${saidBy(result)}`, { where: folder });
}

const kept = /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|SSH|SSH_COMMAND|ASKPASS)$/;

function cleared(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('GIT_') && !kept.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

const questions = [
  '--is-bare-repository',
  '--absolute-git-dir',
  '--git-path',
  'objects',
  '--git-path',
  'index',
  '--is-inside-work-tree',
  '--show-toplevel',
  'HEAD^{commit}',
  'HEAD^{tree}',
  '--symbolic-full-name',
  'HEAD',
];

/**
 * The repository that a folder lies in.
 * @throws DaybookError `not-found` where there is no folder; `git` where there is no repository, or none with a work tree; `unavailable` where there is no git.
 */
export async function openCodeRepository(folder: string): Promise<CodeRepository> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DaybookError('not-found', `Expected a folder at ${folder}, found none.`, {
      where: folder,
      hint: 'Check the path given as repository.',
    });
  }
  const answer = await tryCodeGit(folder, ['rev-parse', ...questions]);
  const [bare, gitFolder, objects, index, inside, top, ...heads] = answer.stdout.trimEnd().split('\n');
  if (bare === 'true') throw noWorkTree(folder, 'a bare repository, which has no work tree');
  if (gitFolder === undefined || gitFolder === '') throw noRepository(folder, answer);
  if (inside !== 'true' || top === undefined) throw noWorkTree(folder, 'a folder inside of .git');
  const ids = heads.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
  const ref = heads.find((line) => line.startsWith('refs/heads/'));
  return {
    top,
    gitFolder,
    common: dirname(resolve(folder, objects!)),
    objects: resolve(folder, objects!),
    index: resolve(folder, index!),
    head: ids[0],
    headTree: ids[1],
    branch: ids.length === 2 ? ref?.slice('refs/heads/'.length) : await unbornBranch(folder),
  };
}

/**
 * Where a repository lies by the look of its files, without asking git: right in nearly every case, so that work can
 * begin while git is asked.
 */
export function guessCodePlace(folder: string): CodePlace | undefined {
  for (let top = realPath(folder); top !== undefined; top = dirname(top)) {
    const gitFolder = gitFolderIn(top);
    if (gitFolder !== undefined) {
      const shared = textOf(join(gitFolder, 'commondir'));
      const common = shared === undefined ? gitFolder : resolve(gitFolder, shared);
      const isWhole = existsSync(join(gitFolder, 'HEAD')) && existsSync(join(common, 'objects'));
      const parts = { objects: join(common, 'objects'), index: join(gitFolder, 'index') };
      return isWhole ? { top, gitFolder, common, ...parts } : undefined;
    }
    if (dirname(top) === top) return undefined;
  }
  return undefined;
}

function gitFolderIn(folder: string): string | undefined {
  const path = join(folder, '.git');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  const target = stat?.isFile() ? /^gitdir: (.+)$/m.exec(textOf(path) ?? '')?.[1] : undefined;
  return target === undefined ? undefined : resolve(folder, target);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The text of a small file without the newline at its end; undefined where it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}

/** Before the first commit only the symbolic ref knows the branch. */
async function unbornBranch(folder: string): Promise<string | undefined> {
  const { ok, stdout } = await tryCodeGit(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return ok ? stdout.trim() : undefined;
}

function noRepository(folder: string, answer: GitResult): DaybookError {
  const said = saidBy(answer);
  if (/not a git repository/i.test(said) && !isInRepository(folder)) {
    return new DaybookError('git', `Expected a git repository at ${folder}, found none there or above it.`, {
      where: folder,
      hint: 'Name another folder with --repo, leave --repo out, or run git init and commit.',
    });
  }
  const { found, remedy } = gitTrouble(said, folder);
  return new DaybookError('git', `git could not open the repository at ${folder}: ${found}`, {
    where: folder,
    hint: remedy,
  });
}

function noWorkTree(folder: string, found: string): DaybookError {
  return new DaybookError('git', `Expected a repository with files at ${folder}, found ${found}.`, {
    where: folder,
    hint: 'Name a folder of a checkout with --repo.',
  });
}
