import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoMicros } from '../../collector/base/time.ts';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { writePeriodic } from '../../collector/store/periodic-store.ts';

/** Text that would run, break out of its place or turn the reading direction if a page trusted it. */
export const hostile = {
  script: '</script><script>window.hurt=1</script>',
  comment: '<!--<script>window.hurt=2',
  image: '<img src=x onerror="window.hurt=3">',
  quote: '"\'><svg onload=window.hurt=4>',
  link: 'javascript:window.hurt=5',
  turned: 'abc\u202Egpj.exe',
  control: 'bell\u0007 escape\u001b[31m',
};

const firstUs = Date.UTC(2026, 8, 1) * 1000;

/**
 * A book with everything the pages must cope with: more actions than one shard holds, several lines of one action,
 * hostile text, runs, errors, a broken line, and snapshots that differ. The same at every call.
 */
export function writeSampleBook(root: string, actions: number): void {
  let nowUs = firstUs;
  const writer = openActionWriter(root, { clock: { nowUs: () => nowUs } });
  const types = [
    'build',
    'deploy',
    'test_execution',
    'train',
    'a/very-long-type-name.that_does-not-fit.into-any-column',
  ];
  const statuses = ['completed', 'completed', 'completed', 'failed', 'aborted', 'pending'];
  for (let number = 0; number < actions; number++) {
    nowUs += 97_000_001;
    writer.append({
      type: types[(number * 7) % 5]!,
      status: statuses[(number * 5) % 6]!,
      details: { message: `step ${number}`, module: `core_${number % 9}`, score: number / 8 },
      durationMs: (number * 37) % 90_000,
      ...(number % 4 === 0 ? { run: `train/${String(number % 40).padStart(4, '0')}` } : {}),
      source: {
        host: number % 3 === 0 ? 'gpu-3' : 'runner-7',
        pid: 4242,
        commit: '9e07d31'.padEnd(40, '0'),
        branch: 'main',
      },
    });
  }
  nowUs += 1_000_000;
  const took = { id: 'joined-1', source: { host: 'gpu-3', url: hostile.link } };
  writer.append({
    type: 'joined',
    status: 'running',
    details: { command: 'make all' },
    startedAtUs: nowUs,
    ...took,
  });
  nowUs += 61_500_000;
  writer.append({
    type: 'joined',
    status: 'failed',
    details: { exit_code: 2 },
    error: 'make: *** [all] Error 2',
    ...took,
  });
  for (const [name, text] of Object.entries(hostile)) {
    nowUs += 1_000_000;
    writer.append({
      type: `hostile ${name} ${text}`.slice(0, 200),
      details: { [text]: text, needle: 'quetzalcoatl' },
      run: text,
    });
  }
  void writer.close();
  const log = join(root, 'snapshots', 'action_log.jsonl');
  writeFileSync(log, '{"snapshot_id": "broken", "acti\n', { flag: 'a' });
  for (let number = 0; number < 5; number++) writeSnapshot(root, number, nowUs + number * 1_800e6);
}

function writeSnapshot(root: string, number: number, atUs: number): void {
  const timestamp = isoMicros(atUs);
  writePeriodic(
    root,
    {
      snapshot_type: 'periodic',
      timestamp,
      interval: '30_minutes',
      system_state: { timestamp, uptime: `${number} h`, health: 'operational', load: number * 0.25 },
      rail_status: { deployment: number < 3 ? 'stable' : 'degraded', [hostile.image]: hostile.script },
      limits: Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`limit_${at}`, at * 10])),
      metadata: { generated_by: 'daybook', version: '0.1.0' },
    },
    atUs,
  );
}

/** A book in which nothing was recorded yet. */
export function writeEmptyBook(root: string): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  writeFileSync(join(root, 'daybook.yaml'), 'title: Nothing yet\n');
}
