import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { isSnapshotSegmentName } from '../../../collector/formats/actions/segment.ts';
import { redact } from '../../../collector/operations/redact/redact.ts';
import { settleSnapshots } from '../../../collector/operations/redact/redact-snapshot.ts';
import { fieldHistory } from '../../../collector/operations/snapshots/field-history.ts';
import { openVersions } from '../../../collector/operations/versions/book-versions.ts';
import { viewRecord } from '../../../collector/operations/view-record.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import {
  listPeriodic,
  periodicIds,
  readAllPeriodic,
  readPeriodic,
  writePeriodicText,
} from '../../../collector/store/periodic-store.ts';
import {
  archiveSnapshots,
  dropArchivedSnapshots,
} from '../../../collector/store/segments/archive-snapshots.ts';
import { temporaryBook } from '../../helpers.ts';
import { amount } from '../../long.ts';

const everything = { beforeUs: Number.MAX_SAFE_INTEGER };
const folder = (root: string) => join(root, 'snapshots');
const segments = (root: string) => readdirSync(folder(root)).filter(isSnapshotSegmentName);
const files = (root: string) => readdirSync(folder(root)).filter((name) => /^periodic_/.test(name));

/** Snapshots as the original lays them out, one for each time, with a value each. */
function book(...all: [time: string, value: unknown][]): string {
  const root = temporaryBook();
  mkdirSync(folder(root), { recursive: true });
  for (const [time, value] of all) write(root, time, value);
  return root;
}

function write(root: string, time: string, value: unknown): string {
  const id = `periodic_${time.replace(/[-:]/g, '').replace('T', '_').slice(0, 15)}`;
  const content = { snapshot_id: id, snapshot_type: 'periodic', timestamp: `${time}Z`, git: { head: value } };
  writeFileSync(join(folder(root), `${id}.json`), JSON.stringify(content, null, 2));
  return id;
}

const three = () =>
  book(
    ['2026-01-05T00:00:00', 'é\u2028 "x"\\n'],
    ['2026-01-06T00:00:00', 1],
    ['2026-02-01T00:00:00', 2],
    ['2026-03-01T00:00:00', 3],
  );

describe('archiveSnapshots', () => {
  it('keeps every snapshot byte for byte, a segment for each month, and the newest as a file', async () => {
    const root = three();
    const before = readFileSync(join(folder(root), 'periodic_20260105_000000.json'));
    const { segments: made, stay } = await archiveSnapshots(root, everything);
    expect(made.map(({ period, lines }) => [period, lines])).toEqual([
      ['2026-01', 2],
      ['2026-02', 1],
    ]);
    expect([stay, files(root)]).toEqual([1, ['periodic_20260301_000000.json']]);
    const packed = zstdDecompressSync(readFileSync(join(folder(root), segments(root)[0]!))).toString();
    expect(JSON.parse(packed.split('\n')[0]!)).toEqual({
      name: 'periodic_20260105_000000.json',
      text: before.toString(),
    });
  });

  it('gives archived snapshots to every reader as before', async () => {
    const root = three();
    const read = async () => {
      const all: unknown[] = [];
      const findings: unknown[] = [];
      readAllPeriodic(
        root,
        ({ file: _, ...record }) => all.push(record),
        (finding) => findings.push(finding),
      );
      const viewed = await viewRecord(root, 'periodic_20260105_000000');
      const history = await fieldHistory({ root, path: 'git.head', build: 'test' });
      return {
        all,
        findings,
        ids: periodicIds(root),
        viewed: viewed.kind === 'periodic' ? viewed.record.id : viewed.kind,
        history,
      };
    };
    const before = await read();
    await archiveSnapshots(root, everything);
    expect(await read()).toEqual(before);
    // What was kept of the files is not believed of the segments, and what is kept of those is.
    expect(await read()).toEqual(before);
    expect(listPeriodic(root).map(({ file }) => file)).toEqual([
      ...[segments(root)[0], segments(root)[0], segments(root)[1]].map((name) => `snapshots/${name}`),
      'snapshots/periodic_20260301_000000.json',
    ]);
    expect((await auditBook(root)).snapshots).toBe(4);
  });

  it('leaves open months, damaged files and what no segment gives back as they are', async () => {
    const root = three();
    writeFileSync(join(folder(root), 'periodic_20260107_000000.json'), '{"snapshot_type": "peri');
    const utf16 = Buffer.from(
      '\ufeff{"snapshot_type": "periodic", "timestamp": "2026-01-08T00:00:00Z"}',
      'utf16le',
    );
    writeFileSync(join(folder(root), 'periodic_20260108_000000.json'), utf16);
    const result = await archiveSnapshots(root, { beforeUs: Date.parse('2026-02-15T00:00:00Z') * 1000 });
    expect(result).toMatchObject({ segments: [{ period: '2026-01', lines: 2 }], odd: 2, stay: 4 });
    expect(files(root)).toEqual([
      'periodic_20260107_000000.json',
      'periodic_20260108_000000.json',
      'periodic_20260201_000000.json',
      'periodic_20260301_000000.json',
    ]);
  });

  it('only says what it would do with dryRun', async () => {
    const root = three();
    const before = readdirSync(folder(root));
    const { segments: would } = await archiveSnapshots(root, { ...everything, dryRun: true });
    expect(would.map(({ file, lines }) => [file, lines])).toEqual([
      [null, 2],
      [null, 1],
    ]);
    expect(readdirSync(folder(root))).toEqual(before);
  });

  it('takes files away that stand in a segment, and never one that differs', async () => {
    const root = three();
    const copy = join(temporaryBook(), 'copy.json');
    copyFileSync(join(folder(root), 'periodic_20260106_000000.json'), copy);
    await archiveSnapshots(root, everything);
    copyFileSync(copy, join(folder(root), 'periodic_20260106_000000.json'));
    write(root, '2026-01-05T00:00:00', 'another');
    expect(await dropArchivedSnapshots(root)).toEqual(['snapshots/periodic_20260106_000000.json']);
    expect(readPeriodic(root, 'periodic_20260105_000000').record?.content).toMatchObject({
      git: { head: 'another' },
    });
    expect(await archiveSnapshots(root, everything)).toMatchObject({ segments: [], odd: 1 });
    const told = (await auditBook(root)).findings.filter(({ code }) => code === 'archived-differs');
    expect(told.map(({ file }) => file)).toEqual(['snapshots/periodic_20260105_000000.json']);
    expect(periodicIds(root)).toHaveLength(4);
  });

  it('never gives the name of an archived snapshot to another', async () => {
    const root = three();
    await archiveSnapshots(root, everything);
    const atUs = Date.parse('2026-01-05T00:00:00Z') * 1000;
    const id = writePeriodicText(root, '{\n  "snapshot_type": "periodic", "n": 1\n}\n', atUs);
    expect(id).toBe('periodic_20260105_000000_2');
  });

  it('says of a damaged segment which snapshots are missing, and gives all others', async () => {
    const root = three();
    await archiveSnapshots(root, everything);
    const path = join(folder(root), segments(root)[0]!);
    const bytes = readFileSync(path);
    bytes[12] = bytes[12]! ^ 0xff;
    writeFileSync(path, bytes);
    const { findings, snapshots } = await auditBook(root);
    expect(snapshots).toBe(2);
    const about = findings.filter(({ code }) => code === 'unreadable');
    expect(about.map(({ file, found }) => [file, found.slice(0, 29)])).toEqual([
      [`snapshots/${segments(root)[0]}`, 'periodic_20260105_000000.json'],
      [`snapshots/${segments(root)[0]}`, 'periodic_20260106_000000.json'],
    ]);
    writeFileSync(path, bytes.subarray(0, 40));
    expect((await auditBook(root)).findings.filter(({ code }) => code === 'unreadable')).toHaveLength(1);
    rmSync(path);
    expect((await auditBook(root)).snapshots).toBe(2);
  });

  it('lets pruning take archived snapshots out of their segment', async () => {
    const root = three();
    await archiveSnapshots(root, everything);
    const manager = openVersions(root);
    const { removed } = await manager.prunePeriodic({ count: 2 });
    await manager.close();
    expect(removed.map(({ id }) => id)).toEqual(['periodic_20260106_000000', 'periodic_20260105_000000']);
    expect(periodicIds(root)).toEqual(['periodic_20260201_000000', 'periodic_20260301_000000']);
    expect(segments(root)).toHaveLength(1);
  });
});

