import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { repairBook } from '../../../collector/operations/health/repair.ts';
import { openVersions } from '../../../collector/operations/versions/book-versions.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import { temporaryBook } from '../../helpers.ts';
import { document } from './sample-document.ts';

/** A book with three whole versions and four in a chain. */
async function sampleStore(): Promise<{ root: string; store: string }> {
  const root = temporaryBook();
  const versions = openVersions(root);
  for (const name of ['a', 'b', 'c']) await versions.save({ name }, { version: name });
  for (let n = 0; n < 4; n++) await versions.saveDelta(document(n), { version: `d${n}` });
  await versions.close();
  return { root, store: join(root, 'snapshots/store') };
}

const codesOf = async (root: string) =>
  (await auditBook(root)).findings.map(({ code, file }) => `${code} ${file}`);

/** Files that were left a minute ago. */
function leave(path: string, text = 'x'): void {
  writeFileSync(path, text);
  utimesSync(path, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
}

describe('doctor and the store of versions', () => {
  it('has nothing to say about a good one', async () => {
    const { root } = await sampleStore();
    const { findings, versions } = await auditBook(root);
    expect({ findings, versions }).toEqual({ findings: [], versions: 7 });
    expect(await repairBook(root, systemClock)).toEqual([]);
  });

  it('finds what killed writers left, and moves it away without losing a byte', async () => {
    const { root, store } = await sampleStore();
    leave(join(store, 'metadata/.daybook-tmp-4194305-1-x.json'), 'half');
    leave(join(store, 'data/.daybook-tmp-4194305-2-x.data'));
    leave(join(store, 'data/never.data'), '{"never": "there"}');
    leave(join(store, 'data/d2.data'), '{}');
    leave(join(store, 'data/a.patch.json'), '[]');
    leave(join(store, 'registry.json.tmp'));
    expect((await codesOf(root)).every((text) => text.startsWith('leftover'))).toBe(true);
    expect(await codesOf(root)).toHaveLength(6);
    const repairs = await repairBook(root, systemClock);
    expect(repairs).toHaveLength(6);
    const never = repairs.find(({ file }) => file.endsWith('never.data'))!;
    expect(readFileSync(join(root, never.original!), 'utf8')).toBe('{"never": "there"}');
    expect(await codesOf(root)).toEqual([]);
    expect((await openVersions(root).get('d2')).data).toEqual(document(2));
  });

  it('names every version that is damaged or missing, and only those', async () => {
    const { root, store } = await sampleStore();
    writeFileSync(join(store, 'data/a.data'), '{"name":"x"}');
    rmSync(join(store, 'data/b.data'));
    rmSync(join(store, 'data/d2.patch.json'));
    expect(await codesOf(root)).toEqual([
      'damaged-version snapshots/store/data/a.data',
      'missing-version snapshots/store/data/b.data',
      'missing-version snapshots/store/data/d2.patch.json',
      'damaged-version snapshots/store/data/d3.patch.json',
    ]);
    await repairBook(root, systemClock);
    expect(await codesOf(root)).toHaveLength(4);
  });

  it('mends metadata from the registry and the registry from metadata', async () => {
    const { root, store } = await sampleStore();
    writeFileSync(join(store, 'metadata/a.json'), '{"version": "a", "crea');
    rmSync(join(store, 'metadata/b.json'));
    expect((await codesOf(root)).toSorted()).toEqual([
      'damaged-version snapshots/store/metadata/a.json',
      'missing-version snapshots/store/metadata/b.json',
    ]);
    const repairs = await repairBook(root, systemClock);
    expect(repairs.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['snapshots/store/metadata/a.json', 'snapshots/store/metadata/b.json']),
    );
    expect(await codesOf(root)).toEqual([]);
    expect((await openVersions(root).get('b')).data).toEqual({ name: 'b' });

    const registry = readFileSync(join(store, 'registry.json'));
    writeFileSync(join(store, 'registry.json'), registry.subarray(0, 500));
    expect(await codesOf(root)).toEqual(['damaged-registry snapshots/store/registry.json']);
    const [repair] = await repairBook(root, systemClock);
    expect(readFileSync(join(root, repair!.original!))).toEqual(registry.subarray(0, 500));
    expect(await codesOf(root)).toEqual([]);
    expect(
      Object.keys(JSON.parse(readFileSync(join(store, 'registry.json'), 'utf8')).snapshots),
    ).toHaveLength(7);
  });

  it("reads the original's stores: what is gone is told, and taken off the list only by repair", async () => {
    const root = temporaryBook();
    const store = join(root, 'snapshots/store');
    cpSync(join(import.meta.dirname, '../../fixtures/framework0/open-missingdata'), store, {
      recursive: true,
    });
    expect(await codesOf(root)).toEqual(['missing-version snapshots/store/data/v1795190944-5db2ddf4.data']);
    rmSync(join(store, 'metadata/v1795190944-5db2ddf4.json'));
    expect(await codesOf(root)).toEqual(['missing-version snapshots/store/data/v1795190944-5db2ddf4.data']);
    await openVersions(root).save(1);
    expect(await codesOf(root)).toHaveLength(1);
    await repairBook(root, systemClock);
    expect(await codesOf(root)).toEqual([]);
    expect(await openVersions(root).names()).toHaveLength(2);
  });

  it('says which names some systems take for one, and tags of snapshots that are gone', async () => {
    const { root, store } = await sampleStore();
    cpSync(join(store, 'data/a.data'), join(store, 'data/A.data'));
    cpSync(join(store, 'metadata/a.json'), join(store, 'metadata/A.json'));
    mkdirSync(join(store, 'periodic'));
    writeFileSync(join(store, 'periodic/periodic_20260101_000000.json'), '{"tags": ["x"]}');
    writeFileSync(join(store, 'periodic/periodic_20260102_000000.json'), '[');
    expect((await codesOf(root)).map((text) => text.split(' ')[0]).toSorted()).toEqual([
      'damaged-version',
      'missing-version',
      'similar-versions',
    ]);
  });

  it('is not led out of the store, nor stopped, by what a stranger wrote into it', async () => {
    const { root, store } = await sampleStore();
    const hostile = (name: string, more: object) =>
      writeFileSync(
        join(store, `metadata/${name}.json`),
        JSON.stringify({ version: name, checksum: 'x', ...more }),
      );
    hostile('up', {
      user_info: { delta_base_version: '../../../../etc/passwd' },
      chain: ['../../../../etc/passwd'],
    });
    writeFileSync(join(store, 'data/up.delta'), 'x');
    hostile('round', { user_info: { delta_base_version: 'round' }, chain: ['round'] });
    writeFileSync(join(store, 'data/round.patch.json'), '[]');
    hostile('folder', {});
    mkdirSync(join(store, 'data/folder.data'));
    hostile('link', {});
    symlinkSync('/etc/passwd', join(store, 'data/link.data'));
    hostile('deep', {});
    writeFileSync(join(store, 'data/deep.data'), '['.repeat(100_000));
    hostile('odd', { tags: [1, null, 'ok'], created_at: 7, user_info: [], size_bytes: 'x' });
    writeFileSync(join(store, 'metadata/list.json'), '[]');
    const { findings, versions } = await auditBook(root);
    expect(versions).toBe(13);
    const named = ['deep', 'folder', 'link', 'list', 'odd', 'round', 'up'];
    for (const name of named)
      expect(findings.filter(({ file }) => file.includes(`/${name}.`)).length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain('root:');
    expect((await openVersions(root).get('d3')).data).toEqual(document(3));
  });

  it('takes no notice of a folder that is no store', async () => {
    const root = temporaryBook();
    expect((await auditBook(root)).findings).toEqual([]);
    expect(existsSync(join(root, 'snapshots/store'))).toBe(false);
    expect(readdirSync(root)).toEqual(['snapshots']);
  });
});
