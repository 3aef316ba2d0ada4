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
  {
    name: 'diff',
    summary: 'show what differs between two runs',
    description: [
      'Compares two runs or receipts, grouped: configuration, code, data, environment, previous stages, metrics. Each is the path of a run.lock, the folder of a run, or the key of a run (daybook runs lists them). A run without a receipt is compared by its parameters and metrics.',
      "The rules are FlexLock's: save_dir, _snapshot_ and what was only noted about a run (timestamp, system, job_id, work_dir, cwd, date, time, datetime) do not count, nor does the own save_dir inside of values. Two runs are the same where code, configuration and data are; environment, stages and metrics are shown.",
      'Code is compared by trees. Where the repository still has both, commits between them and changed files with numbers of lines are listed. What runs leave behind (folders with a run.lock, snapshots/) does not count.',
    ],
    arguments: [
      { name: 'a', required: true, description: 'the older one' },
      { name: 'b', required: true, description: 'the newer one' },
    ],
    options: [
      { name: 'code', description: 'show the patch, too' },
      {
        name: 'include',
        value: 'pattern',
        many: true,
        description: 'only these files count as code; in place of what the receipts say',
      },
      { name: 'exclude', value: 'pattern', many: true, description: 'these files do not count as code' },
    ],
    examples: [
      {
        line: 'daybook diff results/train/run_0001 results/train/run_0002',
        does: 'two runs by their folders',
      },
      { line: 'daybook diff old/run.lock new/run.lock --code', does: 'two receipts, with the patch' },
      { line: "daybook diff a b --exclude '*.md' --exclude docs", does: 'without the documentation' },
    ],
    json: '{same, before: {name, kind}, after: {name, kind}, isPartial, config: {same, differences}, code: {same, entries}, data: {same, entries}, environment: {same, differences, packages}, previous: {same, entries}, metrics: {same, entries}}',
    exitCodes: [{ code: '4', means: 'code, configuration or data differ' }],
    load: () => import('./commands/diff.ts'),
  },
];
