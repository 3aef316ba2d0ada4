import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSnapshotSegmentName } from '../../collector/formats/actions/segment.ts';
import { archiveBook } from '../../collector/operations/archive/archive-book.ts';
import { fieldHistory } from '../../collector/operations/snapshots/field-history.ts';
import { snapshotsFolder } from '../../collector/store/layout.ts';
import { periodicIds, readAllPeriodic } from '../../collector/store/periodic-store.ts';
import { readRollups } from '../../collector/store/segments/read-rollups.ts';
import { temporaryBook } from '../helpers.ts';
import { amount } from '../long.ts';
import { pause, SayingProcess } from './saying-process.ts';

const kills = Number(process.env['DAYBOOK_TEST_KILLS'] ?? amount(5, 200));
const perKill = 60;

it.each([
  ['archives them', undefined],
  ['thins them out', 20],
])(
  `loses no snapshot and has none twice in ${kills} kills of who %s`,
  {
    timeout: 60_000 + kills * 4000,
  },
  async (_, count) => {
    const root = temporaryBook();
    const folder = snapshotsFolder(root);
    mkdirSync(folder, { recursive: true });
    const written = new Map<string, string>();
    const expectAll = () => (count === undefined ? expectWhole(root, written) : expectTold(root, written));
    for (let kill = 0; kill < kills; kill++) {
      for (let each = 0; each < perKill; each++) write(folder, written);
      const archiver = new SayingProcess(
        'snapshot-archiver.ts',
        root,
        ...(count === undefined ? [] : [String(count)]),
      );
      await archiver.hasSaid(1);
      await pause(Math.random() * 120);
      archiver.kill();
      await archiver.said();
      if (kill % 4 === 0) await expectAll();
    }
    await expectAll();
    const clock = { nowUs: () => Date.now() * 1000 };
    const retention = count === undefined ? {} : { count };
    await archiveBook(root, { by: 'month', keepMs: 0, dryRun: false, clock, retention });
    await expectAll();
    const names = readdirSync(folder);
    expect(names.filter((name) => name.startsWith('periodic_'))).toHaveLength(1);
    expect(names.filter(isSnapshotSegmentName).length).toBeGreaterThan(0);
    if (count !== undefined) expect(periodicIds(root)).toHaveLength(count);
  },
);

function write(folder: string, written: Map<string, string>): void {
  const at = new Date(Date.UTC(2020, 0, 1, written.size));
  const id = `periodic_${at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
  const text = JSON.stringify({
    snapshot_id: id,
    snapshot_type: 'periodic',
    timestamp: at.toISOString(),
    load: { n: written.size },
  });
  // Whole at once, as snapshots are written.
  writeFileSync(join(folder, `.${id}`), text);
  renameSync(join(folder, `.${id}`), join(folder, `${id}.json`));
  written.set(id, text);
}

/** Every snapshot is there or a roll-up stands for it, and history counts it once. */
async function expectTold(root: string, written: ReadonlyMap<string, string>): Promise<void> {
  const { rollups, findings } = readRollups(root);
  expect(findings).toEqual([]);
  const rolled = rollups.flatMap(({ snapshots }) => snapshots.map(({ id }) => id));
  expect(new Set(rolled).size).toBe(rolled.length);
  expect(new Set([...rolled, ...periodicIds(root)])).toEqual(new Set(written.keys()));
  const history = await fieldHistory({ root, path: 'load.n' });
  expect(history).toMatchObject({ snapshots: written.size, present: written.size });
}

/** Every snapshot once and as it was written. */
function expectWhole(root: string, written: ReadonlyMap<string, string>): void {
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
