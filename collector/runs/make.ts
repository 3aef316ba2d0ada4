import { numberIn } from '../base/json/exact-number.ts';
import { isObject, type JsonValue } from '../base/json/json.ts';
import { errorOfEnding, statusOfEnding } from '../formats/actions/ending.ts';
import { displayStatusOf, isFinal, notRecorded } from '../formats/actions/status.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { LedgerRun } from '../formats/ledger/record.ts';
import { textIn } from '../formats/receipts/content.ts';
import { flattenParams } from './flat-params.ts';
import type { JoinedRun } from './join.ts';
import { folderOf, nameOf, slugOf } from './key.ts';
import type { RunArtifact, RunRecord, Scalar } from './record.ts';

/** What is known of the metrics of a file without holding their values. */
export interface MetricsDigest {
  file: string;
  series: RunRecord['series'];
  firstAtUs: number | undefined;
  lastAtUs: number | undefined;
  zoneless: boolean;
}

/** What lies beside a run and counts where the run itself says nothing. */
export interface BesideRun {
  /** config.yaml or config.json, read. */
  config?: { path: string; value: JsonValue } | undefined;
  /** Best values of a complete_summary.json. */
  best?: Record<string, number> | undefined;
}

/** The record of a joined run; artifacts are not looked up yet, parents and staleness not found out. */
export function makeRun(
  joined: JoinedRun<MetricsDigest>,
  beside: BesideRun = {},
  report: (finding: Finding) => void = () => undefined,
): RunRecord {
  const { key, place, ledger, receipt, experiment, metrics } = joined;
  const { statusWord, statusFrom } = statusOfRun(joined);
  const history = historyOf(joined, { statusWord, statusFrom });
  const status = displayStatusOf(statusWord);
  const { startedAtUs, endedAtUs } = spanOf(history, isFinal(status), joined);
  const series = seriesOf(metrics);
  return {
    key,
    slug: slugOf(key),
    name: nameOf(key),
    place,
    identifier: ledger?.identifier ?? folderOf(place),
    status,
    statusWord,
    statusFrom,
    history,
    startedAtUs,
    endedAtUs,
    durationMs: durationOf(joined, startedAtUs, endedAtUs),
    atUs: timeOfRun(joined),
    zoneless: isZoneless(joined),
    params: paramsOf(joined, beside, report),
    paramHash: ledger?.paramHash,
    metrics: metricsOf(series, { ...beside.best, ...experiment?.best }),
    directions: experiment?.directions ?? Object.create(null),
    series,
    tags: [...(experiment?.tags ?? [])],
    description: experiment?.description,
    error: errorOf(joined, status),
    artifacts: artifactsOf(joined),
    stale: undefined,
    parents: [],
    receipt,
    experiment: experiment?.raw,
    ledger: ledger === undefined ? undefined : ledgerOf(ledger),
    files: filesOf(joined, beside),
  };
}

/** The configuration of the receipt, then what experiment file and config.yaml have beside it. */
function paramsOf(
  { key, place, receipt, experiment }: JoinedRun,
  { config }: BesideRun,
  report: (finding: Finding) => void,
): Record<string, Scalar> {
  const params: Record<string, Scalar> = Object.create(null);
  let lost = 0;
  for (const each of [receipt?.config, experiment?.config, config?.value]) {
    if (each !== undefined) lost += flattenParams(each, params);
  }
  if (lost === 0) return params;
  report({
    code: 'too-long',
    severity: 'note',
    file: receipt?.file ?? experiment?.file ?? config?.path ?? (place || key),
    expected: 'a configuration that can be shown in columns',
    found: `${lost} more parameters than that`,
    hint: 'They are in the file; large tables are better kept apart from parameters.',
  });
  return params;
}

/**
 * How a joined run stands, in the word of the file that says so: the ledger, else the experiment, else the exit code in
 * the receipt; "not recorded" where none does.
 */
export function statusOfRun({
  ledger,
  experiment,
  receipt,
}: JoinedRun): Pick<RunRecord, 'statusWord' | 'statusFrom'> {
  const word = ledger?.statusWord ?? experiment?.statusWord ?? '';
  if (word !== '') return { statusWord: word, statusFrom: ledger === undefined ? 'experiment' : 'ledger' };
  if (receipt?.exitCode === undefined) return { statusWord: notRecorded, statusFrom: 'none' };
  return { statusWord: statusOfEnding(receipt), statusFrom: 'receipt' };
}

/** Why a run did not end well: what its tracker says, else what is known of its command. */
function errorOf({ experiment, receipt }: JoinedRun, status: RunRecord['status']): string | undefined {
  if (experiment?.error !== undefined) return experiment.error;
  if (receipt?.exitCode === undefined || (status !== 'failed' && status !== 'aborted')) return undefined;
  return receipt.error ?? errorOfEnding(receipt);
}

/** Every change of status that is known; where nobody kept a history, the two ends that the receipt of a command has. */
function historyOf(
  joined: JoinedRun,
  { statusWord, statusFrom }: ReturnType<typeof statusOfRun>,
): RunRecord['history'] {
  const { ledger, experiment, receipt } = joined;
  const history = ledger?.history ?? experiment?.history ?? [];
  if (history.length > 0 || statusFrom !== 'receipt' || receipt?.atUs === undefined) return history;
  const start = { atUs: receipt.atUs, word: 'executing', status: 'running' as const };
  if (receipt.durationMs === undefined) return history;
  const atUs = receipt.atUs + Math.round(receipt.durationMs * 1000);
  return [start, { atUs, word: statusWord, status: displayStatusOf(statusWord) }];
}

