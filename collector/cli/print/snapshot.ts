import { formatTime } from '../../base/format/time.ts';
import { isObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import type { SnapshotRecord } from '../../formats/snapshots/periodic.ts';
import type { Output } from '../output.ts';
import { formatTree } from '../text/tree.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

const headKeys = ['snapshot_id', 'snapshot_type', 'timestamp', 'interval', 'metadata'];

/** Prints a periodic snapshot for reading: health with its reasons first, what has been missing since, then section by section. */
export function printSnapshot(record: SnapshotRecord, out: Output, since: readonly string[] = []): void {
  const { palette } = out;
  const { id, atUs, zoneless, health, healthReasons, content, file } = record;
  out.print(`${palette.strong(visibleText(id))}  ${paintStatus(health, palette)(formatStatus(health))}`);
  out.print(
    palette.faint(
      `${formatTime(atUs)} UTC${zoneless ? ' (the file names no zone)' : ''}, ${visibleText(file)}`,
    ),
  );
  for (const reason of healthReasons) out.print(`  ${palette.faint('because')} ${visibleText(reason)}`);
  for (const words of since) out.print(`  ${palette.warning(`▲ ${words}`)}`);
  for (const [name, section] of Object.entries(content)) {
    if (headKeys.includes(name)) continue;
    out.print('');
    const failed = isObject(section) && typeof section.error === 'string';
    out.print(`${palette.strong(visibleText(name))}${failed ? `  ${palette.bad('✕ probe failed')}` : ''}`);
    for (const line of formatTree(section, palette, out.width ?? 120, '  ')) out.print(line);
  }
}
