import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSnapshotSegmentName } from '../../collector/formats/actions/segment.ts';
import { snapshotsFolder } from '../../collector/store/layout.ts';
import { readAllPeriodic } from '../../collector/store/periodic-store.ts';
import { archiveSnapshots } from '../../collector/store/segments/archive-snapshots.ts';
import { temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';
import { pause, SayingProcess } from './saying-process.ts';

const kills = Number(process.env['DAYBOOK_TEST_KILLS'] ?? amount(8, 200));
const perKill = 60;

it(`loses no snapshot and has none twice in ${kills} kills of who archives them`, {
  timeout: 60_000 + kills * 2000,
}, async () => {
  const root = temporaryBook();
  const folder = snapshotsFolder(root);
  mkdirSync(folder, { recursive: true });
  const written = new Map<string, string>();
  let hour = 0;
  const write = () => {
    const at = new Date(Date.UTC(2020, 0, 1, hour++));
    const id = `periodic_${at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
    const text = JSON.stringify({
      snapshot_id: id,
      snapshot_type: 'periodic',
      timestamp: at.toISOString(),
      hour,
    });
    // Whole at once, as snapshots are written.
    writeFileSync(join(folder, `.${id}`), text);
    renameSync(join(folder, `.${id}`), join(folder, `${id}.json`));
    written.set(id, text);
  };
  const all: SayingProcess[] = [];
  for (let kill = 0; kill < kills; kill++) {
    for (let each = 0; each < perKill; each++) write();
    const archiver = new SayingProcess('snapshot-archiver.ts', root);
    all.push(archiver);
    await archiver.hasSaid(1);
    await pause(Math.random() * 60);
    archiver.kill();
    await archiver.said();
    if (kill % 4 === 0) expectAll(root, written);
  }
  expectAll(root, written);
  await archiveSnapshots(root, { beforeUs: Number.MAX_SAFE_INTEGER });
  expectAll(root, written);
  const names = readdirSync(folder);
  expect(names.filter((name) => name.endsWith('.json'))).toHaveLength(1);
  expect(names.filter(isSnapshotSegmentName).length).toBeGreaterThan(0);
});

/** Every snapshot once and as it was written. */
function expectAll(root: string, written: ReadonlyMap<string, string>): void {
  const read = new Map<string, string>();
  const findings: unknown[] = [];
  let count = 0;
  readAllPeriodic(
    root,
    ({ id, content }) => {
      count += 1;
      read.set(id, JSON.stringify(content));
    },
    (finding) => findings.push(finding),
  );
  expect(findings).toEqual([]);
  expect(count).toBe(written.size);
  expect(read).toEqual(written);
}
