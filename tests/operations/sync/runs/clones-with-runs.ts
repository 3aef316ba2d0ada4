import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, makeClones, write } from '../clones.ts';

/** Clones of a book on a branch of its own whose settings say something of runs. */
export function clonesWith(count: number, runs: string): { bare: string; clones: string[] } {
  const made = makeClones(count, 'daybook');
  const settings = `sync:\n  branch: daybook\n  runs: ${runs}\n`;
  const [first = '', ...others] = made.clones;
  write(first, 'daybook.yaml', settings);
  git(first, 'commit', '--quiet', '-am', 'settings');
  git(first, 'push', '--quiet');
  for (const clone of others) git(clone, 'pull', '--quiet');
  return made;
}

/** A small receipt. */
export const receipt = (name: string) => `run: ${name}\nconfig:\n  lr: 0.1\n`;
/** The text of a file of a clone. */
export const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8');
/** The text of a file of the branch of the book. */
export const onBranch = (bare: string, path: string) => `${git(bare, 'show', `daybook:${path}`)}\n`;
/** What that branch has. */
export const namesOn = (bare: string) => git(bare, 'ls-tree', '-r', '--name-only', 'daybook').split('\n');
