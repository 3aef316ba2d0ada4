import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { didNotSucceed } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { chooseRuns, getRun, orderedBy, readBookRuns } from '../../operations/runs/find.ts';
import { checkRunField } from '../../operations/runs/known-names.ts';
import { columnsNamed, type RunNames, runNames, valueOfRun } from '../../operations/runs/values.ts';
import { runJson, runSummaryJson } from '../../runs/json.ts';
import { lookAlikeWords } from '../../runs/look-alikes.ts';
import type { RunRecord } from '../../runs/record.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteElsewhere } from '../elsewhere.ts';
import { formatRun } from '../text/run.ts';
import { listOfNames } from '../text/run-columns.ts';
import { formatRuns } from '../text/runs.ts';
import { printGroups } from './run-groups.ts';

/** What a file may be that should have been a run. */
const hidesRuns: ReadonlySet<string> = new Set(['wrong-schema', 'truncated', 'unreadable']);

/** `daybook runs [key]`: all runs as a table, or one run whole. */
export async function run(context: CommandContext<'runs'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  const most = context.options.limit;
  out.progress('reading runs …');
  const hidden = new Set<string>();
  const notRead: Finding[] = [];
  const note = (finding: Finding) => {
    const { severity, code, file } = finding;
    if (severity === 'error' || hidesRuns.has(code)) hidden.add(file);
    if (code === 'not-read') notRead.push(finding);
  };
  const runs = await readBookRuns(root, note, daybookBuild);
  out.progress();
  if (hidden.size > 0) {
    out.note(
      `${plural(hidden.size, 'file')} of runs cannot be read, or only in part; daybook doctor says why.`,
    );
  }
  if (notRead.length > 0)
    out.note(`Not read: ${visibleText(lookAlikeWords(notRead))}; daybook doctor says more.`);
  const wanted = context.arguments[0];
  if (wanted !== undefined) return printRun(getRun(runs, wanted), context);
  const { 'group-by': groupBy } = context.options;
  if (groupBy !== undefined && runs.length > 0) return printGroups(runs, groupBy, context);
  const names = runNames(runs);
  const sort = context.options.sort;
  const withFailed = context.options.failed;
  const chosen = chooseRuns(runs, { where: context.options.where, sort, withFailed });
  const shown = most === undefined ? chosen : chosen.slice(0, most);
  const columns = columnsOf(context, names);
  if (sort !== undefined) noteOrder(context, chosen, sort, names);
  if (context.json) return out.printJson(shown.map(runSummaryJson));
  if (runs.length === 0) {
    if (await noteElsewhere(root, out)) return undefined;
    out.note('This book has no runs: no run.lock, metadata.json, experiment_tracker.json or metrics.jsonl.');
    return undefined;
  }
  const { lines, left } = formatRuns(shown, columns, out);
  for (const line of lines) out.print(line);
  noteLeft(context, left);
  const rest = shown.length < chosen.length ? `, ${plural(shown.length, 'run')} shown` : '';
  const of = chosen.length < runs.length ? ` of ${runs.length}` : '';
  out.note(`${plural(chosen.length, 'run')}${of}${rest}; times are UTC`);
  return undefined;
}

function printRun(found: RunRecord, { out, json }: CommandContext<'runs'>): undefined {
  if (json) return out.printJson(runJson(found));
  for (const line of formatRun(found, out)) out.print(line);
  return undefined;
}

/** Says what the order leaves open: which of two things a name meant, and that failed runs stand behind the others. */
function noteOrder(
  { out, options }: CommandContext<'runs'>,
  runs: readonly RunRecord[],
  sort: string,
  names: RunNames,
): void {
  const by = orderedBy(sort, names);
  const name = sort.replace(/^[-+]/, '');
  if (names.both.has(name))
    out.note(`"${visibleText(name)}" is a parameter and a metric; the order is by ${visibleText(by)}.`);
  const behind = names.isMetric(by)
    ? runs.filter((run) => didNotSucceed(run) && valueOfRun(run, by, names) !== undefined).length
    : 0;
  if (behind > 0 && behind < runs.length && !options.failed)
    out.note(
      `${plural(behind, 'run')} that failed or stopped ${behind === 1 ? 'stands' : 'stand'} behind the others; --failed sorts them in.`,
    );
}

/** The columns that were asked for, each as often as its name means something else. */
function columnsOf({ options }: CommandContext<'runs'>, names: RunNames): string[] | undefined {
  if (options.columns === undefined) return undefined;
  const columns = listOfNames(options.columns);
  for (const name of columns) checkRunField(name, names, '--columns');
  return columns.flatMap((name) => columnsNamed(name, names));
}

function noteLeft({ out }: CommandContext<'runs'>, left: readonly string[]): void {
  if (left.length === 0) return;
  const some = left.slice(0, 6).map((name) => visibleText(name));
  const more = left.length > some.length ? ` and ${left.length - some.length} more` : '';
  out.note(`No room for ${some.join(', ')}${more}: --columns or a wider terminal shows them.`);
}
