import type { ReceiptVerdict } from '../../collector/formats/receipt-record.ts';
import type * as Collector from '../../collector/read.ts';
import type { RunReads } from './load-runs.ts';

/** A build reads so much data to check receipts; what would need more is left to `daybook verify`. */
const mostVerified = 512_000_000;

/** How the runs of the book at `root` are read. */
export function runReads(root: string, collector: typeof Collector, exclude: readonly string[]): RunReads {
  return {
    async listFiles() {
      const files = await collector.findRunFiles(root, { exclude }, () => {});
      const kinds = [
        ['ledger', files.ledgers],
        // The journal of a ledger may hold what is not yet in it.
        ['ledger', files.ledgers.map((path) => path.replace(/\.json$/, '.journal.jsonl'))],
        ['receipt', files.receipts],
        ['experiment', files.experiments],
        ['metrics', files.metrics],
        ['metrics', files.summaries],
        ['config', files.configs],
      ] as const;
      return kinds.flatMap(([kind, paths]) => paths.map((path) => ({ kind, path })));
    },
    read: (report) => collector.readRuns(root, { exclude }, report),
    seriesOf: (run) => collector.readSeries(root, run),
    async verify(files) {
      const verdicts = new Map<string, ReceiptVerdict>();
      const session = collector.openVerifySession(root, { budgetBytes: mostVerified });
      try {
        for (const file of files) {
          const { record } = collector.readReceipt(root, file);
          if (record !== undefined)
            verdicts.set(file, await collector.verifyReceipt(root, record, { session }));
        }
      } finally {
        await session.close();
      }
      return verdicts;
    },
  };
}
