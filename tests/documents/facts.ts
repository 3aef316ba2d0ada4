import type { RunFacts } from '../../collector/documents/facts.ts';
import type { RunRecord } from '../../collector/runs/record.ts';

/** What documents are told of a run of one test. */
export function facts(run: Partial<RunRecord>, more: Partial<RunFacts> = {}): RunFacts {
  const atUs = Date.UTC(2026, 10, 20, 10) * 1000;
  const whole: RunRecord = {
    key: 'results/unet',
    slug: 'results-unet',
    name: 'unet',
    place: 'results/unet',
    identifier: 'results',
    status: 'completed',
    statusWord: 'done',
    statusFrom: 'ledger',
    history: [],
    startedAtUs: atUs,
    endedAtUs: atUs + 60_000_000,
    durationMs: 60_000,
    atUs,
    zoneless: false,
    params: { lr: 0.1 },
    paramHash: undefined,
    metrics: { iou: 0.8, loss: Number.NaN },
    directions: {},
    series: [],
    tags: [],
    description: undefined,
    error: undefined,
    artifacts: [],
    stale: undefined,
    parents: [],
    receipt: undefined,
    experiment: undefined,
    ledger: undefined,
    files: [{ kind: 'ledger', path: 'results/metadata.json' }],
    ...run,
  };
  return {
    run: whole,
    book: 'https://example.org/atlas',
    command: ['python', 'train.py'],
    config: { lr: 0.1 },
    environment: { host: 'build-1' },
    code: [],
    inputs: [],
    outputs: [],
    evidence: { path: 'results/metadata.json', sha256: 'a'.repeat(64) },
    builder: 'urn:daybook:host:build-1',
    ...more,
  };
}
