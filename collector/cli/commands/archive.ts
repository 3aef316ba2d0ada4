import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { isoMicros } from '../../base/time.ts';
import { parseDuration } from '../../formats/schedule/duration.ts';
import { type ArchivedBook, archiveBook } from '../../operations/archive/archive-book.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSize } from '../options.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook archive`: moves old lines of the log into compressed segments, and says what that saves. */
export async function run(context: CommandContext<'archive'>): Promise<undefined> {
  const { out, options } = context;
  const root = bookRootOf(context);
  const { config } = await readConfigFile(root);
  const dryRun = options['dry-run'];
  out.progress(dryRun ? 'looking through the log …' : 'archiving …');
  const result = await archiveBook(root, {
    by: options.by === undefined ? config.archive.by : unitOf(options.by),
    keepMs: options.keep === undefined ? config.archive.keepMs : durationOf(options.keep),
    dryRun,
    clock: context.clock,
  });
  out.progress();
  if (context.json) return out.printJson(jsonOf(result, dryRun));
  return context.quiet ? undefined : printResult(context, result, dryRun);
}

function unitOf(given: string): 'month' | number {
  return given === 'month' ? given : parseSize(given, '--by, if it is not month,');
}

function durationOf(given: string): number {
  const ms = given === '0' ? 0 : parseDuration(given);
  if (ms !== undefined) return ms;
  throw new DaybookError('usage', `Expected --keep as a duration such as "30d", or 0, found "${given}".`);
}

function printResult({ out }: CommandContext<'archive'>, result: ArchivedBook, dryRun: boolean): undefined {
  const { segments, again, odd, stay, openIn, repairs } = result;
  const { faint, good, strong } = out.palette;
  const rows = segments.map(({ file, period, lines, bytes, packed }) => [
    file ?? period,
    plural(lines, 'line'),
    formatBytes(bytes),
    formatBytes(packed),
  ]);
  for (const row of formatColumns(
    rows,
    [{}, { right: true }, { right: true }, { right: true, paint: faint }],
    out.width,
  ))
    out.print(`  ${row}`);
  for (const { did } of repairs) out.note(did);
  const verb = dryRun ? strong('would archive') : good('archived');
  const lines = segments.reduce((sum, each) => sum + each.lines, 0);
  const { bytes, packed } = sizesOf(result);
  const rest = faint(`; ${formatBytes(stay)} stay in the log`);
  if (segments.length > 0)
    out.print(
      `${verb} ${plural(lines, 'line')} in ${plural(segments.length, 'segment')}: ${formatBytes(bytes)} become ${formatBytes(packed)}${rest}`,
    );
  else if (again === 0) out.print(`nothing to archive${rest}`);
  if (again > 0)
    out.print(
      `${dryRun ? strong('would take') : good('took')} ${plural(again, 'line')} out of the log that ${again === 1 ? 'stands' : 'stand'} in a segment already`,
    );
  if (odd > 0)
    out.note(
      `${plural(odd, 'line')} that cannot be read without a remark ${odd === 1 ? 'stays' : 'stay'} in the log; daybook doctor lists them`,
    );
  if (openIn.length > 0)
    out.note(
      `process ${openIn.join(', ')} still has the old log open; what it appends is taken in by the next check, build or sync`,
    );
  return undefined;
}

function sizesOf({ segments }: ArchivedBook): { bytes: number; packed: number } {
  return {
    bytes: segments.reduce((sum, each) => sum + each.bytes, 0),
    packed: segments.reduce((sum, each) => sum + each.packed, 0),
  };
}

function jsonOf(result: ArchivedBook, dryRun: boolean) {
  const { segments, again, odd, stay, openIn, repairs } = result;
  const { bytes, packed } = sizesOf(result);
  return {
    dry_run: dryRun,
    segments: segments.map(({ file, period, lines, bytes: of, packed: to, fromUs, toUs }) => ({
      file,
      period,
      lines,
      bytes: of,
      packed: to,
      from: isoMicros(fromUs),
      to: isoMicros(toUs),
    })),
    saved: bytes - packed,
    again,
    odd,
    stay,
    repairs,
    openIn,
  };
}
