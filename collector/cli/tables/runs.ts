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
      'An order by a metric puts runs that failed, were aborted or are stale behind the others: what they reached is no result. --failed sorts them in.',
    ],
    arguments: [{ name: 'key', description: 'key of a run, or an unmistakable part of it' }],
    options: {
      where: text('condition', 'only runs that fulfil it'),
      sort: text('field', 'field, parameter or metric to sort by; "-" in front for the largest first'),
      failed: flag('sort runs that failed, were aborted or are stale in among the others'),
      columns: text('names', 'columns to show, with commas between them; default: those that tell'),
      limit: count('n', 'show at most so many', { short: 'n' }),
    },
    examples: [
      { line: 'daybook runs', does: 'all runs' },
      {
        line: 'daybook runs --where "lr < 0.1 AND status = failed"',
        does: 'those that failed with a low rate',
      },
      { line: 'daybook runs --sort -iou --columns key,lr,iou --limit 10', does: 'the ten best' },
      { line: 'daybook runs train/run_0003', does: 'one run whole' },
    ],
    json: `an array of {key, name, slug, place, ${fieldKeys.join(', ')}, status_word, status_from, at, zoneless, params, param_hash, metrics, parents, history, files}, newest first; with a key that object with receipt, experiment and ledger as they stand`,
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
