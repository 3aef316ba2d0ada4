import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchAppend } from './append.ts';
import { benchArchive } from './archive.ts';
import { benchBook } from './book.ts';
import { benchCommands } from './commands.ts';
import { benchDifferences } from './differences.ts';
import { benchBrowser } from './full/browser.ts';
import { benchBuild } from './full/build.ts';
import { benchHashing } from './hashing.ts';
import { benchLedger } from './ledger.ts';
import { benchLive } from './live.ts';
import { benchPython } from './python.ts';
import { benchRead } from './read.ts';
import { benchReceipts } from './receipts.ts';
import { writeSampleLog } from './sample-log.ts';
import { benchSamples } from './samples.ts';
import { benchSync } from './sync.ts';
import { benchWeek } from './sync-week.ts';
import { benchWriters } from './sync-writers.ts';
import { benchVersions } from './versions.ts';

/** One part of the benchmarks; it prints its tables and says whether every limit held. */
export interface Bench {
  run(): Promise<boolean>;
  /** The book it is measured on, where it is one of those. */
  size?: string;
}

/** What `npm run bench` measures. */
export const quickBenches: Record<string, Bench> = {
  append: { run: benchAppend },
  python: { run: benchPython },
  ledger: { run: benchLedger },
  read: { run: () => withLogs(benchRead) },
  commands: { run: () => withLogs((ours) => benchCommands(ours)) },
  book: { run: () => benchBook('M'), size: 'M' },
  build: { run: () => benchBuild('M'), size: 'M' },
  archive: { run: () => benchArchive('M'), size: 'M' },
  hashing: { run: benchHashing },
  receipts: { run: benchReceipts },
  differences: { run: benchDifferences },
  versions: { run: benchVersions },
  samples: { run: benchSamples },
  sync: { run: benchSync },
  week: { run: benchWeek },
  writers: { run: benchWriters },
  live: { run: benchLive },
};

/** What `npm run bench -- --full` measures. */
export const fullBenches: Record<string, Bench> = {
  build: { run: () => benchBuild('L'), size: 'L' },
  book: { run: () => benchBook('L'), size: 'L' },
  archive: { run: () => benchArchive('L'), size: 'L' },
  browser: { run: benchBrowser, size: 'L' },
};

/** What `npm run bench -- --xl` measures: hours of somebody's patience are not asked for without that word. */
export const xlBenches: Record<string, Bench> = {
  build: { run: () => benchBuild('XL', 1), size: 'XL' },
  book: { run: () => benchBook('XL', 3), size: 'XL' },
};

/** Two books of a million lines each, as long as they are needed: one of Daybook's lines, one of the original's. */
async function withLogs(work: (ours: string, original: string) => Promise<boolean>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const books = (['daybook', 'original'] as const).map((writer) => {
      const root = join(folder, writer);
      mkdirSync(join(root, 'snapshots'), { recursive: true });
      writeSampleLog(join(root, 'snapshots', 'action_log.jsonl'), 1_000_000, writer);
      return root;
    });
    return await work(books[0]!, books[1]!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
