import type { JsonObject } from '../../collector/base/json/json.ts';
import { type ExperimentRecord, parseExperiment } from '../../collector/formats/experiments/experiment.ts';
import { type LedgerRun, parseLedgerRecord } from '../../collector/formats/ledger/record.ts';
import { parseReceipt } from '../../collector/formats/receipts/receipt.ts';
import type { ReceiptRecord } from '../../collector/formats/receipts/record.ts';
import type { Evidence } from '../../collector/runs/evidence.ts';
import { experimentEvidence } from '../../collector/store/runs/sources/experiment.ts';
import { ledgerEvidence } from '../../collector/store/runs/sources/ledger.ts';
import { metricsEvidence } from '../../collector/store/runs/sources/metrics.ts';
import { receiptEvidence } from '../../collector/store/runs/sources/receipt.ts';

/** A record of a ledger; `key` is "identifier/relpath/uid". */
export function ledgerRun(file: string, key: string, record: JsonObject = {}): LedgerRun {
  const [identifier = '', ...rest] = key.split('/');
  const uid = rest.pop()!;
  const whole = { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [], ...record };
  return parseLedgerRecord({ identifier, relpath: rest.join('/'), uid }, file, whole, () => undefined);
}

/** A receipt in a file; `fields` is its YAML. */
export function receipt(file: string, fields: JsonObject = {}): ReceiptRecord {
  const text = `${JSON.stringify({ config: { of: file }, ...fields })}\n`;
  const { record } = parseReceipt(text, { file, bytes: text.length, digest: `sha256:of-${file}` });
  if (record === undefined) throw new Error(`${file} is no receipt`);
  return record;
}

/** An experiment in a file; its id is the name of its folder where none is given. */
export function experiment(file: string, fields: JsonObject = {}, extra: JsonObject = {}): ExperimentRecord {
  const text = JSON.stringify({ experiment_id: file.split('/').at(-2) ?? '', status: 'created', ...fields });
  return parseExperiment(text, file, extra).record!;
}

/** A metrics file with one series. */
export function metrics(file: string, last = 1): { file: string; last: number } {
  return { file, last };
}

/** Files of each kind, as they would be read. */
export interface Parts {
  ledger?: LedgerRun[];
  receipts?: ReceiptRecord[];
  experiments?: ExperimentRecord[];
  metrics?: { file: string; last: number }[];
}

/** All that the files say, in the order in which they are read. */
export function evidenceOf({
  ledger = [],
  receipts = [],
  experiments = [],
  metrics: files = [],
}: Parts): Evidence[] {
  return [
    ...ledger.map(ledgerEvidence),
    ...receipts.map(receiptEvidence),
    ...experiments.map(experimentEvidence),
    ...files.map(({ file, last }) =>
      metricsEvidence(file, {
        series: new Map([
          [
            'loss',
            { name: 'loss', steps: Float64Array.of(1), timesUs: undefined, values: Float64Array.of(last) },
          ],
        ]),
        firstAtUs: undefined,
        lastAtUs: undefined,
        zoneless: false,
      }),
    ),
  ];
}
