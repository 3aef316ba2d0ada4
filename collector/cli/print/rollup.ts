import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isConstant, type Rollup } from '../../formats/snapshots/rollup.ts';
import type { Output } from '../output.ts';
import { formatColumns } from '../text/columns.ts';
import { recordedText, rolledText } from '../text/rolled.ts';

/** Prints what became of a snapshot that was thinned out: the roll-up that stands for it, field by field. */
export function printRollup(
  { rollup, atUs }: { rollup: Rollup; atUs: number },
  id: string,
  out: Output,
): void {
  const { palette } = out;
  const { unit, fromUs, snapshots, fields, leftOut, redacted } = rollup;
  const others = snapshots.length - 1;
  out.print(`${palette.strong(visibleText(id))}  thinned out`);
  out.print(palette.faint(`taken ${formatTime(atUs)} UTC`));
  out.print('');
  out.print(
    others === 0
      ? `By the retention rules it is kept as a roll-up of ${periodText(unit, fromUs)}, of it alone:`
      : `By the retention rules it is kept as a roll-up of ${periodText(unit, fromUs)}, together with ${plural(others, 'other')}:`,
  );
  const rows = [...fields].map(([path, field]) => [
    visibleText(path),
    isConstant(field) ? recordedText(field.last) : rolledText(field),
    plural(field.count, 'snapshot'),
  ]);
  const columns = [{}, { flexible: true }, { right: true, paint: palette.faint }];
  for (const line of formatColumns(rows, columns, out.width)) out.print(`  ${line}`);
  if (leftOut > 0) out.print(palette.faint(`  … ${plural(leftOut, 'more field')}, of which nothing is kept`));
  for (const { at, by, path } of redacted)
    out.print(palette.faint(`  ${visibleText(path)} was taken out ${visibleText(at)} by ${visibleText(by)}`));
}

/** "the hour from 2026-10-05 14:00 UTC", "the day 2026-10-05", "the month 2026-10" */
function periodText(unit: Rollup['unit'], fromUs: number): string {
  const time = formatTime(fromUs);
  if (unit === 'hour') return `the hour from ${time.slice(0, 16)} UTC`;
  return unit === 'day' ? `the day ${time.slice(0, 10)}` : `the month ${time.slice(0, 7)}`;
}
