import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DaybookBook, openBook } from '../collector/index.ts';
import type { Machine } from './machine.ts';
import { type Row, type Table, verdictOf } from './report.ts';

/** A benchmark whose rows become a run of this repository's own book. */
export interface RecordedBench {
  name: string;
  /** The book it is measured on, where it is one of those. */
  size?: string | undefined;
  machine: Machine;
  /** What one types to measure it again. */
  command: string[];
  run(): Promise<Table[]>;
}

/** What of a benchmark is kept beside its metrics: its tables as they were printed, and where that was. */
export interface KeptBench {
  name: string;
  size?: string | undefined;
  machine: Machine;
  tables: Table[];
}

/** The file of a run with that. */
export const keptName = 'rows.json';

/**
 * Runs a benchmark as an experiment below runs/bench/ with a receipt. The ratio of each row is a metric, its memory another;
 * what was printed lies beside as rows.json. Fails the experiment where a limit is missed; returns whether all held.
 */
export async function recordBench(
  bench: RecordedBench,
  root: string = join(import.meta.dirname, '..'),
): Promise<boolean> {
  const book = await openBook(root);
  try {
    return await recordIn(book, bench);
  } finally {
    await book.close();
  }
}

async function recordIn(
  book: DaybookBook,
  { name, size, machine, command, run }: RecordedBench,
): Promise<boolean> {
  const title = size === undefined ? name : `${name}-${size}`;
  const at = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = join('runs', 'bench', `${at}-${title}`);
  const config = { bench: name, ...(size && { size }), ...machine };
  const experiment = await book.experiments.start(folder, {
    name: title,
    config,
    tags: ['bench'],
    description: `${command.join(' ')}: ratios to the peer or limit of the same run`,
  });
  await book.receipts.issue({ config, repos: { daybook: '.' }, out: folder, command });
  const tables = await run();
  const { values, directions } = metricsOf(tables.flatMap(({ rows }) => rows));
  if (Object.keys(values).length > 0) await experiment.metric(values, { directions });
  const kept: KeptBench = { name, size, machine, tables };
  writeFileSync(join(book.root, folder, keptName), `${JSON.stringify(kept, null, 1)}\n`);
  await experiment.artifact(join(folder, keptName), { type: 'table' });
  const missed = tables
    .flatMap(({ rows }) => rows)
    .filter((row) => ['MISSED', 'FAILED'].includes(verdictOf(row)));
  if (missed.length === 0) await experiment.complete();
  else await experiment.fail(`limits missed: ${missed.map(({ what }) => what).join('; ')}`);
  return missed.length === 0;
}

/** Ratios by what was measured, and what is better of each; memory in MiB beside. */
function metricsOf(rows: Row[]): {
  values: Record<string, number>;
  directions: Record<string, 'min' | 'max'>;
} {
  const values: Record<string, number> = {};
  const directions: Record<string, 'min' | 'max'> = {};
  for (const { what, ratio, atLeast, memory } of rows) {
    if (Number.isFinite(ratio)) {
      values[what] = ratio;
      directions[what] = atLeast === true ? 'max' : 'min';
    }
    if (memory === undefined) continue;
    values[`${what}, MiB`] = memory.mib;
    directions[`${what}, MiB`] = 'min';
  }
  return { values, directions };
}
