import { flag, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';
import { receiptOptions, treeOptions } from './receipts.ts';

/** Commands that write to the book. */
export const writeCommands = {
  init: {
    summary: 'set up a book in this folder',
    description: [
      'Writes daybook.yaml and snapshots/, and adds what is missing to .gitattributes and .gitignore. Says what it did file by file.',
      'With --github it also writes two workflows, for events and for the schedule that daybook.yaml expects, and beside them the action that they run, which is this program in one file: nothing is installed there. With --local neither. Without either word that is decided by what is found (a remote on GitHub, a .github folder), else asked on a terminal, else local.',
      'A file that is already there is never overwritten without --force, or --update for the workflows and the action; .gitattributes and .gitignore only ever gain lines. Works in a folder without git, too.',
    ],
    arguments: [],
    options: {
      force: flag('overwrite daybook.yaml and the workflows with fresh copies'),
      update: flag(
        'with --github: the workflows and the action as this Daybook has them, for the schedule and the alerts of daybook.yaml, which stays',
      ),
      local: flag('no workflow and no schedule: recorded is what you record'),
      github: flag('with the workflow and its schedule'),
    },
    examples: [
      { line: 'daybook init', does: 'set up the folder you are in' },
      { line: 'daybook init --local', does: 'without workflow and schedule' },
      { line: 'daybook init --github --update', does: 'let a newer Daybook record' },
      { line: 'daybook init --dir ../other', does: 'set up another folder' },
    ],
    json: '{root, github, files: [{path, state, note}]}; state is "written", "extended", "kept", "overwritten" or "missing"',
  },
  action: {
    summary: 'record one action',
    description: [
      'Appends one action to snapshots/action_log.jsonl. Details are JSON (text that begins with {, [ or "), or key=value pairs, or plain text, which becomes {"description": "…"}. "-" reads them from standard input.',
      'In key=value, dots nest (build.seconds=12), numbers, true, false and null are recognised, JSON arrays and objects are taken as such, and quotes force text (version=\'"1.20"\'). A backslash before a dot keeps the dot in the name.',
      'The status is "completed" unless --status says otherwise, because this command records a thing that happened; where the details carry a known status of their own (status=failed), that one is taken. The original recorded "executing", which stays open for ever; use --status executing with --id to record a beginning, and the same --id with --status completed or failed for its end.',
      'With --batch, standard input holds one action a line as JSON: {"type": "…", "status": "…", "details": {…}, "id": "…", "run": "…"}. Lines that are not like this are reported with their number and do not stop the rest; the exit code is then 1.',
    ],
    arguments: [
      { name: 'type', description: 'what kind of action this is, e.g. deploy; required without --batch' },
      {
        name: 'details',
        many: true,
        description: 'JSON, key=value pairs, plain text, or - for standard input',
      },
    ],
    options: {
      status: text('word', 'pending, executing, completed, failed, aborted or a synonym; default: completed'),
      id: text('id', 'id of the action; lines with the same id are one action'),
      run: text('key', 'key of the run the action belongs to; default: that of the daybook exec around'),
      file: text('path', 'read the details from a file instead'),
      batch: flag('read one action a line from standard input'),
    },
    examples: [
      {
        line: 'daybook action deploy target=production version=1.2.0',
        does: 'record with key=value details',
      },
      { line: `daybook action test '{"suite": "unit", "passed": 100}'`, does: 'record with JSON details' },
      { line: 'daybook action note "moved to the new host"', does: 'record plain text' },
      { line: 'daybook action train --id run-7 --status executing lr=0.1', does: 'record a beginning' },
      { line: 'daybook action train --id run-7 --status failed loss=null', does: 'record its end' },
      { line: 'make report | daybook action report -', does: 'details from standard input' },
      { line: 'daybook action --batch < events.ndjson', does: 'record many at once' },
    ],
    json: 'the line as it was written; with --batch {written, rejected: [{line, message}]}',
    exitCodes: [
      { code: '1', means: 'with --batch: some lines were rejected, the others are written' },
      { code: '1', means: 'the log could not be written: the error says where the record waits' },
    ],
    endsAtOnce: true,
  },
  exec: {
    summary: 'run a command and record how it went',
    description: [
      'Runs the command behind "--", records its start and its end (exit code, duration, last output lines) under one action id, and ends with its exit code. Input, output and signals pass through; an interrupted command is recorded as aborted.',
      'The command runs and its exit code is passed on whatever becomes of the recording: where the log or the receipt cannot be written (a full or read-only disk, something else in their place), one warning says so, and the records wait in the spool until the next recording takes them in. Only a line that makes no sense is refused.',
      'The last 20 lines of output (at most 4 KiB) and the whole command line are recorded: keep secrets out of both. Because the output passes through Daybook, the command sees a pipe instead of a terminal; --no-capture hands it the terminal and records no output.',
      'With --tty the command has a terminal of its own and draws colours, progress bars and questions as if it were started by hand; what it writes is recorded all the same, both streams as one. Where standard input, output or error is no terminal (a pipe, CI), it is as without. Ctrl-Z does not stop it, and what it leaves running in the background ends with it. The package @lydell/node-pty makes it, which npm installs along; where that is missing, a warning says so.',
      'The command finds DAYBOOK_BOOK, DAYBOOK_ACTION and, with --run or --lock, DAYBOOK_RUN and DAYBOOK_RUN_DIR in its environment: what it records by daybook.run() in Python, the library or this command line belongs to the same run (docs/runs.md).',
      'With --log, everything that the command writes is kept in output.log.gz in the folder of the run, or in snapshots/logs where it has none: both streams in the order in which their lines were finished, secrets masked, colours kept, progress bars as they stood last. Beyond --log-limit the first and the last half stay and the middle is counted. A line stands in the file a second later, whatever becomes of this process. Where the log cannot be written, a warning says so and the command goes on.',
      'With --sample 5s, what the command and all that it starts use is taken down every five seconds (processor, memory, disk; network and free memory of the machine; NVIDIA GPUs where there is nvidia-smi) into system.metrics.jsonl in the folder of the run, as metrics below system/ that its page shows beside the others (docs/runs.md). `exec: {sample: 5s}` in daybook.yaml asks for it for every command that is a run, but not in CI (where CI or GITHUB_ACTIONS is set) and not within another daybook exec.',
      'With --require-clean the command is not run, and nothing is recorded, where the work tree has changes that are not committed: that of the repositories named with --repo, else the one you are in. --warn-dirty says so and runs it (daybook lock says what counts).',
      'With --lock, code and inputs are taken before the command starts. What is known by then stands in the receipt as soon as the folder of the run is there, so that a run that is killed together with this process can be run again all the same; how it ended is added. Where git or the disk refuses that, the command runs all the same and standard error says that there is no receipt. A receipt that is there already stays: the new one gets a place of its own, results/a_2, and the action belongs to that run.',
    ],
    arguments: [{ name: 'type', required: true, description: 'what kind of action this is, e.g. build' }],
    passthrough: 'command',
    options: {
      id: text('id', 'id of the action; default: a new one'),
      run: text('key', 'key of the run the action belongs to; default: that of the daybook exec around'),
      log: flag('keep the whole output, compressed, as a file of the run'),
      'log-limit': text(
        'size',
        'with --log: how much text is kept, its first and last half; default: 16 MiB',
      ),
      sample: text(
        'time',
        'so often (1s to 1h), take down what the command uses, as metrics of the run; off: not at all, also where daybook.yaml says so',
      ),
      tty: flag('give the command a terminal of its own, where there is one to show it on'),
      'no-capture': flag('leave the terminal to the command and record no output'),
      lock: flag('issue a run.lock for the command, with what the options below say'),
      ...receiptOptions,
      ...treeOptions,
      output: texts('[name=]path', 'a file or folder the command writes: its digest goes into the receipt'),
    },
    examples: [
      { line: 'daybook exec build -- npm run build', does: 'record a build' },
      {
        line: 'daybook exec train --lock --repo . --data data/raw.csv --output results/a/model.pt --out results/a -- python train.py',
        does: 'record a run with its receipt',
      },
      {
        line: 'daybook exec train --run runs/a --log -- python train.py',
        does: 'keep its whole output, too',
      },
      {
        line: 'daybook exec train --run runs/a --sample 5s -- python train.py',
        does: 'and what it takes of the machine',
      },
      { line: 'daybook exec train --run lr-0.1 -- python train.py --lr 0.1', does: 'record a training run' },
      { line: 'daybook exec edit --no-capture -- vim notes.md', does: 'an interactive command' },
    ],
    json: 'nothing: standard output belongs to the command',
    exitCodes: [
      { code: 'n', means: 'the exit code of the command; 128 + the number of the signal that ended it' },
      { code: '127', means: 'the command was not found (recorded as failed)' },
      { code: '1', means: 'with --require-clean: the work tree is not clean, and the command was not run' },
    ],
  },
  periodic: {
    summary: 'take a periodic snapshot of the state',
    description: [
      'Runs all probes and writes snapshots/periodic_YYYYMMDD_HHMMSS.json and its copy latest_periodic.json. A probe that fails or takes too long leaves an error in its section; the snapshot is taken all the same.',
      'With --require-clean nothing is taken where the repository you are in has changes that are not committed (daybook lock says what counts).',
    ],
    arguments: [],
    options: treeOptions,
    examples: [
      { line: 'daybook periodic', does: 'take one now' },
      { line: 'daybook periodic --json | jq .system_state', does: 'take one and look at a section' },
    ],
    json: 'the snapshot',
  },
  redact: {
    summary: 'take something out of a record for good',
    description: [
      'Removes what stands at a path of an action or periodic snapshot, or all details and the error of an action, from every file that has it: the log and its archived segments (also while others append), files of single actions, snapshots, details in blobs, caches, what repairs kept. Of a snapshot that retention rules thinned out it takes the field out of the roll-up that stands for it, whatever snapshot of it the values came from. The record stays under its id with a tombstone (when, by whom, which path; never what) and a new checksum; a merge or sync does not bring the old line back.',
      'Says where else in the book the same text stands, and which commits and refs of git still hold it. A site that is published already has to be built again, and a secret that was public has to be revoked.',
    ],
    arguments: [
      { name: 'id', required: true, description: 'id of the action or snapshot, as daybook all shows it' },
      {
        name: 'path',
        description:
          'what to take out, e.g. details.note or system_state.host; all details and the error of an action where it is left out',
      },
    ],
    options: {},
    examples: [
      { line: 'daybook redact action_20251222_022057_454420 details.note', does: 'one place' },
      { line: 'daybook redact run-7', does: 'all details of an action' },
    ],
    json: '{id, path, at, by, files, remaining, rolled: [{id, path}], history: {versions, commits, refs} | null, openIn}',
  },
  sync: {
    summary: "commit the book's own files and push them",
    description: [
      'Commits the book (snapshots/, daybook.yaml and .gitattributes, nothing else) through a private index, so that what you staged and changed stays as it is, and pushes. When someone else pushed first it merges both books and tries again, for minutes if need be; in the meantime its commit waits under refs/daybook-queue/ at the remote, where the one who wins takes it along.',
      'A merge never overwrites or drops a file: logs get the lines of both sides, and of two files with one name ours takes the next free one (_2, _3; versions -2, -3). What was changed on both sides and cannot be merged (daybook.yaml) stays as it is on each, is named, and the exit code is 4.',
      'Where git is kept from committing files of the book (ignore rules at any level, filters such as LFS or git-crypt, skip-worktree, links, nested repositories), the rest is published and sync fails, naming rule, file and line and what helps; so does daybook doctor.',
      'With sync.branch in daybook.yaml (daybook init --github writes "daybook") the book lies on a branch of its own: the branch that is checked out, its index and its work tree get no commit and no change. Nothing of git\'s ignore rules or filters holds for it there. --restore brings it into a fresh clone, shallow ones too, before anything is recorded; --move takes a book there that is committed on the branch that is checked out. History older than sync.history becomes one commit.',
      'With --per-writer nothing is fetched or merged: what is new here goes to refs/daybook/w/<writer>, which nobody else writes, so that any number of machines push at once; daybook collect puts it into the book.',
      'Records that wait in the spool are taken into the book first; where that cannot be, the rest is published and sync fails, saying what waits and why.',
      'Files of runs (run.lock, metadata.json, experiment files, metrics) lie among your own and stay where they are; one line says how many. A book on a branch of its own takes them along with sync.runs in daybook.yaml: ledgers and metrics of several writers are joined, of two different receipts both are kept, and all of it is masked; docs/runs.md says more. Ledgers are left whole first.',
    ],
    arguments: [],
    options: {
      remote: text('name', 'remote to push to; default: origin'),
      branch: text('name', 'branch to push to; default: sync.branch in daybook.yaml, else the current one'),
      message: text('text', 'message of the commit'),
      'no-push': flag('commit only'),
      'per-writer': flag('push what was recorded here to a ref of its own, for daybook collect to take in'),
      stats: flag('show how the book in git has grown, and what a shorter history would save'),
      restore: flag('only bring the book here from a branch of its own'),
      move: flag('move the book to a branch of its own, and out of the one that is checked out'),
    },
    examples: [
      { line: 'daybook sync', does: 'commit and push' },
      { line: 'daybook sync --no-push', does: 'commit only' },
      { line: 'daybook sync --restore', does: 'bring the book from its branch into a fresh clone' },
    ],
    exitCodes: [
      {
        code: '1',
        means: 'it could not be done, or not all of the book was published; the message says what was',
      },
      { code: '4', means: 'a file was changed on both sides and cannot be merged; ours is not published' },
    ],
    json: 'what was committed and pushed',
  },
} as const satisfies Commands;
