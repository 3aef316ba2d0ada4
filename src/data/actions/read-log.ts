import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatCount } from '../../../collector/base/format/number.ts';
import { inLittleMemory } from '../book/little-memory.ts';
import type { ActionsFacts, CollectorReads, LoadEffects } from '../book/read-records.ts';
import { cutRows, type KnownCuts, type ShardCut } from './cuts.ts';
import { actionFacts, type LineCounts } from './facts.ts';
import { fillTable, type LogReading } from './fill-table.ts';
import { groupRows, leastRows, openRows, shardRows } from './index.ts';
import { copyOddRows, type KeptReading, keepLines, keptLines, oddName } from './kept-reading.ts';
import { type ActionSizes, publishActions } from './publish.ts';
import { type RowOrder, rowOrder } from './row-order.ts';
import { OddRows, RowSource } from './row-source.ts';
import { ShardWriter, threadedRows } from './shard-writer.ts';
import { ShardsAhead } from './shards-ahead.ts';

/** What an earlier build made of a log. */
export interface EarlierReading {
  folder: string;
  reading: KeptReading;
}

/** Where a reading stands between builds. */
export interface LogPlaces {
  /** The folder to publish into; what is kept of the reading goes beside it. */
  folder: string;
  /** A reading of the same files, of which only the last has grown since. */
  earlier: EarlierReading | undefined;
  /** The last reading of this book, whatever has happened to its log since. */
  before: EarlierReading | undefined;
  sizes?: ActionSizes | undefined;
}

/** Logs with fewer lines are read again as quickly. */
const fewestKept = 20_000;
const mostTries = 3;
/** So many lines make enough rows for threads that some of them are certainly done with. */
const linesPerLook = 2.5;

/** One pass over the log, or over what came since an earlier one; then shards are written of the lines that are new or another. */
export async function readLog(
  root: string,
  collector: CollectorReads,
  places: LogPlaces,
  effects: LoadEffects,
): Promise<ActionsFacts> {
  for (let tries = 1; ; tries++) {
    try {
      const now = tries === 1 ? places : { ...places, earlier: undefined };
      const read = () => readOnce(root, collector, now, effects);
      // What an earlier reading kept is taken up in large pieces. A whole log read so would cost a sixth of the time.
      return await (now.earlier === undefined ? read() : inLittleMemory(read));
    } catch (error) {
      // A log that was archived or mended between both looks at it is another one now.
      if (!(error instanceof collector.LogChanged) || tries === mostTries) throw error;
    }
  }
}

async function readOnce(
  root: string,
  collector: CollectorReads,
  places: LogPlaces,
  effects: LoadEffects,
): Promise<ActionsFacts> {
  const kept = join(places.folder, '..');
  const { earlier, sizes = { shardRows, leastRows, openRows, groupRows } } = places;
  const goingOn = earlier?.reading.goingOn;
  const known = goingOn && keptLines(join(earlier!.folder, '..'), goingOn.lines, goingOn.place.totals.files);
  if (known !== undefined && goingOn!.oddBytes > 0) copyOddRows(join(earlier!.folder, '..'), kept);
  const odd = OddRows.extend(join(kept, oddName), known === undefined ? 0 : goingOn!.oddBytes);
  const folder = join(places.folder, 'actions');
  mkdirSync(folder, { recursive: true });
  const thread = { root, folder, odd: join(kept, oddName), groupRows: sizes.groupRows };
  const fewest = places.sizes?.threadedRows ?? threadedRows;
  const writer = new ShardWriter({ thread, odd, collector, threadedRows: fewest });
  const before = places.earlier ?? places.before;
  const ahead = new ShardsAhead(writer, sizes, {
    known: new Set(before?.reading.marks),
    from: known?.table.count ?? 0,
    firstLook: linesPerLook * fewest,
  });
  const lines = new collector.LinesAt(root);
  try {
    const read = await fillTable(root, collector, odd, known && { ...known, ...goingOn! }, (table) => {
      ahead.look(table);
      if (table.count % 100_000 === 0) effects.progress(`${formatCount(table.count)} actions read`);
    });
    const { table } = read;
    const order = rowOrder(table);
    const cuts = cutRows(table, order, sizes, known && knownCuts(earlier!.reading));
    effects.progress(`${formatCount(order.rows.length)} actions sorted`);
    const isLarge = read.totals.lines >= (places.sizes === undefined ? fewestKept : 0);
    // A blob that is missing may come, and then the line has other details.
    const isKept = !read.hasBlobTrouble && table.count > 0 && isLarge;
    const linked = known && { folder: join(earlier!.folder, '..'), lines: goingOn!.lines };
    const goingOnFrom =
      isKept && read.end !== undefined
        ? { goingOn: { ...keepReading(kept, read, odd, linked), bounds: boundsOf(order, cuts) } }
        : {};
    // What the lines were seen as is written down, and as large as a quarter of the table.
    read.end = undefined;
    const rows = new RowSource(root, { odd, lines, resolveDetails: collector.resolveDetails }, table);
    const summary = actionFacts({ table, order, row: (of) => rows.row(of) }, countsOf(read.totals));
    const { index, marks } = await publishActions(folder, cuts, summary, {
      groupRows: sizes.groupRows,
      before: before && { folder: join(before.folder, 'actions'), ...before.reading },
      shards: { ahead: await ahead.written(), write: (wanted) => writer.write(table, order, wanted) },
    });
    const facts: ActionsFacts = { summary, findings: read.findings, files: read.totals.files };
    return isKept ? { ...facts, reading: { shards: index.shards, marks, ...goingOnFrom } } : facts;
  } finally {
    await writer.close();
    lines.close();
    odd.close();
  }
}

function countsOf({ lines, repeated, broken }: LogReading['totals']): LineCounts {
  return { lines, repeated, broken };
}

/** The first and the last line of each shard. */
function boundsOf({ rows }: RowOrder, cuts: readonly ShardCut[]): number[] {
  return cuts.flatMap(({ start, count }) => [rows[start]!, rows[start + count - 1]!]);
}

function knownCuts({ goingOn, shards, marks }: KeptReading): KnownCuts {
  const { lines, bounds } = goingOn!;
  const known = shards.map(
    ({ count }, at) => [bounds[2 * at]!, { last: bounds[2 * at + 1]!, count, mark: marks[at]! }] as const,
  );
  return { lines, shards: new Map(known) };
}

function keepReading(
  folder: string,
  { table, end, held }: LogReading,
  odd: OddRows,
  before: { folder: string; lines: number } | undefined,
): Omit<NonNullable<KeptReading['goingOn']>, 'bounds'> {
  const { seen, ...place } = end!;
  keepLines(folder, table, seen, before);
  return { place, findings: held, lines: table.count, oddBytes: odd.size };
}
