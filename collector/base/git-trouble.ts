import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DaybookError, messageOf } from './errors.ts';

/** Why git does not answer, in plain words, and what to do about it. */
export interface GitTrouble {
  found: string;
  remedy: string;
}

/** What git said of a repository that it does not open, or not whole; `said` is its complaint, of one line or more. */
export function gitTrouble(said: string, folder: string): GitTrouble {
  if (/spawn git ENOENT/.test(said)) return gitMissing;
  const lines = said.trim().split('\n');
  const found = (lines[0] ?? '').replace(/^(?:Error: )?(?:fatal|error): /, '');
  if (/not a git repository/i.test(said) && isInRepository(folder)) return noHead;
  if (/dubious ownership/i.test(said)) return { found, remedy: trustRemedy(said, folder) };
  if (/\bindex file\b|bad index|index uses|index\.lock/i.test(said)) return { found, remedy: indexRemedy };
  if (isDamage.test(said)) return { found, remedy: damageRemedy };
  return {
    found,
    remedy: 'See what `git status` says here; what git would say is missing from the records.',
  };
}

/** The same of an error that was thrown: one that has a hint keeps it. */
export function gitTroubleOf(error: unknown, folder: string): GitTrouble {
  const isTold = error instanceof DaybookError && error.code === 'unavailable' && error.hint !== undefined;
  return isTold
    ? { found: error.message.replace(/\.$/, ''), remedy: error.hint! }
    : gitTrouble(messageOf(error), folder);
}

/** Whether a folder has a .git in it or above it, whatever git thinks of it. */
export function isInRepository(folder: string): boolean {
  return existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInRepository(dirname(folder)));
}

/** What git is, where its program is not found. */
export const gitMissing: GitTrouble = {
  found: 'git is not installed, or its folder is not in PATH',
  remedy:
    'Install git from the packages of your system or https://git-scm.com, or put its folder into PATH; everything that needs no git goes on without it.',
};

const noHead: GitTrouble = {
  found: 'there is a .git here, but git does not take it for a repository: its HEAD is missing or broken',
  remedy:
    "Look at .git/HEAD: it names the branch, as in `echo 'ref: refs/heads/main' > .git/HEAD`; or take .git from another clone.",
};

const isDamage =
  /corrupt|is empty|bad object|missing (?:blob|tree|commit|object)|unable to (?:read|unpack|parse)|could not read|exceeds \d+ bytes|broken ref|inflate|garbage|hash mismatch|invalid (?:object|sha1)|does not match/i;

const damageRemedy =
  'Parts of the repository are damaged: `git fsck --full` names them. Take them from another clone (`git fetch` where the remote has them, or copy .git/objects of a whole clone), or clone again and move the work tree over.';

const indexRemedy =
  'The list of files of git is damaged or held: where no git runs, `rm -f .git/index .git/index.lock && git reset` makes it again from HEAD; files of the work tree stay as they are.';

function trustRemedy(said: string, folder: string): string {
  const named = /repository at '([^']+)'/.exec(said)?.[1];
  return `It belongs to somebody else. If you trust it: git config --global --add safe.directory ${named ?? folder}`;
}
