import { flag, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';

/** What a run is made of, as it is now. */
export const stateOptions = {
  config: text('file', 'configuration of the run, YAML or JSON'),
  set: texts('key=value', 'a value of the configuration, over --config; dots nest'),
  repo: texts('[name=]path', 'a git repository whose whole work tree is recorded'),
  data: texts('[name=]path', 'an input: a file, folder or quoted glob'),
  prev: texts('[name=]path', 'a previous stage: its run.lock, its folder, or a file below it'),
  env: texts(
    'name',
    'an environment variable to record, beside those of receipts.environment in daybook.yaml',
  ),
};

/** Whether code that is not committed may be recorded. */
export const treeOptions = {
  'require-clean': flag('refuse where the work tree has changes that are not committed, and list them'),
  'warn-dirty': flag('say what is not committed, and go on'),
};

/** What a receipt is to say; the same for `lock` and for `exec --lock`. */
export const receiptOptions = {
  ...stateOptions,
  parent: text('path', 'run.lock of the sweep that this run is a task of'),
  out: text('path', 'folder or file of the receipt; default: save_dir of the configuration'),
  merge: flag('add to the run.lock that is there'),
  replace: flag('put it in the place of the run.lock that is there, which is kept in replaced/ beside it'),
  'no-shadow': flag('write nothing to the repositories: record HEAD and a patch instead of a shadow commit'),
  manifest: flag('name the digest of every file, also of large folders'),
};

/** Commands that issue receipts and bring back what they recorded. */
export const receiptCommands = {
  lock: {
    summary: 'issue a run.lock: the receipt of a run',
    description: [
      'Writes a run.lock with all that is needed to reproduce a run: configuration, code, data, previous stages and environment. FlexLock reads it, too. Paths are relative to the folder you are in; without a name, an entry is called like the last part of its path, and two of one name are an error.',
      'Code is a shadow commit of the whole work tree, untracked files included and ignored ones not, kept by refs/daybook/runs/; your index, branch and files stay untouched. Where the repository must not be written, or with --no-shadow, HEAD and the patch are recorded. daybook restore brings either back. Submodules and repositories that lie inside of it are taken in the same way, at any depth; one that cannot be (not checked out, broken, of another owner) is named with the reason, and then nothing is claimed of it: neither verify nor find nor diff calls it the same.',
      'With --require-clean, or `receipts: {dirty: refuse}` in daybook.yaml, a repository with changes that are not committed is refused, before anything is recorded, with the list of them; --warn-dirty (`dirty: warn`) says so and goes on. Untracked files count, ignored ones and what Daybook writes itself do not. Without --repo the repository is looked at that you are in.',
      'Of the environment only what is listed in docs/formats.md and the variables you name are recorded; what looks like a secret is masked.',
      'A receipt stays as it was issued. Where one stands already, no matter who wrote it, the new one gets a place of its own, results/a_2 beside results/a, and standard error says so; --merge adds to it, --replace puts the new one in its place and keeps the old one in results/a/replaced.',
    ],
    arguments: [],
    options: {
      ...receiptOptions,
      ...treeOptions,
      run: text('key', 'key that ties the receipt to a run recorded elsewhere'),
    },
    examples: [
      {
        line: 'daybook lock --config train.yaml --repo . --data raw=data/raw.csv',
        does: 'code, an input, and the configuration with its save_dir',
      },
      {
        line: 'daybook lock --set lr=0.1 --set opt.name=adam --out results/a',
        does: 'a configuration from the command line',
      },
      {
        line: 'daybook lock --config eval.yaml --prev results/train/output.txt',
        does: 'find and embed the stage that wrote a file',
      },
      { line: "daybook lock --data 'images=data/*.png' --out results/a --merge", does: 'add an input later' },
    ],
    json: 'the receipt as it was written, and where: {…, file}',
    exitCodes: [{ code: '1', means: 'with --require-clean: the work tree is not clean' }],
  },
  restore: {
    summary: 'bring back the code of a run',
    description: [
      'Writes the work tree that a receipt recorded into a new or empty folder: the tree of its shadow commit, or HEAD and the patch. Several repositories go into one subfolder each, named as in the receipt; submodules and other repositories inside of it come back with what was changed in them. The repository it comes from stays as it is.',
      'Says what cannot be brought back and why. Data is not copied: daybook verify tells whether it is still what it was.',
    ],
    arguments: [
      { name: 'run', required: true, description: 'a run.lock, the folder it lies in, or the key of a run' },
    ],
    options: {
      into: text('folder', 'where the code is written; required'),
      force: flag('write into a folder that is not empty, over files of the same name'),
    },
    examples: [
      { line: 'daybook restore results/train --into ../train-code', does: 'look at the code of a run' },
    ],
    json: 'an array of {name, folder, files, tree, why, missing: [{path, why}]}, one for each repository',
    exitCodes: [{ code: '1', means: 'a repository could not be brought back' }],
  },
  rerun: {
    summary: 'run a run again and compare what it reached',
    description: [
      'Writes the code that a run recorded into a folder of its own, checks its data against the recorded digests, and runs the recorded command there with the recorded variables, as a new run that has the first one as its parent: results/a_rerun beside results/a. Your work tree and the files of the first run stay as they are, also where the command writes to the same places or records the same run again.',
      'Then it compares: the exit code, outputs and attached files by digest, metrics (best and last values) within the tolerance, as a share of the larger value. Metrics of time (epoch_seconds, fps) and of the machine (system/…) are left out. The verdict is "same", "within tolerance", "different", or "inconclusive": where data or code is not what it was, where the command was ended before its time, or where the first run recorded nothing to compare. It stands in the receipt of the new run, on the pages of both, and as the field rerun of daybook runs.',
      'It needs a command and code: what daybook exec --lock --repo records; else the command that daybook exec --run recorded, with the commit of an experiment on top of which nothing was changed. Data is linked, not copied, unless it lies in the recorded code. What a secret was is not recorded: a masked variable has the value it has now. docs/runs.md has the rest.',
    ],
    arguments: [{ name: 'run', required: true, description: 'key of a run, or an unmistakable part of it' }],
    options: {
      tolerance: text('number', 'how far metrics may differ, as a share of the larger value; default: 1e-6'),
      ignore: texts('metric', 'a metric that is not compared'),
      keep: text('folder', 'write the code into this new or empty folder, and leave it there'),
      'dry-run': flag('lay out the code, check the data, say what would be done, and do nothing'),
    },
    examples: [
      { line: 'daybook rerun results/train', does: 'does it still come to the same?' },
      { line: 'daybook rerun results/train --dry-run', does: 'is all there that it needs?' },
      {
        line: 'daybook rerun results/train --tolerance 1e-3 --keep ../again',
        does: 'leave the folder to look at',
      },
    ],
    json: '{of, run, verdict, reasons, tolerance, command, exit_code, error, environment, notes, folder, results: [{part, name, state, why}]}; with --dry-run {of, run, command, cwd, code, data, variables, masked, doubts, notes}. The output of the command goes to standard error',
    exitCodes: [
      { code: '4', means: 'the results are different' },
      { code: '1', means: 'the command could not be run' },
      { code: '128 + n', means: 'it was ended by signal n' },
    ],
  },
} as const satisfies Commands;
