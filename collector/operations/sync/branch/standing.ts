import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DaybookError } from '../../../base/errors.ts';
import { tryGit } from '../../../base/git.ts';
import { bookPaths } from '../book-files.ts';
import type { SyncPlace } from '../place.ts';
import { readTips } from '../refs.ts';
import type { WorkTree } from '../work-tree.ts';
import { readLineage } from './lineage.ts';

/**
 * Finds out whether a branch is the book's own, once it was fetched; one that holds anything else is committed to as the branch
 * that is checked out is, by the rules of the user's index.
 * @throws DaybookError `git` where the settings call such a branch the book's own.
 */
export async function checkBranch(place: SyncPlace, fetched: boolean, isChosen: boolean): Promise<void> {
  if (place.ownIndex === undefined) return;
  const { remote: tip } = await readTips(place, fetched);
  if (tip === undefined || (await isOfBook(place, tip))) return;
  if (!isChosen) {
    place.ownIndex = undefined;
    return;
  }
  const where = place.remote === '' ? place.branch : `${place.remote}/${place.branch}`;
  throw new DaybookError(
    'git',
    `sync.branch in daybook.yaml is ${place.branch}, and ${where} holds more than a book.`,
    {
      hint: 'Name a branch that is not there yet, such as daybook, or "current" to commit the book on the branch that is checked out.',
      where: 'daybook.yaml',
    },
  );
}

/** Whether a branch was begun by us, or holds nothing but books. */
async function isOfBook(place: SyncPlace, tip: string): Promise<boolean> {
  if (readLineage(await place.objects.message(tip)) !== undefined) return true;
  const own = [...bookPaths({ prefix: '' }), place.prefix.split('/')[0]];
  return (await place.objects.names(tip)).every((name) => own.includes(name));
}

/**
 * Keeps snapshots/ out of the user's branches where nobody has said so yet: in the excludes of this clone, which no commit has.
 * Gives what a person should know of it.
 */
export async function keepOffOthers(place: SyncPlace): Promise<string[]> {
  const folder = `${place.prefix}snapshots/`;
  if (await isCommitted(place)) {
    return [
      `${folder} is also committed on the branch that is checked out; daybook sync --move takes it out of there (the files stay).`,
    ];
  }
  if (!existsSync(join(place.top, folder))) return [];
  const args = ['check-ignore', '--quiet', '--no-index', `./${folder}action_log.jsonl`];
  if ((await tryGit(place.top, args, { plainPaths: true })).ok) return [];
  excludeHere(place, `/${folder}`);
  return [`${folder} is excluded from the other branches in this clone (.git/info/exclude).`];
}

/** Whether the branch that is checked out has the book, or is about to. */
export async function isCommitted({ top, prefix }: WorkTree): Promise<boolean> {
  const names = ['action_log.jsonl', 'latest_periodic.json'].map((name) => `${prefix}snapshots/${name}`);
  return (await tryGit(top, ['ls-files', '--', ...names])).stdout !== '';
}

function excludeHere({ commonFolder }: WorkTree, rule: string): void {
  const path = join(commonFolder, 'info', 'exclude');
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  mkdirSync(dirname(path), { recursive: true });
  const gap = present === '' || present.endsWith('\n') ? '' : '\n';
  appendFileSync(path, `${gap}# The book of Daybook lies on a branch of its own.\n${rule}\n`);
}

/** The lines of a .gitignore that keep a book on a branch of its own out of the others. */
export const ignoredSnapshots =
  '# The book lies on a branch of its own (daybook.yaml, sync.branch).\n/snapshots/\n';
