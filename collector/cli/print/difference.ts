import { textChange } from '../../base/difference/text.ts';
import { formatTime } from '../../base/format/time.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import type { ThingComparison } from '../../operations/differences/compare-things.ts';
import type { Thing } from '../../operations/differences/thing.ts';
import type { Output } from '../output.ts';
import { formatDifferences } from '../text/differences.ts';

/** Prints what differs between two things for reading: both names first, then section by section. */
export function printDifference(comparison: ThingComparison, out: Output, full: boolean): void {
  const { palette, width } = out;
  const { before, after, sections, same, isText, leavesOutIdentity } = comparison;
  out.print(`${palette.bad('-')} ${headOf(before, out)}`);
  out.print(`${palette.good('+')} ${headOf(after, out)}`);
  if (same) {
    const but = leavesOutIdentity && before.name !== after.name ? ' but for ids and times' : '';
    out.print(palette.good(`● the same${but}`));
    return;
  }
  out.print('');
  for (const line of formatDifferences(sections, { palette, width, full, isText })) out.print(line);
}

function headOf({ name, kind, atUs }: Thing, { palette }: Output): string {
  const at = atUs === undefined ? '' : `, ${formatTime(atUs)} UTC`;
  return `${visibleText(name)}  ${palette.faint(`${words[kind]}${at}`)}`;
}

const words: Record<Thing['kind'], string> = {
  file: 'file',
  git: 'file in a commit',
  periodic: 'periodic snapshot',
  version: 'version',
  run: 'run',
  receipt: 'receipt',
};

/** A comparison as JSON: texts that changed in part also by words. */
export function differenceJson({ same, before, after, found, sections }: ThingComparison) {
  const side = ({ kind, name, atUs }: Thing) => ({
    kind,
    name,
    at: atUs === undefined ? null : isoMicros(atUs),
  });
  return {
    same,
    before: side(before),
    after: side(after),
    unchanged: sections.reduce((sum, { unchanged }) => sum + unchanged, 0),
    differences: found.map((difference) => {
      const { before: old, after: now } = difference;
      const words = typeof old === 'string' && typeof now === 'string' ? textChange(old, now) : undefined;
      return { ...difference, words };
    }),
  };
}
