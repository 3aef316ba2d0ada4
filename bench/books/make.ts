import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSnapshots } from '../sample-documents.ts';
import { writeLog } from './log.ts';
import { type RunsSize, writeRuns } from './runs.ts';
import { writeStagedRuns } from './staged-runs.ts';
import { type WideSize, writeWideRuns } from './wide-runs.ts';

/** How large a book is. */
export interface BookSize extends RunsSize {
  lines: number;
  days: number;
  snapshots: number;
  monthly: boolean;
}

const none = { charted: 0, long: 0, longSteps: 0 };

/** The books that everything is measured on: a small one, a real project's half year, a year of much, ten times its log. */
export const bookSizes = {
  S: { lines: 600, days: 14, snapshots: 40, runs: 40, ...none, charted: 4, monthly: false },
  M: { lines: 7771, days: 51, snapshots: 285, runs: 653, ...none, charted: 40, monthly: false },
  L: {
    lines: 1_000_000,
    days: 365,
    snapshots: 17_520,
    runs: 10_000,
    charted: 400,
    long: 20,
    longSteps: 1_000_000,
    monthly: false,
  },
  XL: { lines: 10_000_000, days: 365, snapshots: 17_520, runs: 10_000, ...none, charted: 400, monthly: true },
} as const satisfies Record<string, BookSize>;

/** Writes a book of this size below `root`, the same at every call. */
export function makeBook(root: string, size: BookSize): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const runs = writeRuns(root, size);
  writeSnapshots(root, size.snapshots);
  writeLog(root, { lines: size.lines, days: size.days, monthly: size.monthly, runs });
}

/** Books of runs alone: many with many parameters and metrics, and many that were made from one another. */
export const runBooks = {
  wide: (root: string, size: WideSize = { runs: 10_000, params: 100, metrics: 100 }) =>
    writeWideRuns(root, size),
  stages: (root: string, runs = 5000) => writeStagedRuns(root, runs),
} as const;
