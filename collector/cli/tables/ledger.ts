import { count, flag, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Which ledger is meant. */
export const ledgerOption = {
  ledger: text('file', 'the ledger, relative to the book; default: metadata.json'),
};

const relpathOption = {
  relpath: text('path', "folder of the run below the ledger's, e.g. grid/lr-1e3; default: the ledger's own"),
};

/** Whether Python writes it, too. */
export const sharedOption = {
  shared: flag(
    'leave the file whole behind every operation, for Python beside it; noticed by itself once Python has come',
  ),
};

/** What says by which parameters a run is found again. */
export const paramOptions = {
  param: texts('name=value', 'one parameter, as often as needed; 1 is an int and 1.0 a float, dots nest'),
  params: text('json', 'all parameters as one JSON object'),
  'param-hash': text('hash', 'the hash itself, where it was made elsewhere'),
};

const identifierArgument = {
  name: 'identifier',
  required: true,
  description: 'what groups runs, e.g. train',
} as const;
const uidArgument = { name: 'uid', required: true, description: 'number of the run, e.g. 007' } as const;

const listedShape =
  '[{identifier, relpath, uid, status, param_hash, files, timestamp_status_lst}], newest first';
const noRun = { code: '3', means: 'no such run' };

/** The register of runs, metadata.json. */
export const ledgerCommands = {
  'ledger allocate': {
    summary: 'give a new run its number',
    description: [
      "Reserves the lowest free number for a run of this identifier and relpath in metadata.json, which stays as pycaddy writes and reads it, and prints it. Any number of processes may ask at once; none gets another's number, the one who is killed when.",
      'With parameters their hash is recorded, equal to the one pycaddy makes; --resume then gives back the earlier run with the same parameters instead of a new one.',
    ],
    arguments: [identifierArgument],
    options: {
      ...relpathOption,
      ...paramOptions,
      resume: flag('take the earlier run with the same parameters, if there is one'),
      status: text('word', 'pending, running, done or error; default: pending'),
      maxsize: count('n', 'how many runs to expect; sets the digits of numbers; default: 1000'),
      ...ledgerOption,
      ...sharedOption,
    },
    examples: [
      { line: 'uid=$(daybook ledger allocate train)', does: 'a new run' },
      {
        line: 'daybook ledger allocate train --relpath grid --param lr=0.1 --param seed=7',
        does: 'with its parameters',
      },
      { line: 'daybook ledger allocate train --param lr=0.1 --resume', does: 'go on with it' },
    ],
    json: '{identifier, relpath, uid}; with --resume also resumed',
  },
  'ledger log': {
    summary: 'log status and files of a run',
    description: [
      'Adds a change of status to the history of a run, names files it produced, or both. The words of other trackers are taken for those of the ledger: completed for done, failed for error.',
      'With --pid the run counts as stale when that process is gone; with --heartbeat, given again and again, when no further one came for 15 minutes. doctor and the pages say so.',
    ],
    arguments: [identifierArgument, uidArgument],
    options: {
      ...relpathOption,
      status: text('word', 'pending, running, done or error'),
      file: texts('name=path', 'a file of the run, as often as needed'),
      heartbeat: flag('say that the run is alive'),
      pid: count('number', 'the process that runs it, e.g. $$'),
      ...ledgerOption,
      ...sharedOption,
    },
    examples: [
      { line: 'daybook ledger log train 007 --status running --pid $$', does: 'it begins' },
      {
        line: 'daybook ledger log train 007 --status done --file model=007/model.pt',
        does: 'it ends with a file',
      },
    ],
    json: 'the record as it is then',
    exitCodes: [noRun],
  },
  'ledger get': {
    summary: 'show one run of the ledger',
    description: ['Prints status, parameters hash, files and every change of status of one run.'],
    arguments: [identifierArgument, uidArgument],
    options: {
      ...relpathOption,
      ...ledgerOption,
    },
    examples: [{ line: 'daybook ledger get train 007 --relpath grid', does: 'one run' }],
    json: 'the record as it stands in the file: {status, param_hash, files, timestamp_status_lst}',
    exitCodes: [noRun],
  },
  'ledger list': {
    summary: 'list the runs of the ledger',
    description: [
      'Lists all runs, or those of an identifier, a relpath or a status, newest first. Times are UTC.',
    ],
    arguments: [{ name: 'identifier', description: 'only runs of this identifier' }],
    options: {
      relpath: text('path', "only runs of this relpath; '' for the ledger's own folder"),
      status: text('word', 'only runs with this status'),
      ...ledgerOption,
    },
    examples: [
      { line: 'daybook ledger list', does: 'all of them' },
      { line: 'daybook ledger list train --status error', does: 'what failed' },
    ],
    json: listedShape,
  },
  'ledger find': {
    summary: 'find runs by their parameters',
    description: [
      'Finds the runs that were allocated with exactly these parameters, by their hash: the ledger holds no parameters. Ends with 3 where there is none, for scripts that skip what is done.',
    ],
    arguments: [{ name: 'identifier', description: 'only runs of this identifier' }],
    options: {
      relpath: text('path', 'only runs of this relpath'),
      ...paramOptions,
      status: text('word', 'only runs with this status'),
      ...ledgerOption,
    },
    examples: [
      { line: 'daybook ledger find train --param lr=0.1 --param seed=7', does: 'runs with these parameters' },
      {
        line: 'daybook ledger find train --param lr=0.1 --status done -q || train --lr 0.1',
        does: 'skip what is done',
      },
    ],
    json: listedShape,
    exitCodes: [{ code: '3', means: 'no run has these parameters' }],
  },
  'ledger load': {
    summary: 'print the whole ledger as one document',
    description: [
      'Prints what metadata.json holds, with what its journal says folded in: the same document that pycaddy loads.',
    ],
    arguments: [],
    options: {
      ...ledgerOption,
    },
    examples: [{ line: 'daybook ledger load > copy.json', does: 'a copy' }],
    json: '{identifier: {relpath: {uid: record}}}',
  },
} as const satisfies Commands;
