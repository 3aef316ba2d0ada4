/**
 * `npm run bench`: every benchmark in turn, or those named as arguments; exits with 1 where a limit is missed. With --full the
 * large ones (book L), with --xl those of ten million actions. With --record each becomes a run of this repository's own book,
 * and docs/performance.md is written again.
 */
import { parseArgs } from 'node:util';
import { machineLines, machineNow } from './machine.ts';
import { type Bench, fullBenches, quickBenches, xlBenches } from './parts.ts';
import { recordBench } from './record.ts';
import { printedTables, progress, type Row, verdictOf } from './report.ts';

const { values: asked, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    xl: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});

const table = asked.xl ? xlBenches : asked.full ? fullBenches : quickBenches;
const unknown = wanted.filter((name) => table[name] === undefined);
if (unknown.length > 0) {
  console.error(`Expected ${Object.keys(table).join(', ')}; found ${unknown.join(', ')}.`);
  process.exitCode = 2;
} else await runAll();

async function runAll(): Promise<void> {
  const machine = machineNow();
  for (const line of machineLines(machine)) console.log(line);
  const started = performance.now();
  for (const [name, bench] of Object.entries(table)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    progress(name);
    const run = () => rowsOf(name, bench);
    if (asked.record) await recordBench({ name, size: bench.size, machine, command: commandOf(), run });
    else await run();
  }
  if (asked.record) {
    const { writePerformanceDocs } = await import('../scripts/performance-docs.ts');
    writePerformanceDocs();
  }
  const missed = printedTables
    .flatMap(({ rows }) => rows)
    .filter((row) => ['MISSED', 'FAILED'].includes(verdictOf(row)));
  console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes; ${missedText(missed)}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** Runs one benchmark; where all of it fails, that is its only row, and the next ones run all the same. */
async function rowsOf(name: string, bench: Bench): Promise<typeof printedTables> {
  const before = printedTables.length;
  try {
    await bench.run();
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    console.error(`${name} failed: ${failed}`);
    const row: Row = { what: name, ours: '', peer: '', ratio: Number.NaN, failed: failed.slice(0, 500) };
    printedTables.push({ title: name, rows: [row] });
  }
  return printedTables.slice(before);
}

function commandOf(): string[] {
  return ['npm', 'run', 'bench', '--', ...process.argv.slice(2)];
}

function missedText(missed: Row[]): string {
  if (missed.length === 0) return 'every target held.';
  const names = missed.map(({ what, size }) => `  ${size === undefined ? what : `${what} (${size})`}`);
  return `missed or failed:\n${names.join('\n')}`;
}
