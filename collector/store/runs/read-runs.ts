import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { LedgerRun } from '../../formats/ledger/record.ts';
import type { MetricsRecord } from '../../formats/metrics/metrics.ts';
import type { MetricSeries, SeriesResume } from '../../formats/metrics/series.ts';
import type { ReceiptRecord } from '../../formats/receipts/record.ts';
import { claimedFiles, joinRuns } from '../../runs/join.ts';
import { type MetricsDigest, makeRun } from '../../runs/make.ts';
import { resolveParents } from '../../runs/parents.ts';
import type { RunRecord } from '../../runs/record.ts';
import { apart } from '../apart.ts';
import { readExperiment } from '../experiments/read-experiment.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { thisWorld } from '../ledger/staleness.ts';
import { readReceipt } from '../receipts/receipt-files.ts';
import { ArtifactFiles, MissingFiles } from './artifact-files.ts';
import { BesideRuns, checkBest } from './beside-run.ts';
import { type FindOptions, findRunFiles, type RunFiles } from './find-run-files.ts';
import { readMetricsFile } from './read-metrics.ts';
import { StaleRuns, staleness } from './stale-runs.ts';

const filesPerPause = 200;

/**
 * Every run of a book, newest first; runs without any time come last. Reads all run files once and joins what is one
 * run (docs/runs.md). Never fails on a file: what cannot be read is reported.
 */
export async function readRuns(
  root: string,
  options: FindOptions = {},
  report: (finding: Finding) => void = () => undefined,
): Promise<RunRecord[]> {
  const files = await findRunFiles(root, options, report);
  const parts = await readParts(root, files, report);
  const beside = new BesideRuns(root, files, report);
  const artifacts = new ArtifactFiles(root);
  const missing = new MissingFiles();
  const stale = new StaleRuns();
  const world = thisWorld();
  const runs: RunRecord[] = [];
  const pause = pauses();
  for (const joined of joinRuns(parts, report)) {
    const run = makeRun(joined, await beside.of(joined), report);
    if (joined.experiment !== undefined) {
      checkBest(joined.experiment.file, joined.experiment.best, joined.metrics, report);
    }
    for (const each of joined.metrics) each.values = undefined;
    artifacts.locate(run, missing);
    run.stale = staleness(joined, world);
    if (run.stale !== undefined) stale.add(run);
    runs.push(run);
    await pause();
  }
  for (const finding of [...stale.findings(), ...missing.findings()]) report(finding);
  resolveParents(runs, report);
  return runs.sort(newestFirst);
}

/** The order of lists of runs: newest first, then by key; without a time last. */
export function newestFirst(a: RunRecord, b: RunRecord): number {
  const byTime = (b.atUs ?? Number.NEGATIVE_INFINITY) - (a.atUs ?? Number.NEGATIVE_INFINITY);
  return byTime || (a.key < b.key ? -1 : 1);
}

type MetricsPart = MetricsDigest & { values: MetricsRecord | undefined };

/** Reads all files of which runs are made, before they are joined. @throws the reason of `signal` when it aborts. */
export async function readParts(
  root: string,
  files: RunFiles,
  report: (finding: Finding) => void,
  signal?: AbortSignal,
) {
  const ledger: LedgerRun[] = [];
  const receipts: ReceiptRecord[] = [];
  const experiments: ExperimentRecord[] = [];
  const metrics: MetricsPart[] = [];
  const pause = pauses(signal);
  for (const file of files.ledgers) {
    for (const run of (await apart(file, () => readLedger(root, file, report), report)) ?? [])
      ledger.push(run);
    signal?.throwIfAborted();
  }
  const isClaimed = claimedFiles(ledger);
  for (const file of files.receipts.filter(isClaimed)) {
    const read = await apart(file, () => readReceipt(root, file), report);
    for (const finding of read?.findings ?? []) report(finding);
    if (read?.record !== undefined) receipts.push(read.record);
    await pause();
  }
  for (const file of files.experiments.filter(isClaimed)) {
    const record = await apart(file, () => readExperiment(root, file, report), report);
    if (record !== undefined) experiments.push(record);
    await pause();
  }
  for (const file of files.metrics.filter(isClaimed)) {
    const record = await apart(file, () => readMetricsFile(root, file, report), report);
    if (record !== undefined && record.lines > 0) metrics.push(metricsPart(file, record));
    await pause();
  }
  return { ledger, receipts, experiments, metrics };
}

function metricsPart(file: string, values: MetricsRecord): MetricsPart {
  const { firstAtUs, lastAtUs, zoneless } = values;
  const series = [...values.series.values()].map((each) => ({
    name: each.name,
    count: each.values.length,
    last: each.values.at(-1)!,
    ...(each.resumed === undefined ? {} : { resumed: resumeOf(each.resumed) }),
  }));
  return { file, series, firstAtUs, lastAtUs, zoneless, values };
}

function resumeOf({ by, at, earlier }: NonNullable<MetricSeries['resumed']>): SeriesResume {
  return { by, at, earlier: earlier.values.length };
}

/** Gives others their turn now and then, and stops where that is wished. */
function pauses(signal?: AbortSignal): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    signal?.throwIfAborted();
    count += 1;
    return count % filesPerPause === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
  };
}
