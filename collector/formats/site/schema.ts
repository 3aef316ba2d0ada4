import { z } from 'zod';
import { displayStatuses } from '../actions/status.ts';
import { findingSchema } from '../findings/schema.ts';

const count = (what: string) => z.int().min(0).describe(what);
const time = (what: string) =>
  z.string().nullable().describe(`${what}, ISO 8601 in UTC; null where there is none`);
const seconds = (what: string) => z.number().nullable().describe(`${what}, in seconds since 1970`);
const byStatus = (what: string) =>
  z
    .object(Object.fromEntries(displayStatuses.map((status) => [status, count(`How many are ${status}`)])))
    .describe(what);
const severities = z
  .object({
    error: count('How many hide data'),
    warning: count('How many may'),
    note: count('How many are worth knowing'),
  })
  .describe('How many findings there are of which weight');

const gap = z
  .object({ from: time('Its first slot'), to: time('Its end'), missed: count('Slots in it') })
  .nullable()
  .describe('The newest stretch of missed slots');

/** api/summary.json: what `daybook summary --json` prints, but for the folder, and what is known of the site. */
export const siteSummarySchema = z
  .object({
    total_snapshots: count('Lines of the log that could be read, and periodic snapshots'),
    action_snapshots: count('Lines of the log that could be read'),
    periodic_snapshots: count('Periodic snapshots that could be read'),
    latest_action: seconds('When the newest action began'),
    latest_periodic: seconds('When the newest snapshot was taken'),
    actions: count('Actions: lines that share an action id are one'),
    title: z.string().describe('What the book is called'),
    first_action_at: time('When the first action began'),
    latest_action_at: time('When the newest action began'),
    latest_periodic_at: time('When the newest snapshot was taken'),
    by_status: byStatus('Actions by their status'),
    by_type: z
      .array(z.object({ type: z.string().describe('The type'), count: count('How many actions have it') }))
      .describe('The ten most frequent types'),
    runs: z
      .object({
        total: count('All runs'),
        by_status: byStatus('Runs by their status'),
        stale: count('Runs that say they run although who ran them is gone'),
      })
      .describe('The runs of the book'),
    recording: z
      .object({
        state: z
          .enum(['unscheduled', 'waiting', 'running', 'late', 'silent', 'disabled'])
          .describe('How what takes the snapshots stood at the build'),
        newest_snapshot: time('When the newest snapshot of the schedule was taken'),
        overdue: count('Slots in a row, up to the build, without a snapshot'),
        overdue_since: time('The first of them'),
        silent: z.boolean().describe('Whether nothing has been recorded for longer than is usual here'),
        silent_ms: z.number().describe('For how long, in milliseconds'),
        expected: z.string().nullable().describe('The schedule in words; null where there is none'),
        due: count('Slots that are over, of the newest ones'),
        missed: count('How many of them were missed'),
        last_gap: gap,
      })
      .describe('Whether the book is still recorded to'),
    findings: severities,
    log: z
      .object({
        files: count('Files of the log'),
        lines: count('Their lines'),
        broken: count('Lines that could not be read'),
        repeated: count('Lines that stand there twice'),
      })
      .describe('The log'),
    bytes: z.object({ log: count('Of the log'), periodic: count('Of periodic snapshots') }).describe('Sizes'),
    site: z
      .object({
        built_at: time('When this site was built: all of it is as of then'),
        version: z.string().describe('The version of Daybook that built it'),
        address: z.string().nullable().describe('Where it is published, as daybook.yaml says'),
        repository: z.string().nullable().describe('Where its code lies'),
        versions: count('Stored versions'),
      })
      .describe('This site'),
  })
  .describe('The counts of a book');

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const run = z
  .looseObject({
    key: z.string().describe('Unique in the book'),
    name: z.string().describe('Its last part'),
    slug: z.string().describe('Name of its page: runs/<slug>.html'),
    place: z.string().describe('Its folder in the book'),
    status: z.enum(displayStatuses).describe('How it stands'),
    status_word: z.string().describe('What its file says'),
    at: time('The time that it is ordered by'),
    zoneless: z.boolean().describe('Whether its files give no zone, so that UTC was taken'),
    params: z.record(z.string(), scalar).describe('Parameters'),
    metrics: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .describe('Best or last values; "NaN" and infinities are texts'),
    stale: z
      .object({ since: time('The last sign of life'), why: z.string().describe('How that is known') })
      .nullable()
      .describe('Set where it says it runs although who ran it is gone'),
  })
  .describe('A run under the keys of `daybook runs --json`, without what only whole records have');

