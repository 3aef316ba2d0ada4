import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { ReceiptComparison } from '../../formats/receipts/comparison.ts';
import { findRun, type NearRun } from '../../operations/receipts/find-run.ts';
import type { RunRecord } from '../../runs/record.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { stateOf } from './lock.ts';

/** `daybook find`: whether this has been run before; exit code 3 where it has not. */
export async function run(context: CommandContext<'find'>): Promise<number> {
  const { out } = context;
  const root = bookRootOf(context);
  const wanted = await stateOf(context, root);
  const { match, nearest, compared } = await findRun(root, wanted, {
    from: context.cwd,
    progress: ({ path, doneBytes, totalBytes }) =>
      out.progress(`reading ${visibleText(path)}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`),
  });
  out.progress();
  if (context.json)
    out.printJson({ match: match ? shown(match) : null, nearest: nearest ? near(nearest) : null, compared });
  else if (match !== undefined) {
    out.print(visibleText(match.key));
    out.note(`run before at ${formatTime(match.atUs)} UTC`);
  } else out.note(notFound(nearest, compared));
  return match === undefined ? 3 : 0;
}

function shown({ key, place, status, atUs, receipt }: RunRecord) {
  return { key, place, status, at_us: atUs, receipt: receipt?.file };
}

function near({ run: nearest, comparison, status }: NearRun) {
  return { ...shown(nearest), ended_as: status, differs: reasons(comparison) };
}

function notFound(nearest: NearRun | undefined, compared: number): string {
  if (nearest === undefined) return 'Not run before: this book has no receipts yet.';
  const why =
    nearest.status === undefined
      ? reasons(nearest.comparison).join('; ')
      : `it is the same, but it ended as "${visibleText(nearest.status)}"`;
  return `Not run before (${plural(compared, 'receipt')}). Nearest: ${visibleText(nearest.run.key)}: ${why}`;
}

/** What differs, part by part: "config: lr 0.1 → 0.2; code: main". */
function reasons({ config, code, data, previous }: ReceiptComparison): string[] {
  const changed = config.differences.map(
    ({ path, before, after }) => `${visibleText(path)} ${text(before)} → ${text(after)}`,
  );
  const names = (part: ReceiptComparison['code' | 'data' | 'previous']) =>
    part.entries.flatMap(({ name, change }) => {
      if (change === 'same') return [];
      const word = {
        changed: '',
        unproven: ' (not provable)',
        added: ' (not in the receipt)',
        removed: ' (only in the receipt)',
      }[change];
      return [visibleText(name) + word];
    });
  const parts = { config: changed, code: names(code), data: names(data), 'previous stages': names(previous) };
  return Object.entries(parts).flatMap(([part, list]) => {
    const more = list.length > 4 ? ` and ${list.length - 4} more` : '';
    return list.length === 0 ? [] : [`${part}: ${list.slice(0, 4).join(', ')}${more}`];
  });
}

function text(value: JsonValue | undefined): string {
  return value === undefined ? '—' : ellipsis(visibleText(jsonText(value)), 40);
}
