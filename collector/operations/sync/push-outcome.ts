import { DaybookError } from '../../base/errors.ts';
import { type GitResult, saidBy } from '../../base/git.ts';
import { explainRejection } from './rejections.ts';

/** How a push went: taken; `lost` where somebody else was first; `locked` where the remote's branch is being written. */
export type PushOutcome = 'taken' | 'lost' | 'locked';

/** What a push came to, told by what git and the remote said. @throws DaybookError `git` where trying again is no use. */
export function outcomeOf(result: GitResult, remote: string, branch: string): PushOutcome {
  if (result.ok) return 'taken';
  const said = `${result.stdout}\n${result.stderr}`;
  const status = /^!\t[^\t]*\t(.*)$/m.exec(result.stdout)?.[1] ?? '';
  if (status.startsWith('[rejected]')) return 'lost';
  if (status.startsWith('[remote rejected]') && !/hook declined/.test(status) && !cannotWrite.test(said)) {
    if (lockHeld.test(said)) return 'locked';
    if (refMoved.test(said)) return 'lost';
  }
  const known = explainRejection(result, remote, branch);
  if (known !== undefined) throw known;
  const where = { where: remote };
  if (status.startsWith('[remote rejected]')) {
    const why = remoteWords(result) ?? /\((.*)\)$/.exec(status)?.[1] ?? 'it gave no reason';
    throw new DaybookError('git', `${remote} did not take the push to ${branch}: ${why}`, {
      ...where,
      hint: 'That is a rule of the remote: change it there, or let the book go to a branch of its own with --branch.',
    });
  }
  throw connectionError(result, remote) ?? unknownError(result, remote, branch);
}

// What servers say when somebody else was first.
const refMoved =
  /failed to update ref|incorrect old value|reference already exists|is at [0-9a-f]+ but expected|cannot lock ref|failed to lock/;
// And when a file that locks the branch is there: somebody is writing at this moment, or was killed while doing so.
const lockHeld = /\.lock': File exists/;
const cannotWrite = /\.lock': (?!File exists)/;

function remoteWords({ stderr }: GitResult): string | undefined {
  return /^remote: (?:error: )?(.*\S)/m.exec(stderr)?.[1]?.replace(/^(?:fatal|error): /, '');
}

function unknownError(result: GitResult, remote: string, branch: string): DaybookError {
  const why = remoteWords(result) ?? saidBy(result);
  return new DaybookError('git', `${remote} did not take the push to ${branch}: ${why}`, {
    hint: `See what git push ${remote} says; what was recorded is in this work tree.`,
    where: remote,
  });
}

/** An error where the remote does not let us in or does not answer; undefined for anything else. */
export function connectionError(result: GitResult, remote: string): DaybookError | undefined {
  const facts = (hint: string) => ({ hint, where: remote });
  if (noEntry.test(result.stderr)) {
    const why = remoteWords(result) ?? saidBy(result);
    return new DaybookError(
      'git',
      `${remote} does not let you in: ${why}`,
      facts(
        'Check your rights there and how you log in (git remote -v shows the address); nothing was pushed.',
      ),
    );
  }
  if (!noAnswer.test(result.stderr)) return undefined;
  return new DaybookError(
    'git',
    `${remote} cannot be reached: ${saidBy(result)}`,
    facts('Check the address (git remote -v) and the connection; nothing was pushed.'),
  );
}

const noEntry =
  /Authentication failed|could not read (Username|Password)|Permission denied|Permission to .* denied|returned error: 40[13]|Host key verification failed|Invalid username or (password|token)|access denied|not authorized/i;
const noAnswer =
  /Could not resolve host|unable to access|Connection (refused|timed out|reset|closed)|Operation (timed out|too slow)|unable to connect|No route to host|Network is unreachable|does not appear to be a git repository|Could not read from remote repository|[Rr]epository .*not (found|exist)|unable to find remote helper|remote end hung up|early EOF/;
