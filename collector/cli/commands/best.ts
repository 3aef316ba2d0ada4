import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { type BestRuns, bestRuns } from '../../operations/runs/best.ts';
import { readBookRuns } from '../../operations/runs/find.ts';
import { runNames } from '../../operations/runs/values.ts';
import { jsonNumber, runSummaryJson } from '../../runs/json.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { usualColumns } from '../text/run-columns.ts';
import { formatRuns } from '../text/runs.ts';

/** `daybook best`: the runs that reached most of a metric, or least. */
export async function run(context: CommandContext<'best'>): Promise<undefined> {
  const { out, options } = context;
  out.progress('reading runs …');
  const runs = await readBookRuns(bookRootOf(context), undefined, daybookBuild);
  out.progress();
  const found = bestRuns(runs, context.arguments[0], {
    direction: directionAsked(options),
    where: options.where,
    limit: options.limit,
    withFailed: options['with-failed'],
  });
  const { metric, direction, directionFrom, leftOut } = found;
  if (context.json) {
    return out.printJson({
      metric,
      direction,
      direction_from: directionFrom,
      left_out: leftOut,
      runs: found.runs.map((each) => ({ value: jsonNumber(each.metrics[metric]!), ...runSummaryJson(each) })),
    });
  }
  if (found.runs.length === 0) throw nothingFound(found, options.where);
  const names = runNames(found.runs);
  const column = names.both.has(metric) || names.fieldOf(metric) !== undefined ? `metrics.${metric}` : metric;
  const { shown, rank } = usualColumns(found.runs, names);
  const first = (columns: readonly string[]) => [
    'key',
    column,
    ...columns.filter((name) => name !== 'key' && name !== column),
  ];
  for (const line of formatRuns(found.runs, { shown: first(shown), rank: first(rank) }, out).lines)
    out.print(line);
  out.note(noteOf(found));
  return undefined;
}

function directionAsked({ min, max }: CommandContext<'best'>['options']): 'min' | 'max' | undefined {
  if (min && max) throw new DaybookError('usage', 'Expected --min or --max, found both.');
  return min ? 'min' : max ? 'max' : undefined;
}

const sources: Record<BestRuns['directionFrom'], string> = {
  asked: 'as asked',
  recorded: 'as recorded',
  name: 'as its name says; --min and --max say otherwise',
};

function noteOf({ metric, direction, directionFrom, leftOut }: BestRuns): string {
  const better = `${direction === 'min' ? 'less' : 'more'} of ${visibleText(metric)} is better, ${sources[directionFrom]}`;
  const left = leftOut === 0 ? '' : `; ${leftOutText(leftOut)}`;
  return `${better}${left}`;
}

/** What was left out and how to see it. */
export function leftOutText(leftOut: number, option = '--with-failed'): string {
  return `${plural(leftOut, 'run')} that failed, stopped or ${leftOut === 1 ? 'has' : 'have'} not ended ${leftOut === 1 ? 'is' : 'are'} left out (${option} takes ${leftOut === 1 ? 'it' : 'them'} in)`;
}

function nothingFound({ metric, leftOut }: BestRuns, where: string | undefined): DaybookError {
  const which = where === undefined ? 'run' : 'run that fulfils the condition';
  return new DaybookError('not-found', `No ${which} ended well with a number for "${visibleText(metric)}".`, {
    hint:
      leftOut > 0
        ? `${plural(leftOut, 'run')} that failed, stopped or ${leftOut === 1 ? 'has' : 'have'} not ended: --with-failed takes them in.`
        : 'daybook runs shows what there is.',
  });
}
