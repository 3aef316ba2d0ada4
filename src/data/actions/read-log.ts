import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionsFacts, CollectorReads, LoadEffects } from '../book/read-records.ts';
import { actionFacts } from './facts.ts';
import { fillTable, type LogReading } from './fill-table.ts';
import { copyOddRows, type KeptReading, keepLines, keptLines, oddName } from './kept-reading.ts';
import { type ActionSizes, publishActions } from './publish.ts';
import { rowOrder } from './row-order.ts';
import { OddRows, RowSource } from './row-source.ts';

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

/** One pass over the log, or over what came since an earlier one; then shards are written of the lines that are new or another. */
export async function readLog(
  root: string,
  collector: CollectorReads,
  places: LogPlaces,
  effects: LoadEffects,
): Promise<ActionsFacts> {
  for (let tries = 1; ; tries++) {
    try {
      return await readOnce(
        root,
        collector,
        tries === 1 ? places : { ...places, earlier: undefined },
        effects,
      );
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
  const { earlier } = places;
  const goingOn = earlier?.reading.goingOn;
  const known = goingOn && keptLines(join(earlier!.folder, '..'), goingOn.lines);
  if (known !== undefined && goingOn!.oddBytes > 0) copyOddRows(join(earlier!.folder, '..'), kept);
  const odd = new OddRows(join(kept, oddName), known === undefined ? 0 : goingOn!.oddBytes);
  let rows: RowSource | undefined;
  try {
    const read = await fillTable(root, collector, odd, known && { ...known, ...goingOn! }, effects);
    const { table } = read;
    const order = rowOrder(table);
    effects.progress(`${order.rows.length} actions sorted`);
    rows = new RowSource(root, collector, { table, order, odd });
    const source = rows;
    const actions = { table, order, row: (first: number) => source.row(first) };
    const { lines, repeated, broken, files } = read.totals;
    const summary = actionFacts(actions, { lines, repeated, broken });
    mkdirSync(join(places.folder, 'actions'), { recursive: true });
    const before = places.earlier ?? places.before;
    const { index, marks } = publishActions(join(places.folder, 'actions'), actions, summary, {
      ...(places.sizes === undefined ? {} : { sizes: places.sizes }),
      before: before && { folder: join(before.folder, 'actions'), ...before.reading },
    });
    const facts: ActionsFacts = { summary, findings: read.findings, files };
    const isLarge = lines >= (places.sizes === undefined ? fewestKept : 0);
    // A blob that is missing may come, and then the line has other details.
    if (read.hasBlobTrouble || table.count === 0 || !isLarge) return facts;
    const reading: KeptReading = { shards: index.shards, marks };
    if (read.end !== undefined)
      reading.goingOn = keepReading(
        kept,
        read,
        odd,
        known && { folder: join(earlier!.folder, '..'), lines: goingOn!.lines },
      );
    return { ...facts, reading };
  } finally {
    rows?.close();
    odd.close();
  }
}

function keepReading(
  folder: string,
  { table, end, held }: LogReading,
  odd: OddRows,
  before: { folder: string; lines: number } | undefined,
): NonNullable<KeptReading['goingOn']> {
  const { seen, ...place } = end!;
  keepLines(folder, table, seen, before);
  return { place, findings: held, lines: table.count, oddBytes: odd.size };
}
