import type { SimpleGit } from 'simple-git';
import { headState } from '../base/git-head.ts';
import { gitTroubleOf, isInRepository } from '../base/git-trouble.ts';
import type { JsonObject, JsonValue } from '../base/json/json.ts';
import type { ProbeContext } from './context.ts';

const maxListed = 50;

/** The repository the book lies in: branch, newest commit, distance to the upstream, what is not committed. */
export async function probeGit({ root }: ProbeContext): Promise<JsonValue> {
  const git = await openGit(root);
  try {
    const head = await headState(root);
    if (head.kind === 'broken' && isInRepository(root)) throw new Error(head.said);
    const status = await git.status(['--untracked-files=normal']);
    const tracked = status.tracking !== null;
    return {
      branch: status.detached ? null : status.current,
      detached: status.detached,
      ...(head.kind === 'commit' ? await headOf(git) : noCommits),
      upstream: status.tracking,
      ahead: tracked ? status.ahead : null,
      behind: tracked ? status.behind : null,
      dirty_count: status.files.length,
      dirty_files: status.files.slice(0, maxListed).map(({ path }) => path),
      conflicted: status.conflicted.length,
    };
  } catch (error) {
    if (!isInRepository(root)) return { status: 'no_repository' };
    const { found, remedy } = gitTroubleOf(error, root);
    throw new Error(`${found}. ${remedy}`);
  }
}

/** With it git takes every repository for somebody else's, which is how that is tried out. */
const ownerTest = 'GIT_TEST_ASSUME_DIFFERENT_OWNER';

/** Only what git needs to find itself and its settings: hooks and callers may have set GIT_DIR and others. */
async function openGit(root: string): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const names = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'XDG_CONFIG_HOME', 'TEMP', 'TMPDIR', ownerTest];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return simpleGit({
    baseDir: root,
    timeout: { block: 10_000 },
    allowEnvironment: ['GIT_OPTIONAL_LOCKS', ownerTest],
  }).env({
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    // Asking must not take the lock of the user's index.
    GIT_OPTIONAL_LOCKS: '0',
  });
}

/** A repository without commits has no HEAD yet. */
const noCommits = { status: 'no_commits', head: null, subject: null, committed_at: null };

async function headOf(git: SimpleGit): Promise<JsonObject> {
  const form = ['--no-commit-header', '--format=%H%x00%cI%x00%s'];
  const line = await git.raw(['rev-list', '--max-count=1', ...form, 'HEAD']);
  const [head = null, committedAt = null, subject = null] = line.trimEnd().split('\u0000');
  return { head, subject, committed_at: committedAt };
}
