import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { archiveBook } from '../../../collector/operations/archive/archive-book.ts';
import { settleBook } from '../../../collector/operations/health/settle-book.ts';
import { redact } from '../../../collector/operations/redact/redact.ts';
import { fieldHistory } from '../../../collector/operations/snapshots/field-history.ts';
import { viewRecord } from '../../../collector/operations/view-record.ts';
import { isRollupName, readRollups } from '../../../collector/store/segments/read-rollups.ts';
import { temporaryBook } from '../../helpers.ts';

const secret = 'zq-hidden-value-17';
const start = Date.UTC(2026, 0, 1);
const folder = (root: string) => join(root, 'snapshots');
const rollups = (root: string) => readdirSync(folder(root)).filter(isRollupName);

function idAt(minutes: number): string {
  const time = new Date(start + minutes * 60_000).toISOString();
  return `periodic_${time.slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
}

function write(root: string, minutes: number, host: Record<string, unknown>): void {
  mkdirSync(folder(root), { recursive: true });
  const timestamp = new Date(start + minutes * 60_000).toISOString();
  const content = {
    snapshot_id: idAt(minutes),
    snapshot_type: 'periodic',
    timestamp,
    host,
    load: { n: minutes },
  };
  writeFileSync(join(folder(root), `${idAt(minutes)}.json`), JSON.stringify(content));
}

async function archiveAt(root: string, hours: number): Promise<void> {
  const clock = { nowUs: () => (start + hours * 3_600_000) * 1000 };
  await archiveBook(root, { by: 'month', keepMs: 0, dryRun: false, clock, retention: { thin: true } });
}

/** Files of a book, packed or not, that hold the secret. */
function holding(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return (path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).includes(secret);
    })
    .map((path) => path.slice(root.length + 1));
}

/** Four snapshots of an hour, of which three are thinned out; the secret stands in the second. */
async function thinned(): Promise<string> {
  const root = temporaryBook();
  for (const [at, note] of ['a', `token ${secret}`, 'c', 'd'].entries())
    write(root, at * 15, { note, deep: { more: note } });
  await archiveAt(root, 50);
  expect(rollups(root)).toHaveLength(1);
  expect(holding(root)).toHaveLength(1);
  return root;
}

describe('redact of a snapshot that was thinned out', () => {
  it('takes a field, and all below it, out of the roll-up that stands for it', async () => {
    const root = await thinned();
    const { files, at, by } = await redact(root, idAt(15), 'host', systemClock);
    expect(holding(root)).toEqual([]);
    expect(files).toContain(`snapshots/${rollups(root)[0]}`);
    const [rollup] = readRollups(root).rollups;
    expect(rollup!.fields.get('host.note')).toMatchObject({ count: 3, last: '‹masked: by hand›' });
    expect(rollup!.fields.get('load.n')).toMatchObject({ count: 3, min: 0, max: 30 });
    expect(rollup!.redacted).toEqual([{ at, by, path: 'host' }]);
    const history = await fieldHistory({ root, path: 'host.note' });
    expect(history.values.map(({ value, snapshots }) => [value, snapshots])).toEqual([
      ['d', 1],
      ['‹masked: by hand›', 3],
    ]);
    await expect(redact(root, idAt(15), 'host.note', systemClock)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(redact(root, idAt(15), 'host.other', systemClock)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('keeps it out when hours become a day, and when another clone brings the old roll-up back', async () => {
    const root = await thinned();
    const old = rollups(root)[0]!;
    const kept = join(temporaryBook(), 'kept');
    copyFileSync(join(folder(root), old), kept);
    await redact(root, idAt(15), 'host.note', systemClock);
    await redact(root, idAt(15), 'host.deep.more', systemClock);
    copyFileSync(kept, join(folder(root), old));
    expect(JSON.stringify(readRollups(root).rollups.map(({ fields }) => [...fields]))).not.toContain(secret);
    await settleBook(root, (text) => expect.fail(text));
    expect(holding(root)).toEqual([]);
    copyFileSync(kept, join(folder(root), old));
    await archiveAt(root, 20 * 24);
    expect(holding(root)).toEqual([]);
    const [rollup] = readRollups(root).rollups;
    expect(rollup).toMatchObject({
      unit: 'day',
      redacted: [{ path: 'host.note' }, { path: 'host.deep.more' }],
    });
  });

  it('names the roll-ups that still hold what was taken out of a snapshot', async () => {
    const root = await thinned();
    write(root, 120, { note: `token ${secret}` });
    const { remaining, rolled } = await redact(root, idAt(120), 'host.note', systemClock);
    expect(remaining).toEqual([`snapshots/${rollups(root)[0]}`]);
    expect(rolled).toEqual([
      { id: idAt(0), path: 'host.note' },
      { id: idAt(0), path: 'host.deep.more' },
    ]);
    for (const { id, path } of rolled) await redact(root, id, path, systemClock);
    expect(holding(root)).toEqual([]);
  });
});

describe('view of a snapshot that is gone', () => {
  it('shows the roll-up of a thinned one, and says that a pruned one was', async () => {
    const root = await thinned();
    const found = await viewRecord(root, idAt(15));
    expect(found).toMatchObject({
      kind: 'rollup',
      atUs: (start + 15 * 60_000) * 1000,
      rollup: { unit: 'hour' },
    });
    for (const name of rollups(root)) writeFileSync(join(folder(root), name), 'no zstd');
    await expect(viewRecord(root, idAt(15))).rejects.toThrow(/was pruned; no roll-up stands for it/);
    await expect(viewRecord(root, idAt(16))).rejects.toThrow(/There is no record with the id/);
  });
});
