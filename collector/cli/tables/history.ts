import { text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that show how something became what it is. */
export const historyCommands = {
  history: {
    summary: 'show the values a field has had',
    description: [
      'Follows one field through all periodic snapshots: each value, since when it was seen, in how many snapshots, and which actions were recorded between the last snapshot with the old value and the first with the new one. Newest first.',
      'The path is written as differences print it: "git.head", "modules[3].name", "modules.core.version" where the elements of a list have names or ids, or "modules[name=core].version".',
    ],
    arguments: [{ name: 'path', required: true, description: 'path of the field' }],
    options: {
      since: text(
        'time',
        'only values seen since then: "2026-01-03", "2026-01-03T10:00Z", or "12h", "30d", "8w" ago',
      ),
      limit: text('n', 'how many of the newest values, or "all"; default: 20'),
    },
    examples: [
      { line: 'daybook history rail_status.deployment', does: 'the states of a deployment' },
      {
        line: 'daybook history system_state.disk.free_bytes --since 30d',
        does: 'a number over a month, as a curve',
      },
    ],
    json: '{path, snapshots, present, changes, first_at, last_at, damaged, values: [{value, is_present, amount, since, since_id, until, until_id, snapshots, actions_between: {count, newest}}]}, newest first; `value` is null and is_present false where the field was not there',
  },
} as const satisfies Commands;
