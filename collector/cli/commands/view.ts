import { formatDuration } from '../../base/format/duration.ts';
import { formatTime } from '../../base/format/time.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { rollupContent } from '../../formats/snapshots/rollup.ts';
import { type FoundRecord, viewRecord } from '../../operations/view-record.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { printRollup } from '../print/rollup.ts';
import { printSnapshot } from '../print/snapshot.ts';
import { formatTree } from '../text/tree.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook view <id>`: one record whole. */
export async function run(context: CommandContext<'view'>): Promise<undefined> {
  const { out } = context;
  const found = await viewRecord(bookRootOf(context), context.arguments[0], { build: daybookBuild });
  if (context.json) return out.printJson(contentOf(found));
  if (found.kind === 'periodic') printSnapshot(found.record, out);
  else if (found.kind === 'rollup') printRollup(found, context.arguments[0], out);
  else printAction(found, out);
  return undefined;
}

function contentOf(found: FoundRecord): JsonObject {
  if (found.kind === 'periodic') return found.record.content;
  return found.kind === 'rollup' ? rollupContent(found.rollup) : found.content;
}

function printAction(
  { record, content, others }: Extract<FoundRecord, { kind: 'action' }>,
  out: Output,
): void {
  const { palette } = out;
  const { type, status, statusWord, statusFrom, atUs, zoneless, durationMs, error, file, line, key } = record;
  out.print(`${palette.strong(visibleText(type))}  ${paintStatus(status, palette)(formatStatus(status))}`);
  const duration = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  out.print(
    palette.faint(
      `${formatTime(atUs)} UTC${zoneless ? ' (the line names no zone)' : ''}${duration}, ${visibleText(file)}${line > 0 ? `:${line}` : ''}`,
    ),
  );
  if (statusWord !== status || statusFrom !== 'action.status') {
    out.print(palette.faint(`status "${visibleText(statusWord)}" from ${visibleText(statusFrom)}`));
  }
  if (error !== undefined) out.print(`${palette.bad('error')} ${visibleText(error)}`);
  out.print('');
  for (const text of formatTree(content, palette, out.width ?? 120)) out.print(text);
  if (others.length === 0) return;
  out.print('');
  out.print(palette.strong('other lines with this id'));
  for (const other of others)
    out.print(
      `  ${formatTime(other.atUs)}  ${formatStatus(other.status)}  ${visibleText(other.key === key ? '' : other.key)}`,
    );
}
