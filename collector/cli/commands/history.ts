import { formatDuration } from '../../base/format/duration.ts';
import { formatCount } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import {
  type FieldHistory,
  fieldHistory,
  type RecordedPeriod,
} from '../../operations/snapshots/field-history.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseCount } from '../options.ts';
import type { Output } from '../output.ts';
import { parseSince } from '../since.ts';
import { formatColumns } from '../text/columns.ts';
import { recordedText, rolledText } from '../text/rolled.ts';
import { sparkline } from '../text/sparkline.ts';

/** `daybook history <path>`: the values a field has had, and what happened in between. */
export async function run(context: CommandContext<'history'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  const limit = context.options.limit;
  const options = {
    root,
    path: context.arguments[0],
    sinceUs: parseSince(context.options.since, context.clock.nowUs()),
    limit: limit === 'all' ? Number.MAX_SAFE_INTEGER : parseCount(limit ?? '20', '--limit'),
    build: daybookBuild,
  };
  out.progress('reading the snapshots …');
  const history = await fieldHistory(options);
  out.progress();
  if (context.json) return out.printJson(toJson(history));
  print(history, out);
  return undefined;
}

function toJson(history: FieldHistory) {
  const { path, snapshots, present, changes, firstUs, lastUs, damaged, rolled, values } = history;
  return {
    path,
    snapshots,
    present,
    changes,
    first_at: isoMicros(firstUs),
    last_at: isoMicros(lastUs),
    damaged,
    rolled,
    values: values.map((period) => ({
      value: period.value ?? null,
      is_present: period.value !== undefined,
      amount: period.amount ?? null,
      since: isoMicros(period.fromUs),
      since_id: period.fromId,
      until: isoMicros(period.untilUs),
      until_id: period.untilId,
      snapshots: period.snapshots,
      ...(period.rolled === undefined ? {} : { rolled: period.rolled }),
      actions_between: {
        count: period.between.count,
        newest: period.between.newest.map(({ key, type, status, atUs }) => ({
          key,
          type,
          status,
          timestamp: isoMicros(atUs),
        })),
      },
    })),
  };
}

const widestChart = 72;

function print(history: FieldHistory, out: Output): void {
  const { path, snapshots, present, changes, firstUs, lastUs, values, points, damaged } = history;
  const { strong, faint, active } = out.palette;
  out.print(strong(visibleText(path)));
  const where =
    present === snapshots
      ? plural(snapshots, 'snapshot')
      : `${formatCount(present)} of ${plural(snapshots, 'snapshot')}`;
  const changed =
    changes === 0 ? 'never changed' : `changed ${changes === 1 ? 'once' : `${formatCount(changes)} times`}`;
  out.print(faint(`${changed} in ${where}, ${formatTime(firstUs)} to ${formatTime(lastUs)}, times in UTC`));
  const isSimple = points.every(({ value }) => value !== 'a list' && value !== 'an object');
  const width = Math.min(widestChart, (out.width ?? 80) - 4);
  const chart = points.length > 2 && isSimple ? sparkline(points, width) : undefined;
  if (chart !== undefined && changes > 0) {
    out.print('');
    out.print(`  ${active(chart.line)}`);
    out.print(`  ${faint(chart.legend.join('  '))}`);
  }
  out.print('');
  if (values.length === 0) out.print('No snapshot was taken since then.');
  const rows = values.map(rowOf);
  const columns = [
    { paint: faint },
    { flexible: true },
    { right: true, paint: faint },
    { right: true, paint: faint },
    { paint: faint },
  ];
  for (const line of formatColumns(rows, columns, out.width)) out.print(`  ${line}`);
  if (changes + 1 > values.length && values.length > 0) {
    out.print(faint(`  … ${plural(changes + 1 - values.length, 'more value')}; --limit all shows every one`));
  }
  if (history.rolled > 0)
    out.print(
      faint(
        `${plural(history.rolled, 'snapshot')} of them ${history.rolled === 1 ? 'was' : 'were'} thinned out; where roll-ups have several values, how often they changed is not known`,
      ),
    );
  if (damaged > 0) out.note(`${plural(damaged, 'snapshot')} could not be read; daybook doctor says why.`);
}

function rowOf(period: RecordedPeriod): string[] {
  const { value, amount, fromUs, untilUs, snapshots, between, beforeUs, rolled } = period;
  return [
    formatTime(fromUs),
    rolled === undefined
      ? `${recordedText(value)}${amount === undefined ? '' : `  ${amount}`}`
      : `${rolledText(rolled)} (rolled up by ${rolled.unit})`,
    plural(snapshots, 'snapshot'),
    snapshots > 1 ? formatDuration((untilUs - fromUs) / 1000) : '',
    beforeUs === undefined ? 'first snapshot' : actionsText(between),
  ];
}

/** "after 14 actions: build failed, deploy completed, …" */
function actionsText({ count, newest }: RecordedPeriod['between']): string {
  if (count === 0) return 'no action recorded';
  const told = new Map<string, number>();
  for (const { type, status } of newest) {
    const text = `${visibleText(type)} ${status}`;
    told.set(text, (told.get(text) ?? 0) + 1);
  }
  const list = [...told].map(([text, times]) => (times > 1 ? `${text} ×${times}` : text));
  return `after ${plural(count, 'action')}: ${list.join(', ')}${count > newest.length ? ', …' : ''}`;
}
