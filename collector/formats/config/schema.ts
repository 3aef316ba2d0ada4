import { z } from 'zod';
import { parseSampleTime } from '../metrics/samples.ts';
import { parseDuration } from '../schedule/duration.ts';
import { parseSchedule } from '../schedule/schedule.ts';
import { alertsSchema } from './alerts.ts';
import { budgetsSchema } from './budgets.ts';
import { importMapsSchema } from './import-maps.ts';
import { runsSchema } from './run-places.ts';
import { siteSchema } from './site.ts';
import { readSize } from './size.ts';
import { trendsSchema } from './trends.ts';

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, { error: 'a duration such as "10s" or "30 minutes"' });

const cron = z.string().superRefine((text, context) => {
  const read = parseSchedule(text);
  if ('problem' in read) {
    context.addIssue({ code: 'custom', message: `an interval or a cron expression (${read.problem})` });
  }
});

const asDescription =
  "How the text becomes a section: json, yaml or text. Left out, a file is read by its ending, and a command's output is JSON where it is valid JSON, else text.";

const probe = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, {
        error: 'a name of letters, digits, "_" and "-", beginning with a letter',
      })
      .describe('Name of the section in the snapshot; the names of built-in sections are taken.'),
    command: z
      .union([z.string().min(1), z.array(z.string()).min(1)], {
        error: 'a command line, or a list of program and arguments',
      })
      .optional()
      .describe('Command whose output becomes the section. A text is run by the shell, a list without one.'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File whose content becomes the section, relative to the book.'),
    glob: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
        error: 'a pattern, or a list of patterns',
      })
      .optional()
      .describe(
        'Patterns of files, relative to the book; the section says how many there are and their total size.',
      ),
    as: z.enum(['json', 'yaml', 'text']).optional().describe(asDescription),
    timeout: duration.optional().describe('Time limit of this probe, e.g. "30s"; 10 seconds if left out.'),
  })
  .refine(
    (value) => [value.command, value.file, value.glob].filter((source) => source !== undefined).length === 1,
    {
      error: 'exactly one of command, file and glob',
    },
  )
  .refine((value) => value.as === undefined || value.glob === undefined, {
    error: 'no "as" beside glob, which gives numbers',
  });

const scheduleObject = z
  .strictObject({
    cron: cron.optional().describe('Cron expression of five fields, in UTC, e.g. "*/30 * * * *".'),
    every: cron.optional().describe('Interval, aligned to the clock, e.g. "30 minutes".'),
    tolerance: duration
      .optional()
      .describe(
        'How late a snapshot still counts as on time; half the interval, at most an hour, if left out.',
      ),
  })
  .refine((value) => (value.cron === undefined) !== (value.every === undefined), {
    error: 'either cron or every',
  });

const redaction = z.strictObject({
  keys: z
    .array(z.string().min(2).max(60))
    .max(100)
    .optional()
    .describe('Further names whose values are masked, in any case and with any separators.'),
  mask: z
    .enum(['on', 'off'])
    .optional()
    .describe('Whether anything is masked before it is written: on (default) or off.'),
  allow: z
    .array(z.string().min(1).max(300))
    .max(200)
    .optional()
    .describe(
      'Secrets that a build may publish: rules by their names (github-token), or files of the book as patterns (runs/old/**).',
    ),
});

const receipts = z.strictObject({
  environment: z
    .array(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: 'the name of an environment variable' }),
    )
    .max(100)
    .optional()
    .describe('Environment variables whose values receipts record; none if left out.'),
  dirty: z
    .enum(['allow', 'warn', 'refuse'])
    .optional()
    .describe(
      'What becomes of a receipt whose repository has changes that are not committed: it is issued ("allow", if left out), issued with a warning, or refused.',
    ),
});

const exec = z.strictObject({
  sample: z
    .string()
    .refine((text) => parseSampleTime(text) !== undefined, {
      error: 'a duration from "1s" to "1h", such as "5s"',
    })
    .optional()
    .describe(
      'How often `daybook exec` samples what the command of a run uses, e.g. "5s" (1s to 1h); not at all if left out, and never in CI.',
    ),
});

const retention = z
  .strictObject({
    count: z.int().min(1).optional().describe('Keep at most so many, the newest.'),
    age: duration.optional().describe('Keep nothing older, e.g. "90d".'),
    thin: z
      .boolean()
      .optional()
      .describe('Keep all of the last day, the last of each hour for a week and of each day for a year.'),
  })
  .describe('Several rules hold together; the newest and whatever is tagged always stay.');

