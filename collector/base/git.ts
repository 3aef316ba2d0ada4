import { existsSync } from 'node:fs';
import { type RunOptions, type RunResult, runProcess } from './child-process.ts';
import { DaybookError, systemCodeOf } from './errors.ts';
import { gitMissing } from './git-trouble.ts';

/** What a git command may be given. */
export interface GitOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  /** Keep every byte of the output apart instead of reading it as UTF-8. */
  binary?: boolean;
  /** For the commands of git that know no literal paths; they take names from standard input as they are. */
  plainPaths?: boolean;
  /** Settings for this one call, as `name=value`. */
  settings?: readonly string[];
}

/** What a git command gave. */
export interface GitResult {
  ok: boolean;
  stdout: string;
  stderr: string;
}

// Set where git runs us as a hook or an alias; they would point every command at another index or repository.
const inherited = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_QUARANTINE_PATH',
];

const settings = asArguments([
  // What was committed survives a power cut; git leaves that to chance by default.
  'core.fsync=all',
  // A stalled connection ends instead of hanging.
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
  'gc.auto=0',
  'maintenance.auto=false',
]);

function asArguments(given: readonly string[]): string[] {
  return given.flatMap((setting) => ['-c', setting]);
}

/** How git is called: with our settings, apart from whatever git itself may have called us with, in English. */
export function gitCommand(
  args: readonly string[],
  options: Pick<GitOptions, 'env' | 'plainPaths' | 'settings'> = {},
): { args: string[]; env: Record<string, string | undefined> } {
  const paths = options.plainPaths === true ? [] : ['--literal-pathspecs'];
  return {
    args: [...paths, ...settings, ...asArguments(options.settings ?? []), ...args],
    env: {
      ...Object.fromEntries(inherited.map((name) => [name, undefined])),
      LC_ALL: 'C',
      ...(process.stdin.isTTY ? {} : { GIT_TERMINAL_PROMPT: '0' }),
      ...options.env,
    },
  };
}

/** Runs git in a folder; a failing command is a result. Paths are taken literally, messages are in English. */
export async function tryGit(folder: string, args: string[], options: GitOptions = {}): Promise<GitResult> {
  const command = gitCommand(args, options);
  const result = await gitProcess(command.args, {
    cwd: folder,
    env: command.env,
    ...(options.input === undefined ? {} : { input: options.input }),
    encoding: options.binary === true ? 'latin1' : 'utf8',
    maxBytes: 400 * 1024 * 1024,
  });
  return { ok: result.exitCode === 0 && !result.truncated, stdout: result.stdout, stderr: result.stderr };
}

/** Runs git and returns its output. @throws DaybookError `git` with what git said, where it fails. */
export async function runGit(folder: string, args: string[], options: GitOptions = {}): Promise<string> {
  const result = await tryGit(folder, args, options);
  if (result.ok) return result.stdout;
  throw new DaybookError('git', `git ${args[0]} failed: ${saidBy(result)}`, { where: folder });
}

/** The line of git's complaint that says most. */
export function saidBy({ stderr }: GitResult): string {
  const lines = stderr.trim().split('\n');
  const main = lines.find((line) => /^(fatal|error|remote: error|ERROR)/.test(line)) ?? lines.at(-1) ?? '';
  return main.replace(/^(fatal|error): /, '') || 'it gave no reason';
}

/** Starts git, however it is called. @throws DaybookError `unavailable` with what to do, where there is no git. */
export async function gitProcess(args: string[], options: RunOptions & { cwd: string }): Promise<RunResult> {
  try {
    return await runProcess('git', args, options);
  } catch (error) {
    throw cannotStartGit(error, options.cwd);
  }
}

/** The error for a git that did not start: a folder that is not there gives the same code of the system. */
export function cannotStartGit(error: unknown, folder: string): unknown {
  const cause = error instanceof DaybookError ? error.cause : error;
  if (systemCodeOf(cause) !== 'ENOENT' || !existsSync(folder)) return error;
  const { found, remedy } = gitMissing;
  return new DaybookError('unavailable', `${found}.`, { hint: remedy, cause });
}
