import { exitCodes } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { syncStats } from '../../operations/sync/stats.ts';
import type { CommandContext } from '../context.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook sync --stats`: how the book in git has grown, and what a shorter history would save. */
export async function showStats(context: CommandContext<'sync'>, root: string): Promise<number> {
  const { out, options } = context;
  out.progress('counting …');
  const stats = await syncStats(root, options);
  out.progress();
  if (context.json) out.printJson(stats ?? null);
  if (stats === undefined) {
    out.note('The branch of the book is not there yet; daybook sync makes it.');
    return exitCodes.done;
  }
  if (context.json) return exitCodes.done;
  const { faint, strong } = out.palette;
  const { branch, bytes, bytesOfNewest, commits, isPartial, last, remote, weeks } = stats;
  const more = isPartial ? ' here (a shallow clone: there are more)' : '';
  out.print(strong(visibleText(`${remote}/${branch}`)));
  out.print(`  ${plural(commits, 'commit')} of the book${more}, ${formatBytes(bytes)}`);
  const saved = Math.max(0, bytes - bytesOfNewest);
  out.print(
    `  ${formatBytes(saved)} less if all history were one commit ${faint('(sync.history in daybook.yaml)')}`,
  );
  const rows = weeks.map((each) => [each.week, plural(each.commits, 'commit'), formatBytes(each.bytes)]);
  for (const line of formatColumns(rows, [{ paint: faint }, { right: true }, { right: true }]))
    out.print(`  ${line}`);
  for (const { at, commit, subject } of last)
    out.print(
      `  ${faint(formatTime(Date.parse(at) * 1000))}  ${commit.slice(0, 10)}  ${visibleText(subject)}`,
    );
  return exitCodes.done;
}
