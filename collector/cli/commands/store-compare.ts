import { differences } from '../../base/difference/difference.ts';
import { changedSections } from '../../base/difference/sections.ts';
import { formatDuration } from '../../base/format/duration.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { compareVersions, type VersionComparison } from '../../operations/versions/compare.ts';
import type { CommandContext } from '../context.ts';
import type { Output } from '../output.ts';
import { withStore } from '../store-options.ts';
import { formatDifferences } from '../text/differences.ts';

/** `daybook store compare <a> <b>`; exit code 4 where they differ. */
export async function run(context: CommandContext<'store compare'>): Promise<number> {
  const { out } = context;
  const [first, second] = context.arguments;
  const compared = await withStore(context, (_versions, _config, store) =>
    compareVersions(store, first, second),
  );
  const { comparison, before, after, isText } = compared;
  if (context.json) out.printJson(comparison);
  else {
    printHead(comparison, out);
    if (comparison.is_different) {
      const sections = changedSections(before, after, differences(before, after));
      const look = { palette: out.palette, width: out.width, full: context.options.full, isText };
      for (const line of formatDifferences(sections, look)) out.print(line);
    }
  }
  return comparison.is_different ? 4 : 0;
}

function printHead(comparison: VersionComparison, out: Output): void {
  const { version1, version2, timestamp1, timestamp2, time_difference_seconds: seconds } = comparison;
  const { faint, strong, good } = out.palette;
  out.print(`${strong(visibleText(version1))} ${faint(timestamp1)}`);
  const later =
    seconds === null
      ? ''
      : `, ${formatDuration(Math.abs(seconds) * 1000)} ${seconds < 0 ? 'earlier' : 'later'}`;
  out.print(`${strong(visibleText(version2))} ${faint(`${timestamp2}${later}`)}`);
  out.print(
    comparison.is_different ? faint(plural(comparison.differences.length, 'difference')) : good('equal'),
  );
  if (comparison.is_different) out.print('');
}
