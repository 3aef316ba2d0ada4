import type { SimpleGit } from 'simple-git';
import { messageOf } from '../base/errors.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { ProbeContext } from './context.ts';

const mostListed = 50;

/** The repository the book lies in: branch, newest commit, distance to the upstream, what is not committed. */
export async function probeGit({ root }: ProbeContext): Promise<JsonValue> {
  const git = await openGit(root);
  try {
    const status = await git.status(['--untracked-files=normal']);
    const tracked = status.tracking !== null;
    return {
      branch: status.detached ? null : status.current,
      detached: status.detached,
      ...(await headOf(git)),
      upstream: status.tracking,
      ahead: tracked ? status.ahead : null,
      behind: tracked ? status.behind : null,
      dirty_count: status.files.length,
      dirty_files: status.files.slice(0, mostListed).map(({ path }) => path),
      conflicted: status.conflicted.length,
    };
  } catch (error) {
    if (/not a git repository/i.test(messageOf(error))) return { status: 'no_repository' };
    throw new Error(refusalOf(messageOf(error)));
  }
}

/** Only what git needs to find itself and its settings: hooks and callers may have set GIT_DIR and others. */
async function openGit(root: string): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const names = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'XDG_CONFIG_HOME', 'TEMP', 'TMPDIR'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return simpleGit({
    baseDir: root,
    timeout: { block: 10_000 },
    allowEnvironment: ['GIT_OPTIONAL_LOCKS'],
  }).env({
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    // Asking must not take the lock of the user's index.
    GIT_OPTIONAL_LOCKS: '0',
  });
}

async function headOf(git: SimpleGit): Promise<JsonObject> {
  const line = await git
    .raw(['rev-list', '--max-count=1', '--no-commit-header', '--format=%H%x00%cI%x00%s', 'HEAD'])
    .catch((error) => {
      // A repository without commits has no HEAD yet.
      if (/ambiguous argument 'HEAD'|bad revision|unknown revision/i.test(messageOf(error))) return undefined;
      throw error;
    });
  const [head = null, committedAt = null, subject = null] = line?.trimEnd().split('\u0000') ?? [];
  return { head, subject, committed_at: committedAt };
}

/** What git said, in one line; with what it says to do, which it writes further down. */
function refusalOf(message: string): string {
  const [first = '', ...rest] = message.trim().split('\n');
  const remedy = rest.map((line) => line.trim()).find((line) => line.startsWith('git config '));
  return remedy === undefined ? first : `${first}. If you trust it: ${remedy}`;
}
