import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import {
  RefusedVersionError,
  VersionError,
  VersionNotFoundError,
} from '../../../collector/formats/versions/errors.ts';
import { type BookVersions, openVersionStore } from '../../../collector/operations/versions/book-versions.ts';
import { temporaryFolder } from '../../helpers.ts';
import { createMemoryBackend } from '../../store/versions/memory-backend.ts';
import { document } from '../../store/versions/sample-document.ts';

/** The same tests over files and over a backend that knows nothing of files. */
const places: [string, () => { folder: string; manager: BookVersions }][] = [
  [
    'files',
    () => {
      const folder = join(temporaryFolder(), 'store');
      return { folder, manager: openVersionStore({ basePath: folder }) };
    },
  ],
  [
    'memory',
    () => ({ folder: temporaryFolder(), manager: openVersionStore({ backend: createMemoryBackend() }) }),
  ],
];

describe.each(places)('versions in %s', (_, open) => {
  it('are saved and read with all that was said of them', async () => {
    const { manager } = open();
    const saved = await manager.save(
      { a: 1 },
      { version: 'v1.0.0', tags: ['выпуск 1', 'x', 'x'], description: 'first', userInfo: { by: 'me' } },
    );
    expect(saved).toMatchObject({
      version: 'v1.0.0',
      form: 'full',
      base: null,
      chain_length: 1,
      reason: null,
    });
    const { data, metadata } = await manager.get('v1.0.0');
    expect(data).toEqual({ a: 1 });
    expect(metadata).toMatchObject({
      tags: ['выпуск 1', 'x'],
      description: 'first',
      user_info: { by: 'me' },
      entry_count: 1,
    });
    expect((await manager.save([1])).version).toMatch(/^v\d{10}-[0-9a-f]{8}$/);
    expect((await manager.latest()).data).toEqual([1]);
    expect((await manager.byTag('выпуск 1')).metadata.version).toBe('v1.0.0');
  });

  it.each<[string, JsonValue]>([
    ['null', null],
    ['a number', 0.1],
    ['true', true],
    ['an empty text', ''],
    ['a text like JSON', '{"a": 1}'],
    ['a text of lines', 'a\r\nb\n\n'],
    ['a list', []],
    ['odd keys', JSON.parse('{"__proto__": {"a": 1}, "": [null], "constructor": 1}')],
  ])('hold %s', async (_name, value) => {
    const { manager } = open();
    const [{ version }, delta] = [
      await manager.save(value),
      await manager.saveDelta(value, { strategy: 'patch' }),
    ];
    for (const name of [version, delta.version])
      expect(JSON.stringify((await manager.get(name)).data)).toBe(JSON.stringify(value));
  });

  it('lead on from each other in chains of ten, and every call reads them alike', async () => {
    const { manager } = open();
    const names: string[] = [];
    const lengths: number[] = [];
    for (let n = 0; n < 23; n++) {
      const saved = await manager.saveDelta(document(n), { tags: [`t${n}`] });
      names.push(saved.version);
      lengths.push(saved.chain_length);
      if (saved.form === 'delta') expect(saved.stored_bytes * 2).toBeLessThanOrEqual(saved.size_bytes);
    }
    expect(lengths).toEqual([
      ...Array.from({ length: 10 }, (_v, at) => at + 1),
      ...Array.from({ length: 10 }, (_v, at) => at + 1),
      1,
      2,
      3,
    ]);
    for (const [n, name] of names.entries()) {
      expect((await manager.get(name)).data).toEqual(document(n));
      expect((await manager.byTag(`t${n}`)).data).toEqual(document(n));
    }
    expect((await manager.compare(names[8]!, names[9]!)).is_different).toBe(true);
    const { path } = await manager.export(names[9]!, join(temporaryFolder(), 'one.json'));
    expect(JSON.parse(readFileSync(path, 'utf8')).data).toEqual(document(9));
  });

  it('keep to the strategy', async () => {
    const { manager } = open();
    await manager.save(document(0));
    expect(await manager.saveDelta(document(1), { strategy: 'full' })).toMatchObject({
      form: 'full',
      reason: expect.stringContaining('full'),
    });
    expect(await manager.saveDelta({ other: 1 })).toMatchObject({
      form: 'full',
      reason: 'a delta would not save half',
    });
    expect(await manager.saveDelta({ other: 2 }, { strategy: 'patch' })).toMatchObject({ form: 'delta' });
  });

  it('are equal to themselves, and different by what differs', async () => {
    const { manager } = open();
    await manager.save({ a: 1, b: [1, 2] }, { version: 'one', tags: ['t'] });
    await manager.saveDelta({ b: [1, 2], a: 1 }, { version: 'two', strategy: 'patch' });
    await manager.save({ a: 2, b: [1, 2] }, { version: 'three' });
    expect(await manager.compare('one', 'one')).toMatchObject({
      is_different: false,
      differences: [],
      patch: [],
    });
    expect((await manager.compare('one', 'two')).is_different).toBe(false);
    const { is_different, differences, patch } = await manager.compare('t', 'latest');
    expect({ is_different, patch }).toEqual({
      is_different: true,
      patch: [{ op: 'replace', path: '/a', value: 2 }],
    });
    expect(differences).toMatchObject([{ kind: 'changed', path: 'a', before: 1, after: 2 }]);
  });

  it('store again what depends on a deleted one, wherever in the chain it stood', async () => {
    for (const victim of [0, 1, 5, 9]) {
      const { manager } = open();
      for (let n = 0; n < 10; n++) await manager.saveDelta(document(n), { version: `d${n}` });
      const { removed, rebased } = await manager.delete(`d${victim}`);
      expect(removed).toEqual([`d${victim}`]);
      expect(rebased).toEqual(victim === 9 ? [] : [`d${victim + 1}`]);
      for (let n = 0; n < 10; n++)
        if (n !== victim) expect((await manager.get(`d${n}`)).data).toEqual(document(n));
      await expect(manager.get(`d${victim}`)).rejects.toThrow(VersionNotFoundError);
    }
  });

  it('share a new whole one where several lose the same base', async () => {
    const { manager } = open();
    await manager.save(document(0), { version: 'root' });
    for (let n = 1; n < 6; n++) await manager.saveDelta(document(n), { version: `d${n}`, base: 'root' });
    await manager.delete('root');
    const forms = (await manager.list()).map(({ user_info }) => user_info['delta_base_version'] ?? 'whole');
    expect(forms.toSorted()).toEqual(['d1', 'd1', 'd1', 'd1', 'whole']);
    for (let n = 1; n < 6; n++) expect((await manager.get(`d${n}`)).data).toEqual(document(n));
  });

  it('are limited in number by the oldest going, deltas and tags or not', async () => {
    const { folder } = open();
    const manager = openVersionStore({ basePath: join(folder, 'limited'), maxSnapshots: 5 });
    const removed: string[][] = [];
    for (let n = 0; n < 12; n++)
      removed.push((await manager.saveDelta(document(n), { version: `d${n}`, tags: ['t'] })).removed);
    expect(removed.flat()).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6']);
    expect(await manager.names()).toEqual(['d11', 'd10', 'd9', 'd8', 'd7']);
    for (let n = 7; n < 12; n++) expect((await manager.get(`d${n}`)).data).toEqual(document(n));
  });

  it('are tagged, untagged and counted', async () => {
    const { manager } = open();
    await manager.save(1, { version: 'a', tags: ['x'] });
    await manager.save(2, { version: 'b' });
    expect(await manager.tag('a', ['x', 'y z', 'проверка'])).toEqual(['x', 'y z', 'проверка']);
    await manager.tag('b', ['x', '__proto__']);
    expect([...(await manager.tags())]).toEqual([
      ['__proto__', 1],
      ['x', 2],
      ['y z', 1],
      ['проверка', 1],
    ]);
    expect((await manager.byTag('x')).metadata.version).toBe('b');
    expect((await manager.allByTag('x')).map(({ metadata }) => metadata.version)).toEqual(['b', 'a']);
    expect(await manager.untag('b', ['x'])).toEqual(['__proto__']);
    await expect(manager.untag('b', ['x'])).rejects.toThrow('does not have the tag "x"');
    await expect(manager.tag('b', [''])).rejects.toThrow('Expected a tag');
  });

  it.each([
    'a/b',
    '../a',
    'a\\b',
    '.',
    '..',
    '.hidden',
    'a..b',
    'a\u0000b',
    'a\nb',
    'a b',
    '',
    'x'.repeat(300),
    'con',
    'a.',
    'é',
    'e\u0301',
    'latest',
    'periodic_20260101_000000',
  ])('refuse the name %j', async (version) => {
    const { manager } = open();
    await expect(manager.save(1, { version })).rejects.toThrow(RefusedVersionError);
    await expect(manager.get(version)).rejects.toThrow(VersionNotFoundError);
    expect(await manager.names()).toEqual([]);
  });

  it('refuse a name that is taken, or that differs only in case', async () => {
    const { manager } = open();
    await manager.save(1, { version: 'Release-1' });
    await expect(manager.save(2, { version: 'Release-1' })).rejects.toThrow(
      'There is a version "Release-1" already',
    );
    await expect(manager.save(2, { version: 'release-1' })).rejects.toThrow('only in case');
    await expect(manager.get('release-1')).rejects.toThrow(VersionNotFoundError);
    expect((await manager.get('Release-1')).data).toBe(1);
  });

  it('are looked for among near ones', async () => {
    const { manager } = open();
    await expect(manager.latest()).rejects.toThrow(VersionNotFoundError);
    await manager.save(1, { version: 'v1.0.0', tags: ['release'] });
    await manager.save(1, { version: 'v1.0.1' });
    await expect(manager.get('v1.0.2')).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('"v1.0.0"'),
    });
    await expect(manager.get('release')).rejects.toMatchObject({ hint: expect.stringContaining('--tag') });
    await expect(manager.byTag('relaese')).rejects.toMatchObject({ hint: 'Near are "release".' });
    await expect(manager.delete('v1')).rejects.toThrow(VersionNotFoundError);
    await expect(manager.tag('v2', ['x'])).rejects.toThrow(VersionNotFoundError);
    await expect(manager.saveDelta(1, { base: 'nothing' })).rejects.toThrow(VersionNotFoundError);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', { a: Symbol('a') }],
    ['half a character', { a: '\ud800' }],
  ])('refuse %s with a clear error', async (_name, data) => {
    const { manager } = open();
    await expect(manager.save(data)).rejects.toThrow(VersionError);
    expect(await manager.names()).toEqual([]);
  });

  it('are pruned by rules, and a dry run changes nothing', async () => {
    const { folder } = open();
    let nowUs = Date.UTC(2026, 0, 1) * 1000;
    const manager = openVersionStore({
      basePath: join(folder, 'pruned'),
      clock: { nowUs: () => nowUs },
    });
    for (let n = 0; n < 60; n++) {
      await manager.saveDelta(document(n), { version: `d${n}`, tags: n === 3 ? ['keep'] : [] });
      nowUs += 1800 * 1e6;
    }
    const plan = await manager.prune({ thin: true }, { dryRun: true });
    expect(await manager.names()).toHaveLength(60);
    const done = await manager.prune({ thin: true });
    expect(done.removed).toEqual(plan.removed);
    expect(done.removed.length).toBeGreaterThan(4);
    const left = await manager.names();
    expect(left).toContain('d3');
    expect(left).toContain('d59');
    for (const name of left) expect((await manager.get(name)).data).toEqual(document(Number(name.slice(1))));
    expect((await manager.prune({ count: 10 })).kept).toHaveLength(11);
    await expect(manager.prune({})).rejects.toThrow('No rule');
  });

  it('are cleared', async () => {
    const { manager } = open();
    for (let n = 0; n < 12; n++) await manager.saveDelta(document(n));
    expect(await manager.clear()).toHaveLength(12);
    expect(await manager.names()).toEqual([]);
    expect((await manager.saveDelta({ a: 1 })).form).toBe('full');
  });
});

