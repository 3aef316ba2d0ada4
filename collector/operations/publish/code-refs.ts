import { DaybookError } from '../../base/errors.ts';
import { tryGit } from '../../base/git.ts';
import { outcomeOf } from '../sync/push-outcome.ts';

/** Refs that keep the code of runs: ours, and the tags and runs in FlexLock's form. */
const spaces = ['refs/daybook', 'refs/flexlock'];

/** How many refs of a book's repository keep the code of runs; none where it lies in no repository. */
export async function countCodeRefs(root: string): Promise<number> {
  return (await codeRefs(root)).length;
}

/** Pushes them all to a remote. @throws DaybookError `git` where it does not take every one. */
export async function pushCodeRefs(root: string, remote: string): Promise<number> {
  const refs = await codeRefs(root);
  const specs = spaces
    .filter((space) => refs.some((ref) => ref.startsWith(`${space}/`)))
    .map((space) => `${space}/*:${space}/*`);
  if (specs.length === 0) return 0;
  const args = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const result = await tryGit(root, [...args, remote, ...specs]);
  if (outcomeOf(result, remote, spaces[0]!) === 'taken') return refs.length;
  throw new DaybookError('git', `${remote} has another commit below one of these refs.`, {
    where: remote,
    hint: `See what git push ${remote} '${specs[0]}' says.`,
  });
}

async function codeRefs(root: string): Promise<string[]> {
  const { ok, stdout } = await tryGit(root, ['for-each-ref', '--format=%(refname)', ...spaces]);
  return ok ? stdout.split('\n').filter((ref) => ref !== '') : [];
}