describe('redact', () => {
  it('takes something out of an archived snapshot', async () => {
    const root = three();
    await archiveSnapshots(root, everything);
    const { files: changed } = await redact(root, 'periodic_20260106_000000', 'git.head', systemClock);
    expect(changed).toEqual([`snapshots/${segments(root)[0]}`, 'snapshots/latest_periodic.json']);
    const { record } = readPeriodic(root, 'periodic_20260106_000000');
    expect(record?.content).toMatchObject({
      git: { head: '‹masked: by hand›' },
      redacted: [{ path: 'git.head' }],
    });
    expect(readPeriodic(root, 'periodic_20260105_000000').record?.content).toMatchObject({ git: {} });
  });

  it.each(['archived', 'file'] as const)(
    'keeps it out where one clone redacted and another archived: %s',
    async (redacted) => {
      const root = three();
      const name = 'periodic_20260106_000000.json';
      const copy = readFileSync(join(folder(root), name));
      if (redacted === 'archived') await archiveSnapshots(root, everything);
      await redact(root, name.slice(0, -5), 'git.head', systemClock);
      if (redacted === 'archived') writeFileSync(join(folder(root), name), copy);
      else {
        const own = readFileSync(join(folder(root), name));
        writeFileSync(join(folder(root), name), copy);
        await archiveSnapshots(root, everything);
        writeFileSync(join(folder(root), name), own);
      }
      await settleSnapshots(root);
      expect(existsSync(join(folder(root), name))).toBe(false);
      expect(readPeriodic(root, name.slice(0, -5)).record?.content).toMatchObject({
        git: { head: '‹masked: by hand›' },
      });
    },
  );
});

it('has the same history whenever it was archived', async () => {
  const values = fc.uniqueArray(
    fc.record({ hour: fc.integer({ min: 0, max: 2400 }), value: fc.integer({ min: 0, max: 3 }) }),
    { selector: ({ hour }) => hour, minLength: 1, maxLength: 20 },
  );
  const archivings = fc.array(
    fc.record({ when: fc.integer({ min: 0, max: 19 }), until: fc.integer({ min: 0, max: 2600 }) }),
    { maxLength: 4 },
  );
  const property = fc.asyncProperty(values, archivings, async (all, some) => {
    const [plain, root] = [book(), book()];
    for (const [at, { hour, value }] of all.entries()) {
      const time = new Date(Date.UTC(2026, 0, 1, hour)).toISOString().slice(0, 19);
      for (const each of [plain, root]) write(each, time, value);
      for (const { when, until } of some)
        if (when === at) await archiveSnapshots(root, { beforeUs: Date.UTC(2026, 0, 1, until) * 1000 });
    }
    const path = 'git.head';
    expect(await fieldHistory({ root, path })).toEqual(await fieldHistory({ root: plain, path }));
  });
  await fc.assert(property, { numRuns: amount(40, 400) });
});
