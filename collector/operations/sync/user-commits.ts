import { DaybookError } from '../../base/errors.ts';
import { runGit } from '../../base/git.ts';
import { isBookPath } from './book-files.ts';
import type { SyncPlace } from './place.ts';

/** Sync publishes the book and nothing else: commits with other files are the user's to push. */
export async function refuseUserCommits(
  place: SyncPlace,
  head: string | undefined,
  remoteTip: string | undefined,
): Promise<void> {
  if (head === undefined) return;
  const own = place.ownRef?.replace('refs/heads/', '');
  const target = `${place.remote}/${place.branch}`;
  const instead = 'or let the book go to a branch of its own: daybook sync --branch daybook';
  if (remoteTip === undefined) {
    throw new DaybookError(
      'git',
      `${place.remote} has no branch ${place.branch} yet, and sync publishes no commits but its own.`,
      {
        hint: `Push the branch once (git push -u ${place.remote} ${shellWord(own ?? '')}), ${instead}.`,
      },
    );
  }
  const log = ['log', '--format=%x00%H', '--name-only', '-z', '-m', '--no-renames', `${remoteTip}..${head}`];
  const parts = (await runGit(place.top, log)).split('\0').map((part) => part.trim());
  const foreign = parts.filter(
    (part) => part !== '' && !/^[0-9a-f]{40,64}$/.test(part) && !isBookPath(place, part),
  );
  if (foreign.length === 0) return;
  const count = (await runGit(place.top, ['rev-list', '--count', `${remoteTip}..${head}`])).trim();
  const commits = count === '1' ? '1 commit' : `${count} commits`;
  throw new DaybookError(
    'git',
    `${own} has ${commits} that ${target} has not, and sync publishes no commits but its own.`,
    {
      hint: `Bring them together first (git pull --rebase && git push), ${instead}.`,
    },
  );
}

/** A name in a command that people paste: branches may hold what a shell would run. */
function shellWord(name: string): string {
  return /^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
