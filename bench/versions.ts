import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '../collector/base/json/json.ts';
import { compactTime, isoMicros } from '../collector/base/time.ts';
import {
  type BookVersions,
  openVersionStore,
  openVersions,
} from '../collector/operations/versions/book-versions.ts';
import { listPeriodic } from '../collector/store/periodic-store.ts';
import { interleave, ms, printRows } from './report.ts';

const present = 1000;
const snapshots = 17_520;

/** Versions: saving against the original's way, at ten thousand, reading behind a full chain, and a year of snapshots. */
export async function benchVersions(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  let round = 0;
  const fresh = () => join(folder, `store-${round++}`);
  try {
    writeFileSync(join(folder, 'document.json'), JSON.stringify(document(7)));
    const save = await interleave(3, {
      ours: () => timeSaves(fresh(), present, 300),
      original: () => timeOriginal(fresh(), folder),
    });
    const tenths = await timeTenths(fresh());
    const get = await timeGets(fresh());
    const year = await timeYear(join(folder, 'book'));
    const bytes = JSON.stringify(document(7)).length;
    return printRows(`Versions of a document of ${bytes} B, durability os`, [
      {
        what: `save with ${present} present, against rewriting the registry`,
        ours: ms(save.ours),
        peer: ms(save.original),
        ratio: save.original / save.ours,
        limit: 15,
        atLeast: true,
      },
      {
        what: 'save: the last thousand of 10,000 against the first',
        ours: ms(tenths.last),
        peer: ms(tenths.first),
        ratio: tenths.last / tenths.first,
        limit: 1.5,
      },
      {
        what: 'get at the end of a chain of ten, against a whole one',
        ours: ms(get.chain),
        peer: ms(get.full),
        ratio: get.chain / get.full,
        limit: 3,
      },
      { what: '10,000 versions listed by a new process', ours: ms(tenths.list), peer: '', ratio: Number.NaN },
      {
        what: `${snapshots} snapshots of 5 KB (${year.mb.toFixed(0)} MB) listed`,
        ours: ms(year.list),
        peer: '500 ms',
        ratio: year.list / 500,
        limit: 1,
      },
      { what: 'the same thinned, as a dry run', ours: ms(year.thin), peer: '', ratio: Number.NaN },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** About 6 KB; one field in sixty changes from one to the next. */
function document(n: number, count = 60): JsonValue {
  const users = Array.from({ length: count }, (_, k) => [
    `user ${k}`,
    { n: k, v: k === n % 60 ? n : k / 3, text: 'x'.repeat(60) },
  ]);
  return { n, users: Object.fromEntries(users) as JsonValue };
}

async function timeSaves(folder: string, before: number, count: number): Promise<number> {
  const manager = openVersionStore({ basePath: folder });
  const data = document(7);
  for (let n = 0; n < before; n++) await manager.save(data);
  const start = performance.now();
  for (let n = 0; n < count; n++) await manager.save(data);
  const each = (performance.now() - start) / count;
  await manager.close();
  return each;
}

function timeOriginal(folder: string, home: string): number {
  const script = join(import.meta.dirname, 'peers', 'framework0-store.py');
  const { stdout, status, stderr } = spawnSync(
    'python3',
    [script, folder, String(present), '100', join(home, 'document.json')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`python3 is needed as the peer: ${stderr}`);
  return Number(stdout);
}

async function timeTenths(folder: string): Promise<{ first: number; last: number; list: number }> {
  const manager = openVersionStore({ basePath: folder });
  // The compiler's own time is no part of the first thousand.
  const warm = openVersionStore({ basePath: `${folder}-warm` });
  for (let n = 0; n < 500; n++) await warm.save(document(7));
  const times: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const start = performance.now();
    for (let n = 0; n < 1000; n++) await manager.save(document(7));
    times.push((performance.now() - start) / 1000);
  }
  await manager.close();
  const start = performance.now();
  await openVersionStore({ basePath: folder }).list();
  return { first: times[0]!, last: times[9]!, list: performance.now() - start };
}

async function timeGets(folder: string): Promise<{ full: number; chain: number }> {
  const manager = openVersionStore({ basePath: folder });
  for (let n = 0; n < 10; n++) await manager.saveDelta(document(n), { version: `d${n}`, strategy: 'patch' });
  const { chain } = (await manager.get('d9')).metadata;
  if (chain?.length !== 9) throw new Error('The chain is not as long as it may be.');
  return interleave(7, { full: () => timeGet(manager, 'd0'), chain: () => timeGet(manager, 'd9') });
}

async function timeGet(manager: BookVersions, version: string): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < 200; n++) await manager.get(version);
  return (performance.now() - start) / 200;
}

async function timeYear(root: string): Promise<{ list: number; thin: number; mb: number }> {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const startUs = Date.now() * 1000 - snapshots * 1800e6;
  let bytes = 0;
  for (let n = 0; n < snapshots; n++) {
    const atUs = startUs + n * 1800e6;
    const id = `periodic_${compactTime(atUs).slice(0, 15)}`;
    const text = JSON.stringify({
      snapshot_id: id,
      snapshot_type: 'periodic',
      timestamp: isoMicros(atUs),
      interval: '30_minutes',
      system_state: { health: 'operational' },
      state: document(n, 46),
      metadata: {},
    });
    bytes += text.length;
    writeFileSync(join(root, 'snapshots', `${id}.json`), text);
  }
  const start = performance.now();
  if (listPeriodic(root).length !== snapshots) throw new Error('Not all snapshots are listed.');
  const list = performance.now() - start;
  const { kept } = await openVersions(root).prunePeriodic({ thin: true }, { dryRun: true });
  if (kept.length > 700) throw new Error('Too many would be kept.');
  return { list, thin: performance.now() - start - list, mb: bytes / 1e6 };
}
