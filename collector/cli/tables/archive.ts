import { flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that make a book smaller and keep all of it. */
export const archiveCommands = {
  archive: {
    summary: 'move old lines of the log and old snapshots into compressed segments',
    description: [
      'Takes months that are over out of snapshots/action_log.jsonl and puts each into a segment of its own (action_log-2026-10-3f9a2c41.jsonl.zst), about a twelfth of the size, which every zstd unpacks. All commands and pages read segments and log as one log; an action that began in one and ends in the other stays one.',
      'A segment is read back and compared before a line is taken from the log, or a file is removed; others may append in the meantime. Whoever stops it at any instant loses nothing and has nothing twice: run it again. Lines that cannot be read without a remark stay in the log.',
      'The files of periodic snapshots of months that are over go into a segment for each month (periodic-2026-10-3f9a2c41.jsonl.zst), each with its text as it was; the newest snapshot stays a file. Files with one action each, as the original writes them (snapshots/action_*.json), stay as they are.',
      'Where daybook.yaml has retention: rules, snapshots that they do not keep are thinned out first. Roll-ups stand for them: of each hour, of days over a week ago of each day, of months over a year ago of the month, with count, least, greatest, mean, first and last of every field and the texts that were seen. daybook history goes on through them and marks them; daybook query has them as rollups. Without such rules nothing is thinned.',
      'What makes a segment and what stays in the log come from the options, else from archive: in daybook.yaml. Lines and files that a merge brings back are taken away by the next check, build or sync.',
    ],
    arguments: [],
    options: {
      by: text('unit', 'what makes a segment: month, or so much of the log, e.g. 64MB; default: month'),
      keep: text('duration', 'what stays in the log, e.g. 30d, or 0; default: 7d'),
      'dry-run': flag('only say what would be done and saved'),
    },
    examples: [
      { line: 'daybook archive --dry-run', does: 'see what it would save' },
      { line: 'daybook archive', does: 'archive the months that were over a week ago' },
      { line: 'daybook archive --by 64MB --keep 1d', does: 'archive by size, all but the last day' },
    ],
    json: '{dry_run, segments: [{file, period, lines, bytes, packed, from, to}], snapshots: {segments: [{file, period, snapshots, …}], again, odd, stay, thinned}, saved, again, odd, stay, repairs, openIn}; sizes in bytes',
  },
} as const satisfies Commands;