/** The time by which a joined run is ordered: when its last attempt began, else the first that is known of it. */
export function timeOfRun(joined: JoinedRun<MetricsDigest>): number | undefined {
  const { receipt, experiment, metrics } = joined;
  const { statusWord, statusFrom } = statusOfRun(joined);
  const history = historyOf(joined, { statusWord, statusFrom });
  const { startedAtUs } = spanOf(history, isFinal(displayStatusOf(statusWord)), joined);
  const firstMetricUs = metrics.find(({ firstAtUs }) => firstAtUs !== undefined)?.firstAtUs;
  return startedAtUs ?? history[0]?.atUs ?? receipt?.atUs ?? experiment?.createdAtUs ?? firstMetricUs;
}

/** When a joined run that is over ended, where a file says so. */
export function endOfRun(joined: JoinedRun): number | undefined {
  const history = joined.ledger?.history ?? joined.experiment?.history ?? [];
  return spanOf(history, true, joined).endedAtUs;
}

/** The last attempt: from the last time it began to the end behind it, if the run is over. */
function spanOf(
  history: RunRecord['history'],
  isOver: boolean,
  { receipt, experiment }: JoinedRun,
): { startedAtUs: number | undefined; endedAtUs: number | undefined } {
  const end = isOver ? history.findLast(({ status }) => isFinal(status)) : undefined;
  const start = history.findLast(
    ({ status }, index) => status === 'running' && (end === undefined || index < history.indexOf(end)),
  );
  const startedAtUs = start?.atUs ?? experiment?.startedAtUs;
  if (end !== undefined || receipt?.durationMs === undefined || receipt.atUs === undefined) {
    return { startedAtUs, endedAtUs: end?.atUs };
  }
  // A receipt that knows how long its command took has the time when it started.
  const fromUs = startedAtUs ?? receipt.atUs;
  return { startedAtUs: fromUs, endedAtUs: isOver ? fromUs + receipt.durationMs * 1000 : undefined };
}

function durationOf(
  { receipt, experiment }: JoinedRun,
  startedAtUs: number | undefined,
  endedAtUs: number | undefined,
): number | undefined {
  // Clocks that were set back make spans that cannot be.
  const isSpan = startedAtUs !== undefined && endedAtUs !== undefined && endedAtUs >= startedAtUs;
  return receipt?.durationMs ?? (isSpan ? (endedAtUs - startedAtUs) / 1000 : experiment?.trainingTimeMs);
}

function isZoneless({ ledger, receipt, experiment, metrics }: JoinedRun<MetricsDigest>): boolean {
  return (
    [ledger, receipt, experiment].some((part) => part?.zoneless === true) ||
    metrics.some(({ zoneless }) => zoneless)
  );
}

/** The series of all files of a run; a name that occurs in several files is told apart by the file from the second on. */
function seriesOf(metrics: readonly MetricsDigest[]): RunRecord['series'] {
  const series = new Map<string, RunRecord['series'][number]>();
  for (const { file, series: own } of metrics) {
    for (const each of own) {
      const name = series.has(each.name) ? `${each.name} (${file})` : each.name;
      series.set(name, { ...each, name });
    }
  }
  return [...series.values()];
}

function metricsOf(series: RunRecord['series'], best: Record<string, number>): Record<string, number> {
  const metrics: Record<string, number> = Object.create(null);
  for (const { name, last } of series) metrics[name] = last;
  for (const [name, value] of Object.entries(best)) metrics[name] = value;
  return metrics;
}

/** Those of the experiment, the files of the ledger's record, and what the receipt says was written; each path once. */
function artifactsOf({ experiment, ledger, receipt }: JoinedRun): RunArtifact[] {
  const artifacts: RunArtifact[] = (experiment?.artifacts ?? []).map((each) => ({
    ...each,
    file: undefined,
  }));
  const known = new Set(artifacts.map(({ path }) => path));
  const add = (id: string, type: string, path: string, facts: Partial<RunArtifact> = {}) => {
    if (known.has(path)) return;
    known.add(path);
    artifacts.push({ ...noFacts, id, type, path, tags: [], ...facts });
  };
  for (const [id, path] of Object.entries(ledger?.files ?? {})) add(id, 'file', path);
  const outputs = receipt?.raw['outputs'];
  for (const [id, output] of isObject(outputs) ? Object.entries(outputs) : []) {
    if (!isObject(output) || typeof output['path'] !== 'string') continue;
    const { bytes, digest } = output;
    add(id, 'output', output['path'], {
      bytes: numberIn(bytes),
      digest: textIn(digest),
    });
  }
  return artifacts;
}

const noFacts = {
  file: undefined,
  description: undefined,
  bytes: undefined,
  digest: undefined,
  addedAtUs: undefined,
} as const;

function ledgerOf({ file, identifier, relpath, uid, record }: LedgerRun): RunRecord['ledger'] {
  return { file, identifier, relpath, uid, record };
}

function filesOf(
  { ledger, receipt, experiment, metrics }: JoinedRun<MetricsDigest>,
  { config }: BesideRun,
): RunRecord['files'] {
  const files: RunRecord['files'] = [];
  if (ledger !== undefined) files.push({ kind: 'ledger', path: ledger.file });
  if (receipt !== undefined) files.push({ kind: 'receipt', path: receipt.file });
  if (experiment !== undefined) files.push({ kind: 'experiment', path: experiment.file });
  for (const { file } of metrics) files.push({ kind: 'metrics', path: file });
  if (config !== undefined) files.push({ kind: 'config', path: config.path });
  return files;
}