describe('a store on disk', () => {
  it('can be read by the original: registry, metadata and whole data', async () => {
    const folder = join(temporaryFolder(), 'store');
    const manager = openVersionStore({ basePath: folder });
    await manager.save({ a: [1, 'é'] }, { version: 'one', tags: ['t'] });
    await manager.save('plain text', { version: 'two' });
    await manager.close();
    const registry = JSON.parse(readFileSync(join(folder, 'registry.json'), 'utf8'));
    expect(Object.keys(registry.snapshots)).toEqual(['one', 'two']);
    expect(registry.snapshots.one).toEqual(
      JSON.parse(readFileSync(join(folder, 'metadata/one.json'), 'utf8')),
    );
    expect(Object.keys(registry.snapshots.one)).toEqual(
      expect.arrayContaining([
        'version',
        'created_at',
        'tags',
        'description',
        'user_info',
        'checksum',
        'size_bytes',
        'entry_count',
      ]),
    );
    expect(registry.snapshots.one.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
    expect(JSON.parse(readFileSync(join(folder, 'data/one.data'), 'utf8'))).toEqual({ a: [1, 'é'] });
    expect(JSON.parse(readFileSync(join(folder, 'data/two.data'), 'utf8'))).toBe('plain text');
  });

  it('of the original is read, and what only Python can read is said', async () => {
    const folder = join(temporaryFolder(), 'store');
    cpSync(join(import.meta.dirname, '../../fixtures/framework0/open-main'), folder, { recursive: true });
    const manager = openVersionStore({ basePath: folder });
    expect(await manager.names()).toHaveLength(9);
    expect((await manager.get('v1.0.0')).data).toEqual([1, 2, 3]);
    expect((await manager.get('text-one')).data).toBe('just text');
    expect(await manager.byTag('with space').catch((error: Error) => error.message)).toContain(
      'v1795190944-95b9faa0',
    );
    await expect(manager.get('bytes-one')).rejects.toMatchObject({
      message: expect.stringContaining('only Python'),
      hint: expect.stringContaining('b64encode'),
    });
    await expect(manager.get('v1795190944-5342073e')).rejects.toMatchObject({
      message: expect.stringContaining('pickled delta'),
      hint: expect.stringContaining('"v1795190944-e7691edf"'),
    });
    await expect(manager.delete('v1795190944-e7691edf')).rejects.toThrow('depends on it');
    expect((await manager.compare('v1795190944-690be14e', 'v1795190944-2ac5e0c5')).is_different).toBe(true);
    await manager.tag('v1.0.0', ['new tag']);
    await manager.delete('v1795190944-690be14e');
    await manager.save({ ours: true }, { version: 'ours' });
    await manager.close();
    const { snapshots } = JSON.parse(readFileSync(join(folder, 'registry.json'), 'utf8'));
    expect(Object.keys(snapshots)).toHaveLength(9);
    expect(snapshots['v1.0.0'].tags).toEqual(['release', 'new tag']);
  });

  it('takes in what another program changed within the same tick of the clock', async () => {
    const folder = join(temporaryFolder(), 'store');
    const manager = openVersionStore({ basePath: folder });
    await manager.save(1, { version: 'a' });
    await manager.close();
    const path = join(folder, 'metadata/a.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"tags": []', '"tags": ["theirs"]'));
    const { mtime } = statSync(join(folder, 'registry.json'));
    utimesSync(path, mtime, mtime);
    utimesSync(join(folder, 'registry.json'), mtime, mtime);
    const [listed] = await openVersionStore({ basePath: folder }).list();
    expect(listed?.tags).toEqual(['theirs']);
  });

  it('lists what is damaged or missing as findings and reads the rest', async () => {
    const folder = join(temporaryFolder(), 'store');
    const manager = openVersionStore({ basePath: folder });
    for (let n = 0; n < 5; n++) await manager.saveDelta(document(n), { version: `d${n}` });
    for (const name of ['a', 'b', 'c']) await manager.save({ name }, { version: name });
    await manager.close();
    writeFileSync(join(folder, 'data/a.data'), '{"name":"other"}');
    rmSync(join(folder, 'data/b.data'));
    writeFileSync(join(folder, 'data/d3.patch.json'), '[]');
    writeFileSync(join(folder, 'metadata/c.json'), '{"ver');
    const again = openVersionStore({ basePath: folder });
    await expect(again.get('a')).rejects.toMatchObject({
      code: 'unreadable',
      where: expect.stringContaining('data/a.data'),
    });
    expect((await again.get('a', { unverified: true })).data).toEqual({ name: 'other' });
    await expect(again.get('b')).rejects.toThrow('found nothing');
    await expect(again.get('c')).rejects.toThrow(VersionError);
    expect((await again.get('d2')).data).toEqual(document(2));
    await expect(again.get('d3')).rejects.toThrow('checksum');
    await expect(again.get('d4')).rejects.toThrow(RefusedVersionError);
    const codes: string[] = [];
    expect(await again.list({ report: ({ code }) => codes.push(code) })).toHaveLength(8);
    expect(codes).toEqual(['damaged-version']);
    await expect(again.delete('d3')).rejects.toThrow('depends on it');
    expect((await again.saveDelta(document(9))).form).toBe('full');
  });

  it.each<[string, (folder: string) => void]>([
    [
      'is cut',
      (folder) =>
        writeFileSync(
          join(folder, 'registry.json'),
          readFileSync(join(folder, 'registry.json')).subarray(0, 300),
        ),
    ],
    ['is empty', (folder) => writeFileSync(join(folder, 'registry.json'), '')],
    ['is something else', (folder) => writeFileSync(join(folder, 'registry.json'), '[1]')],
    ['is gone', (folder) => rmSync(join(folder, 'registry.json'))],
    ['is an older one', (folder) => writeFileSync(join(folder, 'registry.json'), '{"snapshots": {}}')],
    [
      'has a torn journal',
      (folder) => writeFileSync(join(folder, 'registry.journal.jsonl'), '{"op":"fold","regi'),
    ],
    ['has no journal', (folder) => rmSync(join(folder, 'registry.journal.jsonl'))],
  ])('has every version where the registry %s', async (_, damage) => {
    const folder = join(temporaryFolder(), 'store');
    const manager = openVersionStore({ basePath: folder });
    for (let n = 0; n < 6; n++) await manager.saveDelta(document(n), { version: `d${n}`, tags: [`t${n}`] });
    await manager.close();
    damage(folder);
    const again = openVersionStore({ basePath: folder });
    expect(await again.names()).toEqual(['d5', 'd4', 'd3', 'd2', 'd1', 'd0']);
    expect((await again.saveDelta(document(6), { version: 'd6' })).base).toBe('d5');
    await again.close();
    expect(
      Object.keys(JSON.parse(readFileSync(join(folder, 'registry.json'), 'utf8')).snapshots),
    ).toHaveLength(7);
  });

  it('takes in what other programs did to it', async () => {
    const folder = join(temporaryFolder(), 'store');
    const manager = openVersionStore({ basePath: folder });
    for (let n = 0; n < 4; n++) await manager.save(document(n), { version: `d${n}` });
    await manager.list();
    // As the original tags: the file of the version and the whole registry.
    const path = join(folder, 'metadata/d1.json');
    const metadata = { ...JSON.parse(readFileSync(path, 'utf8')), tags: ['theirs'] };
    writeFileSync(path, JSON.stringify(metadata));
    const registry = JSON.parse(readFileSync(join(folder, 'registry.json'), 'utf8'));
    writeFileSync(
      join(folder, 'registry.json'),
      JSON.stringify({ snapshots: { ...registry.snapshots, d1: metadata } }),
    );
    expect([...(await manager.tags())]).toEqual([['theirs', 1]]);
    rmSync(join(folder, 'metadata/d2.json'));
    rmSync(join(folder, 'data/d2.data'));
    expect(await manager.names()).toEqual(['d3', 'd1', 'd0']);
    expect(existsSync(join(folder, 'data'))).toBe(true);
    expect(readdirSync(join(folder, 'metadata'))).toHaveLength(3);
  });
});
