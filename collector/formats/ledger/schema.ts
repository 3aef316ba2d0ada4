import { z } from 'zod';
import { ledgerStatuses } from './record.ts';

const status = z.enum(ledgerStatuses);

/** Time in a ledger; like the original it leaves out a fraction of zero. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$/)
  .describe('UTC time without a zone');

const record = z
  .looseObject({
    status: status.describe('How the run stands'),
    param_hash: z
      .union([z.string(), z.number().int(), z.null()])
      .describe('sha256 of the parameters in hex digits; integers in old ledgers; null without parameters'),
    files: z.record(z.string(), z.string()).describe('Paths by name'),
    timestamp_status_lst: z
      .array(z.tuple([time, status.describe('The word')]))
      .describe('Every change of status as [time, status], oldest first'),
  })
  .describe('One run');

/** metadata.json as the original and Daybook write it. */
export const ledgerSchema = z
  .record(
    z.string().describe('identifier'),
    z.record(
      z.string().describe('relpath'),
      z.record(z.string().regex(/^\d+$/).describe('uid'), record).describe('Runs by uid, zero-padded digits'),
    ),
  )
  .describe('metadata.json, or another file that is named: a ledger, the register of runs');

const sealed = {
  checksum: z
    .string()
    .describe('CRC-32 of all bytes of the line before `,"checksum"`; always the last field'),
};

const zonedTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

const header = z
  .strictObject({
    journal: z.string().describe('Unique id of this journal'),
    ledger: z.string().describe('Name of the ledger it belongs to, beside it'),
    shared: z.boolean().describe('Whether other programs were seen to write the ledger'),
    version: z.literal(1).describe('Which form this is'),
    moved: z
      .array(
        z.strictObject({
          identifier: z.string().describe('Which run: identifier'),
          relpath: z.string().describe('Which run: relpath'),
          uid: z.string().describe('The uid it was given'),
          to: z.string().describe('The uid it has'),
          born: zonedTime.describe('When it was allocated'),
          at: zonedTime.describe('When it was moved'),
        }),
      )
      .optional()
      .describe('Runs that lately had to take another uid'),
    ...sealed,
  })
  .describe('The first line');

const operation = z
  .strictObject({
    op: z.enum(['allocate', 'log', 'seen']).describe('A new run; status and files of one; a sign of life'),
    id: z.string().describe('Unique id of the line'),
    identifier: z.string().describe('Which run: identifier'),
    relpath: z.string().describe('Which run: relpath'),
    uid: z.string().describe('Which run: uid'),
    at: zonedTime.describe('When, UTC with microseconds'),
    born: zonedTime
      .optional()
      .describe('When the run was allocated, which tells runs of one uid apart; missing on allocate'),
    status: status.optional().describe('The new status'),
    param_hash: z
      .string()
      .nullable()
      .optional()
      .describe('sha256 of the parameters, or null: on allocate, and of a run that had been removed'),
    files: z
      .array(z.tuple([z.string().describe('Name'), z.string().describe('Path')]))
      .optional()
      .describe('New files as [name, path]'),
    by: z
      .strictObject({
        pid: z.number().int().optional().describe('Process id'),
        host: z.string().describe('Name of the machine'),
        start: z.string().optional().describe('When the process began, in the words of that machine'),
      })
      .optional()
      .describe('Who runs it'),
    whole: z.literal(true).optional().describe('The ledger itself has it, too'),
    ...sealed,
  })
  .describe('Every other line');

/** One line of metadata.journal.jsonl. */
export const ledgerJournalSchema = z
  .union([header, operation])
  .describe('One line of metadata.journal.jsonl: what was done since the ledger was last written whole');
