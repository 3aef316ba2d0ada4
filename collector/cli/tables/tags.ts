import { flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Names of runs, and what of their code is kept. */
export const tagCommands = {
  tag: {
    summary: 'give a run a name and keep its code; without a name list the tags',
    description: [
      "Links the commits of the code of a run and of all its ancestors to a ref below refs/flexlock/tags/, in FlexLock's form: daybook gc and git's own clearing leave them alone. The receipt itself stays as it is.",
    ],
    arguments: [
      { name: 'name', description: 'any name that git allows for a branch' },
      { name: 'run', description: 'a run.lock, the folder it lies in, or the key of a run' },
    ],
    options: {
      message: text('text', 'why this run is worth a name', { short: 'm' }),
      force: flag('move a tag that is there'),
      delete: text('name', 'take a name away'),
    },
    examples: [
      { line: 'daybook tag paper-v1 results/train -m "figures 2 and 3"', does: 'name a run' },
      { line: 'daybook tag', does: 'list the tags' },
    ],
    json: 'an array of {name, run, path, message, set_at, commits}; of a new tag {name, run, commit, linked, missing}',
  },
  gc: {
    summary: 'clear away refs that keep code no receipt names any more',
    description: [
      "Shows which refs below refs/daybook/runs and refs/flexlock/runs would go, and removes them with --force; git's own gc frees the space later. Receipts and folders of runs are never touched.",
      'Always kept: the code of tagged runs and of their ancestors, whatever is younger than --age, and what a receipt here or on any branch names. --untagged drops this last protection: those runs cannot be restored afterwards.',
    ],
    arguments: [],
    options: {
      force: flag('remove them'),
      untagged: flag('also those of runs that are neither tagged nor an ancestor of a tagged one'),
      age: text('duration', 'how old a ref must be; default 1 day'),
    },
    examples: [
      { line: 'daybook gc', does: 'see what could go' },
      { line: 'daybook gc --force', does: 'remove what no receipt names' },
    ],
    json: '{removed: [{ref, commit}], kept: {tagged, named, young}, done}',
  },
} as const satisfies Commands;
