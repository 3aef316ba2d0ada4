/**
 * `npm run bench`: every benchmark in turn, or those named as arguments; exits with 1 where a limit is missed. With
 * --record each becomes a run of this repository's own book.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchAppend } from './append.ts';
import { benchBook } from './book.ts';
import { benchCommands } from './commands.ts';
import { benchDifferences } from './differences.ts';
import { benchHashing } from './hashing.ts';
import { benchLedger } from './ledger.ts';
import { benchLive } from './live.ts';
import { benchPython } from './python.ts';
import { benchRead } from './read.ts';
import { benchReceipts } from './receipts.ts';
import { recordBench } from './record.ts';
import { printedRows } from './report.ts';
import { writeSampleLog } from './sample-log.ts';
import { benchSamples } from './samples.ts';
import { benchSite } from './site.ts';
import { benchSync } from './sync.ts';
import { benchWeek } from './sync-week.ts';
import { benchVersions } from './versions.ts';

const isRecorded = process.argv.includes('--record');
const wanted = process.argv.slice(2).filter((name) => name !== '--record');
const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
const benches: Record<string, () => Promise<boolean>> = {
  append: benchAppend,
  python: benchPython,
  ledger: benchLedger,
  read: () => benchRead(millionBook('daybook'), millionBook('original')),
  commands: () => benchCommands(millionBook('daybook')),
  book: () => benchBook(),
  hashing: benchHashing,
  receipts: benchReceipts,
  differences: benchDifferences,
  versions: benchVersions,
  samples: benchSamples,
  sync: benchSync,
  week: benchWeek,
  site: () => benchSite(millionBook('daybook')),
  live: benchLive,
};

const made = new Map<string, string>();

function millionBook(writer: 'daybook' | 'original'): string {
  const known = made.get(writer);
  if (known !== undefined) return known;
  const root = join(folder, writer);
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  writeSampleLog(join(root, 'snapshots', 'action_log.jsonl'), 1_000_000, writer);
  made.set(writer, root);
  return root;
}

function recorded(name: string, bench: () => Promise<boolean>): Promise<boolean> {
  const run = async () => {
    const before = printedRows.length;
    await bench();
    return printedRows.slice(before);
  };
  return recordBench(join(import.meta.dirname, '..'), { name, file: `bench/${name}.ts`, run });
}

let allHeld = true;
try {
  console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    allHeld = (isRecorded ? await recorded(name, bench) : await bench()) && allHeld;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = allHeld ? 0 : 1;
