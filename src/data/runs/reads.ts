import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunsConfig } from '../../../collector/formats/config/run-places.ts';
import type { ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type * as Collector from '../../../collector/read.ts';
import { jsonText } from '../browser.ts';
import type { RunReads } from './load.ts';

/** A build reads so much data to check receipts; what would need more is left to `daybook verify`. */
const maxVerifiedBytes = 512_000_000;

/** What Daybook writes beside an experiment file. */
const besideTracker = 'experiment_daybook.json';

/** How the runs of the book at `root` are read. `format` names what is kept of files where the code itself has no name. */
export function runReads(
  root: string,
  collector: typeof Collector,
  { config, format }: { config: RunsConfig; format: string },
): RunReads {
  const read = new collector.ReadMetrics(root);
  const build = collector.daybookBuild ?? format;
  // What is looked at to tell whether anything has changed need not be looked at again to read it.
  let found: Collector.FoundRunFiles | undefined;
  let ends: Awaited<ReturnType<typeof collector.recordedEnds>> | undefined;
  const openSession = () => {
    try {
      return collector.openVerifySession(root, { budgetBytes: maxVerifiedBytes });
    } catch {
      return undefined;
    }
  };
  return {
    async listFiles() {
      const findings: Collector.Finding[] = [];
      const files = await collector.findRunFiles(root, config, (finding) => findings.push(finding));
      found = { files, findings };
      const { ledger = [], experiment = [], action: _log, ...others } = files.bySource;
      const read = collector.filesByKind(root, { bySource: others });
      const kinds: [string, string[]][] = [
        ['ledger', ledger],
        // What lies beside a file of another program holds what that has no place for, or not yet.
        ['ledger', ledger.map((path) => path.replace(/\.json$/, '.journal.jsonl'))],
        ['experiment', experiment],
        ['experiment', [...new Set(experiment.map((path) => path.replace(/[^/]*$/, besideTracker)))]],
        ...read.files,
        ['metrics', files.summaries],
        ['config', files.configs],
      ];
      return {
        files: kinds.flatMap(([kind, paths]) =>
          paths.filter((path) => existsSync(join(root, path))).map((path) => ({ kind, path })),
        ),
        sized: [read.sized, ...files.lookAlikes.map(({ path }) => path)].join('\n'),
      };
    },
    seriesFiles: (run) => collector.seriesFiles(root, run),
    async readEnds() {
      ends = await collector.recordedEnds(root);
      return jsonText(ends.map(({ names, says }) => [names, says]));
    },
    read: (report, onSigns) =>
      collector.readRuns(root, { ...config, build, read, found, ends }, report, onSigns),
    staleNow: collector.staleNow,
    // One file that fails costs the curves of its run, and no other's.
    seriesOf: async (run) => {
      try {
        return await collector.readSeries(root, run, read);
      } catch {
        return [];
      }
    },
    async verify(files) {
      const verdicts = new Map<string, ReceiptVerdict>();
      const session = openSession();
      if (session === undefined) return verdicts;
      try {
        for (const file of files) {
          try {
            const { record } = collector.readReceipt(root, file);
            if (record !== undefined)
              verdicts.set(file, await collector.verifyReceipt(root, record, { session }));
          } catch {
            // Of a receipt that cannot be checked nothing is claimed.
          }
        }
      } finally {
        await session.close();
      }
      return verdicts;
    },
  };
}
