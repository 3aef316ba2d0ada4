import { importKinds } from '../../formats/imports/kinds.ts';
import { mappedNames } from '../../formats/imports/mapping.ts';
import { flag, oneOf, text } from '../options.ts';
import type { Commands } from '../spec.ts';

const kinds = importKinds.map(({ name, about }) => `${name} (${about})`);

/** Commands that take in what happened elsewhere. */
export const importCommands = {
  import: {
    summary: 'take in what happened elsewhere: actions and runs',
    description: [
      `Reads a file of JSON lines or a JSON document and records what it holds as actions, at the times when they happened: ${kinds.join(', ')}. Runs of other programs that lie in the book need no import: they are read where they lie (docs/sources.md). A folder that lies elsewhere, or an mlflow.db, is copied run by run, with all points, into runs/imported.`,
      'What none of these knows is read by --map, which says where the parts of an action stand; without it a mapping is worked out of the first thousand records and printed, and nothing is imported.',
      'Imported twice is imported once. Secrets are masked. Each import is a file of the log of its own, put in place whole, so that --undo can take it away again.',
    ],
    arguments: [
      {
        name: 'path',
        required: false,
        description:
          'a file, "-" for standard input, the folder of an Upptime repository, or a folder of runs',
      },
    ],
    options: {
      as: oneOf(
        'kind',
        importKinds.map(({ name }) => name),
        'how to read it, where the first records do not tell',
      ),
      map: text(
        'part=member,…',
        `which member is which part of an action, or the name of a mapping in daybook.yaml (imports); the parts are ${mappedNames.join(', ')}`,
      ),
      type: text('word', 'what actions are called where no member says it; default: the name of the file'),
      'dry-run': flag('say what would be imported, and import nothing'),
      list: flag('list the imports of the book'),
      undo: text('id', 'take an import out of the book again'),
    },
    examples: [
      { line: 'daybook import events.jsonl', does: 'propose a mapping, or import what is recognised' },
      {
        line: 'daybook import events.jsonl --map time=ts,type=event,status=result',
        does: 'import by a mapping',
      },
      { line: 'daybook import runs.json --dry-run', does: 'see what would be imported' },
      { line: 'daybook import ../old/mlruns', does: 'copy the runs of MLflow' },
      { line: 'daybook import --undo 20261128_101500-1a2b3c', does: 'take it back' },
    ],
    json: '{id, kind, records, imported, known, rejected, rejectedTotal, firstUs, lastUs}; {proposal, records, example}; of a folder of runs {id, runs, imported, known, series, points, bySource}; --list an array of {id, bytes, runs}; --undo one of it',
  },
} as const satisfies Commands;
