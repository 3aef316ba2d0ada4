import type { MetricSeries, PlainSeries } from '../../collector/formats/metrics/series.ts';
import type { ReceiptRecord } from '../../collector/formats/receipts/record.ts';
import type { RunRecord } from '../../collector/runs/record.ts';

const startUs = Date.UTC(2026, 10, 20) * 1000;

/** One run as the collector reads it, newest first by `index`; `given` overrides. */
export function runRecord(index: number, given: Partial<RunRecord> = {}): RunRecord {
  const atUs = startUs - index * 60e6;
  const status = index % 10 === 3 ? 'failed' : 'completed';
  return {
    key: `metadata:train/${index}`,
    slug: `train-${index}`,
    name: String(index),
    place: `train/${index}`,
    identifier: index % 2 === 0 ? 'even' : 'odd',
    status,
    statusWord: status === 'failed' ? 'error' : 'done',
    statusFrom: 'ledger',
    history: [{ atUs, word: 'running', status: 'running' }],
    startedAtUs: atUs,
    endedAtUs: atUs + 30e6,
    durationMs: 30_000,
    atUs,
    zoneless: false,
    params: records({ lr: 0.1 / (1 + (index % 5)), opt: index % 2 === 0 ? 'adam' : 'sgd', seed: 42 }),
    paramHash: undefined,
    metrics: records({ loss: index === 3 ? Number.NaN : 1 / (index + 1) }),
    directions: {},
    series: [],
    tags: index % 3 === 0 ? ['keep'] : [],
    description: undefined,
    error: status === 'failed' ? 'out of memory' : undefined,
    artifacts: [],
    stale: undefined,
    parents: [],
    receipt: undefined,
    experiment: undefined,
    ledger: undefined,
    files: [{ kind: 'ledger', path: 'metadata.json' }],
    ...given,
  };
}

/** A receipt with nothing in it but what is given. */
export function receiptRecord(file: string, given: Partial<ReceiptRecord> = {}): ReceiptRecord {
  return {
    file,
    generation: 'daybook',
    bytes: 100,
    digest: 'sha256:00',
    exitCode: 0,
    durationMs: 1000,
    run: undefined,
    caller: undefined,
    raw: { anything: 'that the file holds' },
    atUs: startUs,
    zoneless: false,
    config: {},
    repos: {},
    data: {},
    inputs: {},
    previous: [],
    parent: undefined,
    environment: undefined,
    ...given,
  };
}

/** A series of `count` points. */
export function metricSeries(name: string, count: number): MetricSeries {
  const steps = Array.from({ length: count }, (_, step) => step);
  const values = steps.map((step) => 1 / (step + 1));
  return packedPoints({ name, steps, timesUs: steps.map(() => undefined), values });
}

/** A series in columns, as files of metrics are read. */
export function packedPoints({ name, steps, timesUs, values }: PlainSeries): MetricSeries {
  return {
    name,
    steps: Float64Array.from(steps),
    timesUs: timesUs.every((us) => us === undefined)
      ? undefined
      : Float64Array.from(timesUs, (us) => us ?? Number.NaN),
    values: Float64Array.from(values),
  };
}

/** A record without a prototype, as the collector makes them. */
export function records<Value>(entries: Record<string, Value>): Record<string, Value> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries);
}
