import type { CommandSpec } from './spec.ts';

/** Commands that hold receipts against the world and against each other. */
export const checkCommands: readonly CommandSpec[] = [
  {
    name: 'verify',
    summary: 'check whether receipts still hold',
    description: [
      'Holds receipts (run.lock files of Daybook and FlexLock) against the code, the data and the previous stages they name, entry by entry: unchanged, changed and which files, missing, or not checkable and why. Without paths every receipt of the book is checked.',
      'Code is compared by the tree of the whole work tree as it is now, untracked files included; nothing is written to the repository. What runs leave behind (folders with a run.lock, snapshots/) does not count as code. Data is read again only where it may have changed since it was last read.',
    ],
    arguments: [{ name: 'path', many: true, description: 'a run.lock or the folder it lies in' }],
    options: [],
    examples: [
      { line: 'daybook verify', does: 'check every receipt of the book' },
      { line: 'daybook verify results/train', does: 'check one' },
    ],
    json: 'an array of {file, state, entries: [{part, name, state, why, files}], checkedAtUs}; the state of a receipt is "matches", "differs" or "unproven", of an entry "unchanged", "changed", "missing" or "uncheckable"',
    exitCodes: [{ code: '4', means: 'something is changed or missing' }],
    load: () => import('./commands/verify.ts'),
  },
];
