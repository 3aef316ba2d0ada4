import { DaybookError } from '../../base/errors.ts';
import { formatBytes, formatCount } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { isoMicros } from '../../base/time.ts';
import { daybookBuild } from '../../base/version.ts';
import { parseDuration } from '../../formats/schedule/duration.ts';
import { type ArchivedBook, archiveBook } from '../../operations/archive/archive-book.ts';
import { readConfigFile } from '../../store/config-file.ts';
import type { NewSegment } from '../../store/segments/archive-log.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSize } from '../options.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook archive`: moves old lines of the log and old snapshots into compressed segments, and says what that saves. */
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
    build: daybookBuild,
    retention: config.retention,
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

function printResult(context: CommandContext<'archive'>, result: ArchivedBook, dryRun: boolean): undefined {
  const { out } = context;
  const { segments, odd, openIn, repairs, snapshots } = result;
  const rows = [...rowsOf(segments, 'line'), ...rowsOf(snapshots.segments, 'snapshot')];
  const right = { right: true };
  for (const row of formatColumns(
    rows,
    [{}, right, right, { ...right, paint: out.palette.faint }],
    out.width,
  ))
    out.print(`  ${row}`);
  for (const { did } of repairs) out.note(did);
  printTotals(context, result, dryRun, 'line', `${formatBytes(result.stay)} stay in the log`);
  if (snapshots.stay + snapshots.segments.length + snapshots.again > 0)
    printTotals(
      context,
      snapshots,
      dryRun,
      'snapshot',
      `${formatCount(snapshots.stay)} stay${snapshots.stay === 1 ? 's a file' : ' files'}`,
    );
  if (snapshots.thinned > 0)
    out.print(
      `${dryRun ? out.palette.strong('would thin out') : out.palette.good('thinned out')} ${plural(snapshots.thinned, 'snapshot')} by the retention rules of daybook.yaml; roll-ups keep count, least, greatest, mean, first and last of their fields`,
    );
  if (odd > 0)
    out.note(
      `${plural(odd, 'line')} that cannot be read without a remark ${odd === 1 ? 'stays' : 'stay'} in the log; daybook doctor lists them`,
    );
  if (snapshots.odd > 0)
    out.note(
      `${plural(snapshots.odd, 'snapshot')} that ${snapshots.odd === 1 ? 'is' : 'are'} damaged, or not what is archived under the same name, ${snapshots.odd === 1 ? 'stays a file' : 'stay files'}; daybook doctor says more`,
    );
  if (openIn.length > 0)
    out.note(
      `process ${openIn.join(', ')} still has the old log open; what it appends is taken in by the next check, build or sync, and until it has ended the old log stays beside the new one (snapshots/.daybook-tmp-old-…)`,
    );
  return undefined;
}

function rowsOf(segments: readonly NewSegment[], unit: string): string[][] {
  return segments.map(({ file, period, lines, bytes, packed }) => [
    file ?? period,
    plural(lines, unit),
    formatBytes(bytes),
    formatBytes(packed),
  ]);
}

function printTotals(
  { out }: CommandContext<'archive'>,
  { segments, again }: Pick<ArchivedBook, 'segments' | 'again'>,
  dryRun: boolean,
  unit: 'line' | 'snapshot',
  stays: string,
): void {
  const { faint, good, strong } = out.palette;
  const rest = faint(`; ${stays}`);
  const count = segments.reduce((sum, each) => sum + each.lines, 0);
  const { bytes, packed } = sizesOf(segments);
  if (segments.length > 0)
    out.print(
      `${dryRun ? strong('would archive') : good('archived')} ${plural(count, unit)} in ${plural(segments.length, 'segment')}: ${formatBytes(bytes)} become ${formatBytes(packed)}${rest}`,
    );
  else if (again === 0) out.print(`${unit === 'line' ? 'nothing' : 'no snapshot'} to archive${rest}`);
  if (again > 0)
    out.print(
      `${dryRun ? strong('would take') : good('took')} ${unit === 'line' ? plural(again, 'line') : plural(again, 'file')} ${unit === 'line' ? 'out of the log' : 'of snapshots away'} that ${again === 1 ? 'stands' : 'stand'} in a segment already`,
    );
}

function sizesOf(segments: readonly NewSegment[]): { bytes: number; packed: number } {
  return {
    bytes: segments.reduce((sum, each) => sum + each.bytes, 0),
    packed: segments.reduce((sum, each) => sum + each.packed, 0),
  };
}

function jsonOf(result: ArchivedBook, dryRun: boolean) {
  const { segments, again, odd, stay, openIn, repairs, snapshots } = result;
  const { bytes, packed } = sizesOf([...segments, ...snapshots.segments]);
  return {
    dry_run: dryRun,
    segments: segments.map(({ lines, ...rest }) => segmentJson(rest, { lines })),
    snapshots: {
      segments: snapshots.segments.map(({ lines, ...rest }) => segmentJson(rest, { snapshots: lines })),
      again: snapshots.again,
      odd: snapshots.odd,
      stay: snapshots.stay,
      thinned: snapshots.thinned,
    },
    saved: bytes - packed,
    again,
    odd,
    stay,
    repairs,
    openIn,
  };
}

function segmentJson(
  { file, period, bytes, packed, fromUs, toUs }: Omit<NewSegment, 'lines'>,
  count: object,
) {
  return { file, period, ...count, bytes, packed, from: isoMicros(fromUs), to: isoMicros(toUs) };
}
