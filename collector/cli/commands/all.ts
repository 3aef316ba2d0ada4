import { formatTime } from '../../base/format/time.ts';
import { textWidth, visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { type AllSnapshots, type ListedSnapshot, withAll } from '../../operations/list-all.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteEmpty } from '../empty-book.ts';
import { formatColumns } from '../text/columns.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook all`: every snapshot, newest first. */
export async function run(context: CommandContext<'all'>): Promise<undefined> {
  const { out } = context;
  const kind = context.options.type;
  const root = bookRootOf(context);
  out.progress('reading the book …');
  await withAll(root, { kind, build: daybookBuild }, (all) => print(all, context, root));
  return undefined;
}

async function print(
  all: AllSnapshots,
  { out, json, options }: CommandContext<'all'>,
  root: string,
): Promise<void> {
  if (json) return out.printJsonList(all.pieces, listed);
  const { palette } = out;
  const status = Math.max(0, ...all.statuses.map((each) => textWidth(formatStatus(each))));
  const widths = [textWidth(formatTime(0)), status, all.keyWidth, all.labelWidth];
  let isEmpty = true;
  for await (const piece of all.pieces) {
    const rows = piece.map((each) => [
      formatTime(each.atUs),
      formatStatus(each.status),
      visibleText(each.key),
      visibleText(each.label),
    ]);
    const columns = [
      { paint: palette.faint },
      { paint: (text: string, row: number) => paintStatus(piece[row]!.status, palette)(text) },
      {},
      { paint: palette.faint, flexible: true },
    ];
    const lines = formatColumns(rows, columns, out.width, widths);
    if (lines.length > 0) out.print(lines.join('\n'));
    isEmpty &&= lines.length === 0;
  }
  out.progress();
  if (isEmpty) await noteEmpty(options.type === 'periodic' ? 'snapshots' : 'actions', root, out);
}

function listed({ key, snapshotId, kind, atUs, status, label, file, line }: ListedSnapshot) {
  const timestamp = Number.isNaN(atUs) ? null : isoMicros(atUs);
  return {
    snapshot_id: snapshotId,
    key,
    snapshot_type: kind,
    timestamp,
    status,
    label,
    file,
    line: line ?? null,
  };
}
