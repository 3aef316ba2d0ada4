import { jsonKeyOf, runFieldIds, runFields } from '../../runs/fields.ts';
import { count, flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

const inHead = new Set(['key', 'name']);
const fieldKeys = runFields.map(jsonKeyOf).filter((key) => !inHead.has(key));

/** Commands that show runs, whatever files they were recorded in. */
export const runCommands = {
  runs: {
    summary: 'list all runs, or show one whole',
    description: [
      'Lists every run of the book, newest first: what ledgers, receipts, experiment files and metrics say about the same place is one run (docs/runs.md). With a key it shows one run whole; the end or any part of a key will do where it fits one run only.',
      'Without --columns it shows what tells these runs apart: the parameters that vary among them and their main metrics, as many as the terminal has room for (docs/runs.md, "Columns that tell").',
      `--where takes conditions such as "lr < 0.1 AND status = failed OR NOT (tags = best)". Operators are = != < <= > >= and ~ (contains). Fields are ${runFieldIds.slice(0, -1).join(', ')} and ${runFieldIds.at(-1)} (docs/runs.md says what each is); every other name is that of a parameter or, where there is none, of a metric (params.lr and metrics.lr say which). A value that is missing is neither below nor above anything. Where a name is both, --columns shows both, and --sort and --where take the one that is a number, the parameter first.`,
      'With --group-by, runs that have the same values of these parameters or fields are one line: how many there are, and of each metric mean, sample standard deviation and best; so the seeds of a setting gather. It takes the main metrics, or the numbers named with --columns. Runs that failed, were aborted, are stale or have not ended are counted apart, unless --failed counts them in. --sort takes one of the names, or a metric for an order by its mean.',
      'An order by a metric puts runs that failed, were aborted or are stale behind the others: what they reached is no result. --failed sorts them in.',
    ],
    arguments: [{ name: 'key', description: 'key of a run, or an unmistakable part of it' }],
    options: {
      where: text('condition', 'only runs that fulfil it'),
      sort: text('field', 'field, parameter or metric to sort by; "-" in front for the largest first'),
      failed: flag(
        'sort runs that failed, were aborted or are stale in among the others; count them in with --group-by',
      ),
      columns: text('names', 'columns to show, with commas between them; default: those that tell'),
      'group-by': text('names', 'one line for all runs with the same values of these, e.g. lr,model'),
      limit: count('n', 'show at most so many', { short: 'n' }),
    },
    examples: [
      { line: 'daybook runs', does: 'all runs' },
      {
        line: 'daybook runs --where "lr < 0.1 AND status = failed"',
        does: 'those that failed with a low rate',
      },
      { line: 'daybook runs --sort -iou --columns key,lr,iou --limit 10', does: 'the ten best' },
      { line: 'daybook runs --group-by lr,model --columns iou', does: 'mean and deviation over seeds' },
      { line: 'daybook runs train/run_0003', does: 'one run whole' },
    ],
    json: `an array of {key, name, slug, place, ${fieldKeys.join(', ')}, status_word, status_from, at, zoneless, params, param_hash, metrics, parents, history, files}, newest first; with a key that object with receipt, experiment and ledger as they stand; with --group-by {by, left_out, groups: [{values, n, runs, left_out, measures: {name: {n, mean, deviation, least, most, best: {value, run}}}}]}`,
  },
  best: {
    summary: 'show the runs that did best by a metric',
    description: [
      'Lists the runs that have a metric, the best first. Whether less or more is better is what the runs have recorded, else what the name of the metric says (loss, error and the like: less; acc, iou, f1 and the like: more); where neither tells, --min or --max has to.',
      'Runs that failed, were aborted, are stale or have not ended are left out: what they reached is no result. --with-failed takes them in. Values that are no finite numbers are left out in any case.',
    ],
    arguments: [{ name: 'metric', required: true, description: 'name of a metric' }],
    options: {
      max: flag('more is better'),
      min: flag('less is better'),
      where: text('condition', 'only runs that fulfil it, as for daybook runs'),
      limit: count('n', 'show at most so many; default: 10', { short: 'n', otherwise: 10 }),
      'with-failed': flag('take in runs that failed, were aborted, are stale or have not ended'),
    },
    examples: [
      { line: 'daybook best iou', does: 'the ten best' },
      { line: 'daybook best val_loss --where "model = unet" --limit 1', does: 'the best of a kind' },
      { line: 'daybook best gap --min --json', does: 'a metric whose name tells nothing' },
    ],
    json: '{metric, direction, direction_from, left_out, runs: [{value, …}]}; each run as daybook runs lists it',
  },
  lineage: {
    summary: 'show what a run was made from and what was made from it',
    description: [
      'Shows the graph of a run: previous stages, the sweep of a task, runs that wrote its inputs, and all that was made from it. Without a run it shows every run of the book that has to do with another one.',
    ],
    arguments: [{ name: 'run', description: 'key of a run, or an unmistakable part of it' }],
    options: {
      up: flag('only what it was made from'),
      down: flag('only what was made from it'),
      dot: flag('print the language of Graphviz'),
    },
    examples: [
      { line: 'daybook lineage results/report', does: 'all that went into a report' },
      { line: 'daybook lineage --dot | dot -Tsvg > lineage.svg', does: 'a picture of the whole book' },
    ],
    json: '{run, nodes: [{id, name, key, identifier, status, at}], edges: [{from, to, kind, name}]}',
  },
} as const satisfies Commands;
