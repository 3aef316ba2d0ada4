import { z } from 'zod';
import { knownStatusWords } from './status.ts';

const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .describe('UTC time with microseconds, e.g. 2025-12-22T02:20:57.454420Z');

const shortText = z.string().min(1).max(200);

/** Who wrote a line and where. */
const sourceSchema = z
  .object({
    host: z.string().optional().describe('Name of the machine'),
    pid: z.number().int().optional().describe('Process id of the writer'),
    ci: z.string().optional().describe('Name of the CI provider, e.g. github-actions'),
    url: z.string().optional().describe('http(s) address of the CI run'),
    commit: z.string().optional().describe('Full id of the commit that was checked out'),
    branch: z.string().optional().describe('Branch that was checked out'),
    action: z
      .string()
      .optional()
      .describe('Id of the action that it was recorded within, where DAYBOOK_ACTION named one'),
    import: z.string().optional().describe('Id of the import that it came by (daybook import)'),
    from: z.string().optional().describe('File and line that it was imported from'),
  })
  .describe('Who wrote the line and where; every field is optional');

/** What a line keeps of details that lie in snapshots/blobs. */
export const blobReferenceSchema = z
  .object({
    $blob: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe('Digest of the file snapshots/blobs/<digest>.json'),
    bytes: z.number().int().describe('Size of that file in bytes'),
    preview: z.string().describe('How the details begin'),
  })
  .describe('Stands in place of details that are too large for a line of 64 KiB');

/** One line of action_log.jsonl as Daybook writes it. */
export const actionLineSchema = z
  .object({
    snapshot_id: z
      .string()
      .regex(/^action_\d{8}_\d{6}_\d{6}_[0-9a-f]{6}$/)
      .describe('Unique id: action_, UTC date, time and microseconds, six random hex digits'),
    snapshot_type: z.literal('action').describe('Always "action"'),
    timestamp: time.describe('When the line was written, UTC with microseconds'),
    run: shortText.optional().describe('Key of the run the action belongs to'),
    source: sourceSchema.optional(),
    metadata: z
      .object({
        generated_by: z.string().describe('Name of the program that wrote the line'),
        version: z.string().describe('Version of that program'),
      })
      .describe('Which program wrote the line'),
    action: z
      .object({
        type: shortText.describe('What was done, free text, e.g. deploy'),
        status: z
          .enum(knownStatusWords as [string, ...string[]])
          .or(z.string())
          .describe('How it stands; another word where it was imported, shown as unknown'),
        started_at: time.describe('When the action began'),
        id: shortText.optional().describe('Lines with the same id are one action'),
        ended_at: time.optional().describe('When the action ended'),
        duration_ms: z.number().optional().describe('How long it took, in milliseconds'),
        error: z.string().optional().describe('What went wrong, at most some 4,000 characters'),
        details: z
          .json()
          .describe('Anything else, any JSON value; large ones are replaced by a blob reference'),
      })
      .describe('The action itself'),
    checksum: z
      .string()
      .regex(/^crc32:[0-9a-f]{8}$/)
      .describe('CRC-32 of all bytes of the line before `,"checksum"`; always the last field'),
  })
  .describe('One line of snapshots/action_log*.jsonl: one event of an action');
