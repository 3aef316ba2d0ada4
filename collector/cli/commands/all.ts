import { formatTime } from '../../base/format/time.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import { type ListedSnapshot, listAll } from '../../operations/list-all.ts';
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
  const all = await listAll(root, kind);
  out.progress();
  if (context.json) return out.printJson(all.map(listed));
  if (all.length === 0) return noteEmpty(kind === 'periodic' ? 'snapshots' : 'actions', out);
  const { palette } = out;
  const rows = all.map(({ atUs, status, key, label }) => [
    formatTime(atUs),
    formatStatus(status),
    visibleText(key),
    visibleText(label),
  ]);
  const lines = formatColumns(
    rows,
    [
      { paint: palette.faint },
      { paint: (text, row) => paintStatus(all[row]!.status, palette)(text) },
      {},
      { paint: palette.faint, flexible: true },
    ],
    out.width,
  );
  for (const line of lines) out.print(line);
  return undefined;
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