/** api/runs.json. */
export const siteRunsSchema = z
  .object({
    total: count('All runs of the book'),
    by_status: byStatus('All runs by their status'),
    stale: count('Runs that say they run although who ran them is gone'),
    receipts: z.record(z.string(), count('How many')).describe('How many receipts stand how'),
    columns: z
      .array(z.looseObject({ name: z.string().describe('Its name') }))
      .describe('Every parameter and metric with its range'),
    listed: count('How many stand in `newest`; data/runs has all'),
    newest: z.array(run).describe('The newest runs'),
    running: z.array(run).describe('Runs that go on, at most 20'),
    failed: z.array(run).describe('The newest that failed, at most 20'),
    stale_runs: z.array(run).describe('The newest that are stale, at most 20'),
  })
  .describe('The newest runs, and counts of all');

/** api/findings.json. */
export const siteFindingsSchema = z
  .object({
    findings: z.array(findingSchema).describe('The findings, at most 2,000'),
    counts: severities,
    left: count('How many more there are'),
  })
  .describe('What was noticed in the files of the book; `daybook doctor --json` lists all');

/** api/index.json. */
export const siteIndexSchema = z
  .object({
    files: z
      .array(
        z.object({
          path: z.string().describe('Path from the folder of this file'),
          about: z.string().describe('What is in it'),
          schema: z.string().optional().describe('Path of its JSON Schema from the folder of this file'),
        }),
      )
      .describe('The data files of the site'),
    schemas: z.array(z.string()).describe('All JSON Schemas, also of the files of a book'),
  })
  .describe('What a site has for programs');

const done = (when: string) =>
  z
    .object({ actions: count('Actions that began then'), failed: count('How many of them failed') })
    .describe(when);

const fleetBook = z
  .object({
    name: z.string().describe('What it is called here; its site lies in the folder of this name'),
    title: z.string().optional().describe('What it is called itself'),
    state: z.enum(['unread', 'silent', 'empty', 'failing', 'uneasy', 'well']).describe('How it stands'),
    sentence: z.string().describe('The first sentence of its Overview, or why it could not be built'),
    facts: z.array(z.string()).optional().describe('What its Overview says behind that'),
    problem: z.string().nullable().describe('Why it could not be built; null where it was'),
    href: z.string().optional().describe('Its first page, from the top of the site'),
    api: z.string().optional().describe('Its list of data files, from the top of the site'),
    built_at: time('When its site was built; of one that could not be built, that of an earlier build'),
    silent_since: time(
      'Since when nothing, or no snapshot, was recorded, of a book that is silent',
    ).optional(),
    latest_at: time('When something was last recorded').optional(),
    latest_action_at: time('When the newest action began').optional(),
    latest_periodic_at: time('When the newest snapshot was taken').optional(),
    since_yesterday: done('Yesterday and today, as days of UTC').optional(),
    last_7_days: done('The seven days of UTC that end today').optional(),
  })
  .describe('A book; what is optional is known only of those that were built');

const fleetFailure = z
  .object({
    book: z.string().describe('The name of its book'),
    kind: z.enum(['action', 'run']).describe('What failed'),
    key: z.string().describe('Unique in its book'),
    type: z.string().describe('The type of an action, the name of a run'),
    status: z.enum(displayStatuses).describe('How it ended'),
    status_word: z.string().describe('What its file says'),
    summary: z.string().describe('One line of text made from its details'),
    error: z.string().nullable().describe('Its error, where it has one'),
    href: z.string().describe('Its place, from the top of the site'),
    at: time('When it began'),
  })
  .describe('An action or a run that failed or was aborted');

/** api/fleet.json of a site of several books. */
export const siteFleetSchema = z
  .object({
    title: z.string().describe('What the books are called together'),
    built_at: time('When the page of all books was built'),
    version: z.string().describe('The version of Daybook that built it'),
    sentence: z.string().describe('The worst things that are true of the books'),
    facts: z.array(z.string()).describe('What else is to be said'),
    states: z.record(z.string(), count('How many books')).describe('How many books are in each state'),
    books: z.array(fleetBook).describe('The books, those first that need someone'),
    failures: z.array(fleetFailure).describe('The newest failures of all books, at most 50'),
  })
  .describe('How several books stand');
