import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Numbers between 0 and 1, always the same for a seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/**
 * A state like a large system's: modules, processes in the order of their load, events that slide, file names. `size` 1
 * is about one megabyte; other seeds are later states of the same system.
 */
export function sampleState(seed: number, size = 1): Json {
  const random = randomFrom(seed);
  const list = (length: number, make: (at: number) => Json) =>
    Array.from({ length: length * size }, (_, at) => make(at));
  const processes = list(1300, (at) => ({
    pid: 100 + at + (seed % 3),
    name: at % 2 === 0 ? 'node' : 'python',
    cpu_seconds: random() * 1000,
    memory_bytes: Math.floor(random() * 1e9),
    command: `node server-${at}.js --port ${3000 + at}`,
  })) as { cpu_seconds: number }[];
  return {
    modules: list(2000, (at) => ({
      name: `module-${at}`,
      version: `1.${at % 9}.${at % 7}`,
      status: random() < 0.9 ? 'stable' : 'degraded',
      latency_ms: random() * 100,
      tags: ['core', 'api', `zone-${at % 13}`],
      owner: { team: `team-${at % 20}`, mail: `team-${at % 20}@example.org` },
    })),
    processes: processes.sort((a, b) => b.cpu_seconds - a.cpu_seconds) as Json,
    events: list(4000, (at) => ({
      at: `2026-11-${10 + (at % 20)}T10:00:00Z`,
      type: `kind-${at % 7}`,
      text: `event number ${at + Math.floor(seed / 7)} happened`,
      ok: at % 3 === 0,
    })),
    files: list(6000, (at) => `src/folder-${at % 37}/file-${at + (seed % 5)}.ts`),
  };
}

/** A list of `length` different numbers in an order that depends on the seed. */
export function shuffledNumbers(length: number, seed: number): number[] {
  const random = randomFrom(seed);
  const numbers = Array.from({ length }, (_, at) => at);
  for (let at = length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [numbers[at], numbers[other]] = [numbers[other]!, numbers[at]!];
  }
  return numbers;
}

/** A book with a snapshot every half hour, about 5 KB each, and an action between any two; returns the bytes of the snapshots. */
export function writeSnapshotYear(root: string, count: number): number {
  const bytes = writeSnapshots(root, count);
  let log = '';
  for (let at = 0; at < count; at++) {
    const actedAt = new Date(snapshotMs(at) + 600_000).toISOString();
    const action = { type: 'deploy', status: 'completed', details: { number: at } };
    log += `${JSON.stringify({ snapshot_id: `action_${at}`, snapshot_type: 'action', timestamp: actedAt, action })}\n`;
  }
  writeFileSync(join(root, 'snapshots', 'action_log.jsonl'), log);
  return bytes;
}

/** A snapshot every half hour, about 5 KB each; returns their bytes. */
export function writeSnapshots(root: string, count: number): number {
  const folder = join(root, 'snapshots');
  mkdirSync(folder, { recursive: true });
  const random = randomFrom(11);
  let bytes = 0;
  for (let at = 0; at < count; at++) {
    const iso = new Date(snapshotMs(at)).toISOString();
    const id = `periodic_${iso.slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
    const text = `${JSON.stringify(snapshotAt(id, iso, at, random), null, 2)}\n`;
    writeFileSync(join(folder, `${id}.json`), text);
    bytes += text.length;
  }
  return bytes;
}

const snapshotMs = (at: number): number => Date.UTC(2025, 10, 1) + at * 1_800_000;

function snapshotAt(id: string, iso: string, at: number, random: () => number): Json {
  return {
    snapshot_id: id,
    snapshot_type: 'periodic',
    timestamp: iso,
    interval: '30m',
    system_state: {
      timestamp: iso,
      health: at % 97 === 0 ? 'degraded' : 'operational',
      disk_free: 8e10 - at * 1e6,
    },
    rail_status: { deployment: at % 400 < 380 ? 'stable' : 'rolling', ingestion: 'active' },
    modules: Array.from({ length: 37 }, (_, number) => ({
      name: `module-${number}`,
      version: `1.${Math.floor(at / 500)}.${number}`,
      status: random() < 0.99 ? 'stable' : 'degraded',
      latency_ms: Math.round(random() * 1000) / 10,
    })),
    metadata: { generated_by: 'bench', version: '1.0.0' },
  };
}
