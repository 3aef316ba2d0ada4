import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPatch } from 'rfc6902';
import { differences } from '../collector/base/difference/difference.ts';
import { jsonPatch } from '../collector/base/difference/patch.ts';
import type { JsonValue } from '../collector/base/json/json.ts';
import { fieldHistory } from '../collector/operations/snapshots/field-history.ts';
import { interleave, ms, printRows, type Row } from './report.ts';
import { sampleState, shuffledNumbers, writeSnapshotYear } from './sample-documents.ts';

/** A document of one megabyte may take this long. */
const limitMs = 200;
const snapshotsOfAYear = 17_520;

/** Differences and patches of large documents, and one field over a year of snapshots. */
export async function benchDifferences(): Promise<boolean> {
  const documents = await benchDocuments();
  return (await benchHistory()) && documents;
}

async function benchDocuments(): Promise<boolean> {
  const states = [sampleState(7), sampleState(42)] as [JsonValue, JsonValue];
  const small = [sampleState(7, 0.05), sampleState(42, 0.05)] as [JsonValue, JsonValue];
  const numbers = [shuffledNumbers(100_000, 3), shuffledNumbers(100_000, 5)] as [JsonValue, JsonValue];
  const time = await interleave(7, {
    states: () => took(() => differences(...states)),
    statesPatch: () => took(() => jsonPatch(...states)),
    numbers: () => took(() => differences(...numbers)),
    numbersPatch: () => took(() => jsonPatch(...numbers)),
    small: () => took(() => jsonPatch(...small)),
    smallPeer: () => took(() => createPatch(...small)),
  });
  const [sizes, peerSize] = [jsonPatch(...small), createPatch(...small)].map(sizeOf);
  const against = (what: string, value: number): Row => ({
    what,
    ours: ms(value),
    peer: ms(limitMs),
    ratio: value / limitMs,
    limit: 1,
  });
  return printRows(
    `Differences of two documents (median of 7), states of ${kilobytes(sizeOf(states[0]))} each`,
    [
      against('two states', time.states),
      against('two states, as JSON Patch', time.statesPatch),
      against('100,000 numbers in another order', time.numbers),
      against('100,000 numbers, as JSON Patch', time.numbersPatch),
      {
        what: `a twentieth of the states, rfc6902's createPatch`,
        ours: ms(time.small),
        peer: ms(time.smallPeer),
        ratio: time.small / time.smallPeer,
        limit: 1,
      },
      {
        what: 'size of that patch',
        ours: kilobytes(sizes!),
        peer: kilobytes(peerSize!),
        ratio: sizes! / peerSize!,
      },
      {
        what: "the whole states, rfc6902's createPatch",
        ours: ms(time.statesPatch),
        peer: peerOnStates(),
        ratio: Number.NaN,
      },
    ],
  );
}

/** The other library in a process of its own: on lists of thousands of objects it may take all time and memory. */
function peerOnStates(): string {
  const maxSeconds = 15;
  const code = `
    import { createPatch } from 'rfc6902';
    import { sampleState } from ${JSON.stringify(join(import.meta.dirname, 'sample-documents.ts'))};
    const [a, b] = [sampleState(7), sampleState(42)];
    const start = performance.now();
    createPatch(a, b);
    console.log(performance.now() - start);`;
  const options = ['--max-old-space-size=2048', '--input-type=module', '-e', code];
  const { status, stdout } = spawnSync(process.execPath, options, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: maxSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? ms(Number(stdout)) : `stopped (${maxSeconds} s, 2 GB)`;
}

async function benchHistory(): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const bytes = writeSnapshotYear(root, snapshotsOfAYear);
    const folder = join(root, 'snapshots');
    const time = await interleave(3, {
      floor: () => took(() => parseAll(folder)),
      state: () => tookAsync(() => fieldHistory({ root, path: 'rail_status.deployment' })),
      number: () => tookAsync(() => fieldHistory({ root, path: 'modules.module-7.latency_ms' })),
    });
    const row = (what: string, value: number): Row => ({
      what,
      ours: ms(value),
      peer: ms(time.floor),
      ratio: value / time.floor,
      limit: 2.5,
    });
    return printRows(
      `History of a field over ${snapshotsOfAYear} snapshots of ${kilobytes(bytes / snapshotsOfAYear)} (median of 3), against only reading and parsing them`,
      [
        row('a state that changed 87 times', time.state),
        row('a number in a list that always changed', time.number),
      ],
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function parseAll(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.json')) JSON.parse(readFileSync(join(folder, name), 'utf8'));
  }
}

function took(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

async function tookAsync(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
