import { closeSync, openSync, writeSync } from 'node:fs';
import { compactTime, isoMicros } from '../collector/base/time.ts';
import { type ActionLine, serializeAction } from '../collector/formats/actions/action.ts';

/** Whose lines to write: with checksums as Daybook does, or as the original does. */
export type Writer = 'daybook' | 'original';

const types = [
  'deploy',
  'build',
  'test_execution',
  'train',
  'eval',
  'release',
  'push_event',
  'data_ingestion',
  'lint',
  'sync',
];
const statuses = ['completed', 'executing', 'failed', 'completed', 'success'];

/** Writes a log of `count` lines of some 430 bytes, the same at every call: 20 types, non-ASCII and escapes included. */
export function writeSampleLog(path: string, count: number, writer: Writer): void {
  const random = seeded(20_261_120);
  const descriptor = openSync(path, 'w');
  let atUs = Date.UTC(2026, 7, 1) * 1000;
  let lines: Buffer[] = [];
  for (let number = 0; number < count; number++) {
    atUs += 1 + Math.floor(random() * 15e6);
    const line = sampleLine(number, atUs, random, writer);
    lines.push(writer === 'daybook' ? serializeAction(line) : Buffer.from(`${JSON.stringify(line)}\n`));
    if (lines.length === 4000 || number === count - 1) {
      writeSync(descriptor, Buffer.concat(lines));
      lines = [];
    }
  }
  closeSync(descriptor);
}

function sampleLine(
  number: number,
  atUs: number,
  random: () => number,
  writer: Writer,
): Omit<ActionLine, 'checksum'> {
  const started_at = isoMicros(atUs);
  const type = `${types[Math.floor(random() * 10)]}${random() < 0.5 ? '' : '_nightly'}`;
  const status = statuses[Math.floor(random() * statuses.length)]!;
  const details = {
    message: `step ${number}: größe "ok" \\ ${'x'.repeat(number % 40)}`,
    module: `core_${number % 50}`,
    score: Math.round(random() * 1e6) / 1e6,
    items: [number % 7, number % 11],
  };
  const suffix = writer === 'daybook' ? `_${(number % 0xffffff).toString(16).padStart(6, '0')}` : '';
  const head = {
    snapshot_id: `action_${compactTime(atUs)}${suffix}`,
    snapshot_type: 'action' as const,
    timestamp: started_at,
  };
  if (writer === 'original') {
    const metadata = { generated_by: 'BarrotSnapshotGenerator', version: '1.0.0' };
    return { ...head, action: { type, status, details, started_at }, metadata };
  }
  const source = { host: 'runner-7', pid: 4242, branch: 'main' };
  return {
    ...head,
    source,
    metadata: { generated_by: 'daybook', version: '0.1.0' },
    action: { type, status, started_at, details },
  };
}

/** A small generator of random numbers that is the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
