import { count, flag, oneOf, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that show what is in the book. */
export const readCommands = {
  summary: {
    summary: 'count what the book holds',
    description: ['Counts actions and snapshots, statuses, findings and bytes.'],
    arguments: [],
    options: {},
    examples: [{ line: 'daybook summary', does: 'show the counts' }],
    json: '{total_snapshots, action_snapshots, periodic_snapshots, latest_action, latest_periodic} as the original (times in seconds since 1970, null where there is none), and {title, root, first_action_at, latest_action_at, latest_periodic_at, by_status, by_type, runs: {total, by_status, stale}, recording: {state, newest_snapshot, overdue, overdue_since, silent, silent_ms, expected, due, missed, last_gap}, findings, log, bytes}; the state of the recorder is running, late, silent, disabled, waiting or unscheduled',
    endsAtOnce: true,
  },
  latest: {
    summary: 'show the newest periodic snapshot',
    description: ['Shows the newest periodic snapshot, section by section.'],
    arguments: [],
    options: {},
    examples: [
      { line: 'daybook latest', does: 'show it for reading' },
      { line: 'daybook latest --json', does: 'show it whole' },
    ],
    json: 'the snapshot',
    endsAtOnce: true,
  },
  actions: {
    summary: 'list the newest actions',
    description: [
      'Lists the newest actions, newest first. Lines that share an action id are one action, shown by its newest line; --lines shows every line. Reads only the end of the log, however large it is.',
      'Conditions are about the line that is shown, and all of them have to be fulfilled; of several types, or several statuses, one. The lines of a large log are found by an index in .daybook/, which is made when it is first needed.',
    ],
    arguments: [{ name: 'n', description: 'how many; default: 10' }],
    options: {
      lines: flag('show every line of the log instead of joining those of one action'),
      type: texts('type', 'only this type, "*" stands for any letters; may be given several times'),
      status: texts('status', 'only this status: completed, failed, running, …; may be given several times'),
      since: text('time', 'only since then: "2026-01-03", "2026-01-03T10:00Z", or "12h", "30d", "8w" ago'),
      grep: text('text', 'only lines with this text somewhere, letter for letter'),
    },
    examples: [
      { line: 'daybook actions', does: 'the newest 10' },
      { line: 'daybook actions 50', does: 'the newest 50' },
      {
        line: 'daybook actions --type "deploy*" --status failed --since 30d',
        does: 'deployments that failed',
      },
      { line: 'daybook actions --grep "disk full"', does: 'what speaks of a full disk' },
    ],
    json: 'an array of lines as they stand in the log, newest first',
    endsAtOnce: true,
  },
  all: {
    summary: 'list every snapshot',
    description: ['Lists every snapshot of the book, newest first: periodic ones and actions.'],
    arguments: [],
    options: {
      type: oneOf('kind', ['periodic', 'action'], 'only "periodic" or only "action"'),
    },
    examples: [
      { line: 'daybook all', does: 'everything' },
      { line: 'daybook all --type periodic', does: 'only periodic snapshots' },
    ],
    json: 'an array of {snapshot_id, key, snapshot_type, timestamp, status, label, file, line}, newest first',
  },
  view: {
    summary: 'show one record by its id',
    description: [
      'Shows one record whole: a periodic snapshot by its id, or an action by its snapshot id or its action id. "latest" is the newest periodic snapshot. Of a snapshot that retention rules thinned out it shows the roll-up that stands for it.',
    ],
    arguments: [{ name: 'id', required: true, description: 'id of a snapshot or an action' }],
    options: {},
    examples: [
      { line: 'daybook view periodic_20251222_022049', does: 'a periodic snapshot' },
      { line: 'daybook view action_20251222_022057_454420', does: 'an action' },
    ],
    json: 'the record; of a thinned snapshot the roll-up',
  },
  tail: {
    summary: 'follow the log',
    description: ['Shows the newest actions and then every new one as it is recorded, until interrupted.'],
    arguments: [],
    options: {
      lines: count('n', 'how many to show first; default: 10', {
        short: 'n',
        least: 0,
        most: 1_000_000,
        otherwise: 10,
      }),
    },
    examples: [
      { line: 'daybook tail', does: 'follow' },
      { line: 'daybook tail --lines 0 --json', does: 'only new ones, one JSON object a line' },
    ],
    json: 'one line of the log per line (newline-delimited JSON)',
  },
  doctor: {
    summary: 'check the book and mend it',
    description: [
      'Reads everything and lists findings by kind: what to do, and below it each place with file and line, the first five of many. Errors hide data, warnings may, notes are only worth knowing.',
      '--repair mends what can be mended without losing a byte: it moves away pieces of lines that killed writers left in the log and of which no record is missing, closes a torn last line, writes latest_periodic.json again and moves leftover temporary files away whose writer has ended. Other processes may go on recording in the meantime. Whatever it changes or moves is first copied to .daybook/quarantine/.',
      '--quick takes from .daybook/ what was noticed of the log, of snapshots and of files of metrics that are as they were when they were last read, and leaves out details that lie outside of the log and the content of versions.',
    ],
    arguments: [],
    options: {
      repair: flag('mend what can be mended without losing a byte'),
      quick: flag('read only what has changed since it was last read'),
      all: flag('list every place, also of kinds with more than five'),
    },
    examples: [
      { line: 'daybook doctor', does: 'check' },
      { line: 'daybook doctor --quick', does: 'check what is new' },
      { line: 'daybook doctor --repair', does: 'check, mend, check again' },
    ],
    json: '{findings, counts: {error, warning, note}, repairs}',
    exitCodes: [{ code: '4', means: 'there are errors or warnings' }],
  },
  build: {
    alias: 'dashboard',
    summary: 'build the dashboard',
    description: [
      'Builds the dashboard into dashboard/. It opens by double-click and works below any address. Its cache is in .daybook/.',
      '--single-file makes one HTML file of it (dashboard.html) that opens from an attachment of a mail and asks for nothing: pages, data, style and scripts stand in it. With --run it holds the pages of the chosen runs, their table and them side by side, with --since what happened since then. Its size is said, and above 20 MB what takes the most of it.',
      '--zip packs the whole dashboard into one archive (dashboard.zip), the same bytes for the same dashboard.',
      '--book name=folder, given several times, builds the dashboard of each book into a folder of its name and a first page of all of them: silent ones first, then those with failures, and what failed in all. daybook.yaml may list them as books, and then daybook build needs no option; --no-books builds the one book all the same. A book that cannot be read is a row that says why.',
      '--verbose says at the end what each part of the build took: its time, how many files of the dashboard it wrote, how many stand as an earlier build wrote them, and the bytes that were written.',
    ],
    arguments: [],
    options: {
      out: text(
        'place',
        'where to put it; default: dashboard/ in the book, dashboard.html for one file, dashboard.zip for an archive',
      ),
      open: flag('open it in the browser afterwards'),
      'single-file': flag('make one HTML file of it, to be sent'),
      zip: flag('pack all of it into one archive'),
      verbose: flag('print what each part of the build took'),
      book: texts('name=folder', 'build this book as one of several; may be given several times'),
      'no-books': flag('build this book alone, whatever books daybook.yaml lists'),
      run: texts('key', 'with --single-file: only this run; may be given several times'),
      since: text(
        'time',
        'with --single-file: only what happened since: "2026-01-03", "2026-01-03T10:00Z", or "12h", "30d", "8w" ago',
      ),
    },
    examples: [
      { line: 'daybook build', does: 'build' },
      { line: 'daybook build --out public --open', does: 'build into public/ and look at it' },
      { line: 'daybook build --single-file --since 30d', does: 'one file with the last 30 days' },
      {
        line: 'daybook build --single-file --run runs/a --run runs/b --out two-runs.html',
        does: 'one file with two runs',
      },
      {
        line: 'daybook build --book site=../site --book gpu=/srv/gpu --out all-books',
        does: 'one dashboard of two books',
      },
    ],
    json: '{out, index, address, pages, actions, snapshots, runs, findings, durationMs, phases: [{phase, ms, written, reused, bytes}], reused}; of one file {out, address, bytes, shares: [{what, bytes}], warning, part, …} without index; of an archive {out, bytes, …}; of several books {out, index, address, title, sentence, books: [{name, root, state, sentence, problem, where, hint, site}], durationMs}',
    exitCodes: [{ code: '4', means: 'one of several books could not be built; the others were' }],
  },
  serve: {
    summary: 'serve the dashboard here, live while work runs',
    description: [
      'Builds the dashboard and serves it on 127.0.0.1 (this machine only). Pages that are open are live: points of running runs appear in their curves as they are logged, and how runs stand. The dashboard is built again, in a process of its own, when the book changes. Takes another port when the wanted one is taken. docs/live.md has more.',
    ],
    arguments: [],
    options: {
      port: count('number', 'port to try first; default: 4141', { least: 0, most: 65_535, otherwise: 4141 }),
      open: flag('open it in the browser'),
    },
    examples: [{ line: 'daybook serve --open', does: 'serve and look at it' }],
    json: '{url} once, as soon as it is served',
  },
} as const satisfies Commands;
