import { flag, texts } from '../options.ts';
import type { Commands } from '../spec.ts';
import { stateOptions } from './receipts.ts';

/** Commands that hold receipts against the world and against each other. */
export const checkCommands = {
  verify: {
    summary: 'check whether receipts still hold',
    description: [
      'Holds receipts (run.lock files of Daybook and FlexLock) against the code, the data and the previous stages they name, entry by entry: unchanged, moved on, changed and which files, missing, or not checkable and why. Without paths every receipt of the book is checked, and each difference is told once, with the receipts it concerns; the first line has the totals.',
      'Four things are told apart. A receipt holds. It is reproducible: the work tree has moved on since, but git still has the code that was recorded, and everything else is as it was (normal; daybook restore brings the code back). It is broken: its data or a previous stage is not what it was, or the file itself is damaged (exit code 4). Or it is not provable: something it names is not at hand, or was never recorded (exit code 3).',
      'Where a file differs only in its line ends, that is said, with the attribute or setting of git that explains it (core.autocrlf, eol).',
      'Code is compared by the tree of the whole work tree as it is now, untracked files included; nothing is written to the repository. What recording writes does not count as code, nor do the results of runs: in a folder with a run.lock every new file and every file that git does not track. Data is read again only where it may have changed since it was last read.',
    ],
    arguments: [{ name: 'path', many: true, description: 'a run.lock or the folder it lies in' }],
    options: {},
    examples: [
      { line: 'daybook verify', does: 'check every receipt of the book' },
      { line: 'daybook verify results/train', does: 'check one' },
    ],
    json: 'an array of {file, state, entries: [{part, name, state, why, files}], checkedAtUs}; the state of a receipt is "matches", "reproducible", "differs" or "unproven", of an entry "unchanged", "moved", "changed", "missing" or "uncheckable"; a damaged file has an entry of part "receipt"',
    exitCodes: [
      { code: '4', means: 'data, a previous stage or a receipt itself is changed, damaged or missing' },
      { code: '3', means: 'nothing is broken, but something cannot be proven' },
    ],
  },
  diff: {
    summary: 'show what differs between any two things',
    description: [
      'Compares any two of these: periodic snapshots ("latest", "latest~1", an id), versions and tags of the store, files (JSON, YAML, JSON lines, text; in the book or elsewhere), files in a commit (git:HEAD~1:config.yaml), runs and receipts. Where a name could mean several, a prefix tells: file:, periodic:, version:, tag:, run:.',
      'Fields that came, went and changed are grouped by section, what is the same is folded into counts. Elements of lists are told apart by their id, pid, name, key or path where all have one; those that only changed places are told once. Changed texts are shown by words: [-what went-]{+what came+} where there are no colours. Of two periodic snapshots their ids and times do not count.',
      'Two runs or receipts are compared as such: configuration, code, data, environment, previous stages, metrics. Each is the path of a run.lock, the folder of a run, or the key of a run (daybook runs lists them). A run without a receipt is compared by its parameters and metrics.',
      "The rules are FlexLock's: save_dir, _snapshot_ and what was only noted about a run (timestamp, system, job_id, work_dir, cwd, date, time, datetime) do not count, nor does the own save_dir inside of values. Two runs are the same where code, configuration and data are; environment, stages and metrics are shown. What a receipt does not say of the configuration of a run counts as its program recorded it (daybook.run(config=…), an experiment, config.yaml beside it).",
      'Code is compared by trees. Where the repository still has both, commits between them and changed files with numbers of lines are listed. What recording writes and the results of runs do not count, as in daybook verify.',
    ],
    arguments: [
      { name: 'a', required: true, description: 'the older one' },
      { name: 'b', required: true, description: 'the newer one' },
    ],
    options: {
      patch: flag('print a JSON Patch (RFC 6902) that leads from a to b'),
      full: flag('show every difference, and every value whole'),
      code: flag('of runs: show the patch of the code, too'),
      include: texts('pattern', 'only these files count as code; in place of what the receipts say'),
      exclude: texts('pattern', 'these files do not count as code'),
    },
    examples: [
      { line: 'daybook diff latest~1 latest', does: 'what the newest snapshot brought' },
      { line: 'daybook diff git:HEAD:config.yaml config.yaml', does: 'a file against its last commit' },
      {
        line: 'daybook diff release-1.0 latest --patch',
        does: 'from a tagged version to now, as JSON Patch',
      },
      {
        line: 'daybook diff results/train/run_0001 results/train/run_0002',
        does: 'two runs by their folders',
      },
      { line: 'daybook diff old/run.lock new/run.lock --code', does: 'two receipts, with the patch' },
      { line: "daybook diff a b --exclude '*.md' --exclude docs", does: 'without the documentation' },
    ],
    json: '{same, before: {kind, name, at}, after: {kind, name, at}, unchanged, differences: [{kind: added, removed, changed or moved, path, place, before, after, amount, moves: [{from, to, name}], words: [{kind, text}]}]}; of two runs {same, before: {name, kind}, after: {name, kind}, isPartial, config: {same, differences}, code: {same, entries}, data: {same, entries}, environment: {same, differences, packages}, previous: {same, entries}, metrics: {same, entries}}',
    exitCodes: [{ code: '4', means: 'they differ; of runs: code, configuration or data' }],
  },
  find: {
    summary: 'tell whether this has been run before',
    description: [
      'Compares configuration, code and data as they are now with every receipt of the book, by the rules of daybook diff, and prints the key of the newest run that is the same. Give the options that lock is given: what is left out here must be missing in the receipt, too. A run whose receipt says nothing of its configuration has the one that its program recorded (daybook.run(config=…)). Previous stages count where --prev names some.',
      'Runs that failed, were aborted or have not ended do not count. Nor does a run count where a part of the code cannot be proven to be the same: a submodule that is not checked out, or changes that were not recorded. Where nothing is found, standard error tells which run comes nearest and what differs. Nothing is written to the repositories.',
    ],
    arguments: [],
    options: stateOptions,
    examples: [
      {
        line: 'daybook find --config config.yaml --repo . --data data',
        does: 'in a script, before `|| python train.py`: train only what has not been trained yet',
      },
    ],
    json: '{match: {key, place, status, at_us, receipt} or null, nearest: the same with {ended_as, differs} or null, compared}',
    exitCodes: [{ code: '3', means: 'nothing like this has been run' }],
  },
} as const satisfies Commands;
