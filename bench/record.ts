import { join } from 'node:path';
import { type DaybookBook, openBook } from '../collector/index.ts';
import type { Row } from './report.ts';

/** A benchmark whose rows become a run of this repository's own book. */
export interface RecordedBench {
  name: string;
  /** Where its code lies, for the data of the receipt. */
  file: string;
  run(): Promise<Row[]>;
}

/**
 * Runs a benchmark as an experiment below runs/bench/ with a receipt, each row a metric (its ratio); fails the
 * experiment where a limit is missed. Returns whether every limit held.
 */
export async function recordBench(root: string, bench: RecordedBench): Promise<boolean> {
  const book = await openBook(root);
  try {
    return await recordIn(book, bench);
  } finally {
    await book.close();
  }
}

async function recordIn(book: DaybookBook, { name, file, run }: RecordedBench): Promise<boolean> {
  const at = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = join('runs', 'bench', `${at}-${name}`);
  const config = { bench: name, node: process.version, platform: process.platform, arch: process.arch };
  const receipt = { config, repos: { daybook: '.' }, data: { program: file }, out: folder };
  const experiment = await book.experiments.start(folder, {
    name,
    config,
    tags: ['bench'],
    description: `npm run bench -- ${name}: ratios to the peer or limit of the same run`,
  });
  await book.receipts.issue(receipt);
  const rows = await run();
  const measured = rows.filter((row) => Number.isFinite(row.ratio));
  if (measured.length > 0) {
    await experiment.metric(Object.fromEntries(measured.map((row) => [row.what, row.ratio])), {
      directions: Object.fromEntries(
        measured.map((row) => [row.what, row.atLeast === true ? ('max' as const) : ('min' as const)]),
      ),
    });
  }
  const missed = rows.filter(isMissed).map((row) => row.what);
  if (missed.length === 0) await experiment.complete();
  else await experiment.fail(`limits missed: ${missed.join('; ')}`);
  return missed.length === 0;
}

function isMissed({ ratio, limit, atLeast }: Row): boolean {
  if (limit === undefined) return false;
  return !(atLeast === true ? ratio >= limit : ratio <= limit);
}