const archive = z.strictObject({
  by: z
    .string()
    .refine((text) => text === 'month' || readSize(text) !== undefined, {
      error: 'month, or a size from 4K upwards, such as "64MB"',
    })
    .optional()
    .describe('What makes a segment: a month of UTC (default), or so many bytes of the log, e.g. "64MB".'),
  keep: duration
    .optional()
    .describe(
      'What stays in the log: everything younger, or months that were not over then; "7d" if left out.',
    ),
});

const runsInSync = z.strictObject({
  metrics: z
    .union([z.boolean(), z.string().refine((text) => readSize(text) !== undefined)], {
      error: 'true, false, or a size from 4K on, e.g. "5MB"',
    })
    .optional()
    .describe('Files of metrics up to this size each; "5MB" if left out or true, none with false.'),
  code: z
    .boolean()
    .optional()
    .describe(
      'Push the recorded code of receipts (refs/daybook/runs), too: whole work trees with untracked files, as they are and not masked. False if left out.',
    ),
});

const sync = z.strictObject({
  branch: z
    .string()
    .regex(/^(?![-/.])(?!.*(\.\.|@\{|\/\/|\.lock$|[/.]$))[^\s~^:?*[\\]{1,200}$/, {
      error: 'the name of a branch, or "current"',
    })
    .optional()
    .describe(
      'Branch of its own that the book lies on, such as "daybook"; "current" or "none" (if left out) commits it on the branch that is checked out.',
    ),
  history: duration
    .optional()
    .describe(
      'How much history that branch keeps, e.g. "90d"; older commits become one. All of it if left out.',
    ),
  runs: z
    .union([z.boolean(), runsInSync], { error: 'true, false, or a map with metrics and code' })
    .optional()
    .describe(
      'Whether a book on a branch of its own takes files of runs along: receipts, ledgers, experiment files, metrics. Left out, sync says what stays behind; false ends that line.',
    ),
});

/** daybook.yaml as a user writes it; docs and the published JSON Schema come from here. */
export const configSchema = z.strictObject({
  title: z.string().min(1).optional().describe('Name of the book; the name of its folder if left out.'),
  schedule: z
    .union([cron, scheduleObject], { error: 'an interval, a cron expression, or a map with cron or every' })
    .optional()
    .describe(
      'When periodic snapshots are expected: "30m", "every 30 minutes", a cron expression in UTC, or a map.',
    ),
  probes: z.array(probe).max(100).optional().describe('Sections of your own in every periodic snapshot.'),
  durability: z
    .enum(['sync', 'batch', 'os'])
    .optional()
    .describe(
      'When a written line is safe: sync = flushed at once, batch = within 50 ms, os = left to the system (default).',
    ),
  actionFiles: z
    .boolean()
    .optional()
    .describe(
      'Whether every action is also written as a file of its own, action_<id>.json; false if left out.',
    ),
  redaction: z
    .union([z.enum(['on', 'off']), redaction], { error: 'on, off, or a map with keys' })
    .optional()
    .describe(
      'Whether what looks like a secret is masked before it is written: on (default), off, or a map.',
    ),
  receipts: receipts.optional().describe('What receipts record beside code, data and configuration.'),
  exec: exec.optional().describe('What `daybook exec` does for every command.'),
  runs: runsSchema.optional().describe('Where runs are looked for.'),
  retention: retention
    .optional()
    .describe(
      'What `store prune` keeps of versions and snapshots, and `archive` of snapshots (which leaves roll-ups of the others); nothing is pruned by itself.',
    ),
  archive: archive
    .optional()
    .describe(
      'What `daybook archive` moves into compressed segments: old lines of the log, and snapshots of months that are over; nothing is moved by itself.',
    ),
  sync: sync.optional().describe('Where `daybook sync` keeps the book.'),
  alerts: alertsSchema
    .optional()
    .describe(
      'Who is told of what by `daybook alert`: a list of rules (docs/alerts.md); nobody if left out.',
    ),
  trends: trendsSchema
    .optional()
    .describe('What `daybook trend` makes series of, and what counts as a change (docs/trends.md).'),
  budgets: budgetsSchema
    .optional()
    .describe('What numbers may be, and how much worse they may become: rules of `daybook check --budget`.'),
  imports: importMapsSchema
    .optional()
    .describe(
      'Mappings for `daybook import --map <name>`: a map of names and texts such as "time=ts,type=event" (docs/import.md).',
    ),
  site: siteSchema.optional().describe('How the dashboard presents the book.'),
  books: z
    .record(z.string(), z.string().min(1).max(1000))
    .optional()
    .describe(
      'Several books that `daybook build` shows together: a map of names and folders, relative to this file (docs/fleet.md).',
    ),
});

/** What the schema accepts. */
export type ConfigInput = z.infer<typeof configSchema>;
