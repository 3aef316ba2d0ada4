import { saidBy, tryGit } from './git.ts';

/** What HEAD of a repository is: a commit, a branch that has none yet, or something git cannot follow. */
export type HeadState = { kind: 'commit' } | { kind: 'none' } | { kind: 'broken'; said: string };

/** Tells a branch without commits from one whose commit is lost: to a mere question for HEAD git answers alike. */
export async function headState(folder: string): Promise<HeadState> {
  const newest = await tryGit(folder, ['rev-list', '--max-count=1', 'HEAD', '--']);
  if (newest.ok) return { kind: 'commit' };
  const branch = await tryGit(folder, ['symbolic-ref', '--quiet', 'HEAD']);
  // Of a branch whose file holds anything but an id, git does not even tell the name.
  const where = branch.ok ? branch.stdout.trim() : 'refs/heads';
  const refs = await tryGit(folder, ['for-each-ref', '--format=%(objectname)', '--', where]);
  if (branch.ok && refs.ok && refs.stdout === '' && refs.stderr === '') return { kind: 'none' };
  const broken = /broken ref (\S+)/.exec(refs.stderr)?.[1];
  const said = broken === undefined ? saidBy(newest) : `${broken} is a broken ref that names no commit`;
  return { kind: 'broken', said };
}
