import { formatBytes, formatCount } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { recordingWords } from '../../operations/health/recording.ts';
import { type Summary, summarizeBook } from '../../operations/summarize.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteElsewhere } from '../elsewhere.ts';
import { noteEmpty } from '../empty-book.ts';
import { formatColumns } from '../text/columns.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook summary`: counts what the book holds. */
export async function run(context: CommandContext<'summary'>): Promise<undefined> {
  const { out } = context;
  out.progress('reading the book …');
  const root = bookRootOf(context);
  const summary = await summarizeBook(root, context.clock, { memory: daybookBuild });
  out.progress();
  if (context.json) {
    await noteElsewhere(root, out);
    return out.printJson(shown(summary));
  }
  const { palette } = out;
  const { findings, log, bytes } = summary;
  const at = (iso: string | null) => (iso === null ? '' : `newest ${formatTime(Date.parse(iso) * 1000)} UTC`);
  out.print(palette.strong(visibleText(summary.title ?? summary.root)));
  for (const words of recordingWords(summary.recording)) out.print(`  ${palette.warning(`▲ ${words}`)}`);
  const rows = [
    ['actions', formatCount(summary.actions), at(summary.latest_action_at)],
    ['snapshots', formatCount(summary.periodic_snapshots), at(summary.latest_periodic_at)],
    ...(summary.runs.total > 0 ? [['runs', formatCount(summary.runs.total), runsNote(summary.runs)]] : []),
    [
      'log',
      formatBytes(bytes.log),
      `${plural(log.lines, 'line')} in ${plural(log.files, 'file')}, ${formatCount(log.broken)} broken, ${formatCount(log.repeated)} repeated`,
    ],
    [
      'findings',
      formatCount(findings.error + findings.warning + findings.note),
      `${plural(findings.error, 'error')}, ${plural(findings.warning, 'warning')}, ${plural(findings.note, 'note')}`,
    ],
  ];
  for (const line of formatColumns(rows, [
    { paint: palette.faint },
    { right: true },
    { paint: palette.faint },
  ]))
    out.print(`  ${line}`);
  const statuses = Object.entries(summary.by_status).filter(([, count]) => count > 0);
  const types = summary.by_type.map(({ type, count }) => [visibleText(type), formatCount(count)]);
  printCounts(
    'by status',
    statuses.map(([status, count]) => [formatStatus(status), formatCount(count)]),
    (row) => paintStatus(statuses[row]![0], palette),
  );
  printCounts('by type', types, () => (text) => text);
  if (summary.total_snapshots + summary.runs.total === 0) await noteEmpty('actions', root, out);
  else if (await noteElsewhere(root, out)) return undefined;
  else if (findings.error + findings.warning > 0)
    out.note(`Run ${palette.strong('daybook doctor')} to see the findings.`);
  return undefined;

  function printCounts(
    title: string,
    counts: string[][],
    paint: (row: number) => (text: string) => string,
  ): void {
    if (counts.length === 0) return;
    out.print('');
    out.print(palette.strong(title));
    const columns = [{ paint: (text: string, row: number) => paint(row)(text) }, { right: true }];
    for (const line of formatColumns(counts, columns)) out.print(`  ${line}`);
  }
}

/** Times as the rest of the output has them. */
function shown({ recording, ...summary }: Summary) {
  const iso = (us: number | undefined) => (us === undefined ? null : isoMicros(us));
  const { silent, silentMs, due, missed, expected, lastGap, recorder } = recording;
  const gap = lastGap && { from: iso(lastGap.fromUs), to: iso(lastGap.toUs), missed: lastGap.missed };
  return {
    ...summary,
    recording: {
      state: recorder.state,
      newest_snapshot: iso(recorder.newestUs),
      overdue: recorder.overdue,
      overdue_since: iso(recorder.overdueSinceUs),
      silent,
      silent_ms: silentMs,
      expected: expected ?? null,
      due,
      missed,
      last_gap: gap ?? null,
    },
  };
}

function runsNote({ by_status, stale }: Summary['runs']): string {
  const parts = Object.entries(by_status)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${formatCount(count)} ${status}`);
  return [...parts, ...(stale > 0 ? [`${formatCount(stale)} stale`] : [])].join(', ');
}
