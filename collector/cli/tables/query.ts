import { standardNames } from '../../documents/standards.ts';
import { viewNames } from '../../operations/query/views.ts';
import { count, flag, oneOf, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that hand out what the book holds to be looked at otherwise. */
export const queryCommands = {
  query: {
    summary: 'ask a question in SQL',
    description: [
      `Asks a question in SQL (that of DuckDB) of the views ${viewNames.join(', ')}; docs/query.md lists their columns, and ten questions. Only views that the question names are read. It reads nothing else: files, extensions and settings are out of its reach.`,
      'As CSV, texts that a spreadsheet would run as a formula (they begin with =, +, - or @) get an apostrophe in front; --plain leaves them as they are.',
    ],
    arguments: [{ name: 'sql', required: true, description: 'the question' }],
    options: {
      csv: flag('print CSV'),
      plain: flag('with --csv: leave texts as they are that look like formulas'),
      since: text(
        'time',
        'only what happened since: "2026-01-03", "2026-01-03T10:00Z", or "12h", "30d", "8w" ago',
      ),
      timeout: count('seconds', 'give up after so long; default: 60', { most: 86_400, otherwise: 60 }),
    },
    examples: [
      { line: 'daybook query "SELECT type, count(*) FROM actions GROUP BY type"', does: 'count by type' },
      { line: 'daybook query "FROM runs LIMIT 10" --csv', does: 'ten runs as CSV' },
    ],
    json: 'an array of objects, one a row',
  },
  export: {
    summary: 'write records as Parquet, CSV, JSON lines, or as documents that other tools read',
    description: [
      'Writes all records of a view (docs/query.md), oldest first. The file is put in place whole; without --output CSV and JSON lines are printed.',
      'With --as it writes runs or actions as documents of a standard (docs/documents.md), a line each: all of them, or one by its key or id. Secrets are masked as they are when something is recorded. ro-crate and mlflow are folders.',
    ],
    arguments: [
      {
        name: 'view',
        required: true,
        description: `${viewNames.join(', ')}; with --as: runs, actions, the key of a run or the id of an action`,
      },
    ],
    options: {
      as: oneOf('standard', standardNames, `${standardNames.join(', ')}`),
      format: oneOf(
        'word',
        ['parquet', 'csv', 'jsonl'],
        'parquet, csv or jsonl; default: by the ending of --output, else jsonl',
      ),
      since: text(
        'time',
        'only what happened since: "2026-01-03", "2026-01-03T10:00Z", or "12h", "30d", "8w" ago',
      ),
      output: text('file', 'where to write it; a folder for ro-crate and mlflow', { short: 'o' }),
      plain: flag('as CSV: leave texts as they are that look like formulas'),
    },
    examples: [
      { line: 'daybook export actions --output actions.parquet', does: 'all actions as Parquet' },
      { line: 'daybook export metrics --format csv --since 30d', does: 'points of the last 30 days' },
      { line: 'daybook export results/unet --as slsa', does: 'the provenance of what a run made' },
      {
        line: 'daybook export results/unet --as ro-crate --output crate',
        does: 'a run as a folder for an archive',
      },
    ],
    json: '{view, format, output, rows}, with --as {as, output, records, documents, of, crate}; without --output the records themselves',
  },
} as const satisfies Commands;
