import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { create, extract } from 'tar';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../collector/base/hash.ts';
import { jsonText } from '../../../collector/base/json/text.ts';
import { type BookVersions, openVersionStore } from '../../../collector/operations/versions/book-versions.ts';
import { temporaryFolder } from '../../helpers.ts';
import { document } from '../../store/versions/sample-document.ts';

function open(folder = temporaryFolder()): BookVersions {
  return openVersionStore({ basePath: join(folder, 'store') });
}

/** A bundle of chosen content: members by name, with a manifest that names `listed`. */
async function bundle(
  folder: string,
  members: Record<string, string>,
  listed: Record<string, string> = members,
): Promise<string> {
  const work = join(folder, 'work');
  mkdirSync(join(work, 'versions'), { recursive: true });
  for (const [name, text] of Object.entries(members)) writeFileSync(join(work, name), text);
  const versions = Object.entries(listed).map(([file, text], n) => ({
    version: `v${n}`,
    file,
    bytes: text.length,
    sha256: sha256Hex(text),
  }));
  writeFileSync(
    join(work, 'manifest.json'),
    JSON.stringify({ format: 'daybook-versions', exported_at: '', versions }),
  );
  const path = join(folder, 'bundle.tar.gz');
  await create({ file: path, cwd: work, gzip: true }, readdirSync(work));
  return path;
}

const exported = (version: string, data: unknown) =>
  JSON.stringify({ data, metadata: { version }, source_id: version });

describe('an export', () => {
  it('of one version comes back with all that was said of it, and deltas are whole in it', async () => {
    const [from, to] = [open(), open()];
    await from.save(document(1), { version: 'one' });
    await from.saveDelta(document(2), {
      version: 'two',
      tags: ['é x'],
      description: 'd',
      userInfo: { a: 1 },
    });
    const path = join(temporaryFolder(), 'two.json');
    await from.export('two', path);
    await expect(from.export('two', path)).rejects.toThrow('There is a file');
    await expect(from.export(['one', 'two'], path, { force: true })).rejects.toThrow('.tar.gz');
    expect(await to.import(path)).toEqual([
      { source: 'two', version: 'two', state: 'imported', reason: null },
    ]);
    const [a, b] = [await from.get('two'), await to.get('two')];
    expect(b.data).toEqual(a.data);
    const { user_info, tags, description, created_at, checksum } = a.metadata;
    expect(b.metadata).toMatchObject({ tags, description, created_at, checksum, user_info: { a: 1 } });
    expect(user_info).toHaveProperty('delta_base_version', 'one');
    expect(b.metadata.user_info).not.toHaveProperty('delta_base_version');
  });

  it('never overwrites: the same is skipped, another is refused or renamed', async () => {
    const folder = temporaryFolder();
    const [from, to] = [open(), open(folder)];
    for (let n = 0; n < 12; n++) await from.saveDelta(document(n), { version: `d${n}` });
    await to.save(document(3), { version: 'd3' });
    await to.save({ mine: true }, { version: 'd4' });
    const path = join(folder, 'all.tgz');
    expect((await from.export(await from.names(), path)).versions).toHaveLength(12);
    const outcomes = await to.import(path);
    expect(outcomes.filter(({ state }) => state === 'imported')).toHaveLength(10);
    expect(outcomes.find(({ source }) => source === 'd3')?.state).toBe('identical');
    expect(outcomes.find(({ source }) => source === 'd4')).toMatchObject({
      state: 'conflict',
      version: null,
    });
    expect((await to.get('d4')).data).toEqual({ mine: true });
    const again = await to.import(path, { rename: true });
    expect(again.find(({ source }) => source === 'd4')).toMatchObject({ state: 'imported', version: 'd4-2' });
    expect(again.filter(({ state }) => state === 'identical')).toHaveLength(11);
    expect((await to.get('d4-2')).data).toEqual(document(4));
  });

  it('of everything goes on past what cannot be read, and names it in the result and in the bundle', async () => {
    const folder = temporaryFolder();
    const from = open(folder);
    for (const version of ['a', 'b', 'c', 'd', 'e']) await from.save({ version }, { version });
    writeFileSync(join(folder, 'store/data/b.data'), '{"version":"x"}');
    rmSync(join(folder, 'store/data/d.data'));
    writeFileSync(join(folder, 'store/metadata/e.json'), '{"ver');
    const path = join(folder, 'all.tgz');
    await expect(from.export(['a', 'b'], path)).rejects.toThrow('"b" cannot be read');
    expect(existsSync(path)).toBe(false);
    const reader = open(folder);
    const { versions, unreadable } = await reader.export([], path, { all: true });
    expect([...versions].sort()).toEqual(['a', 'c']);
    expect(unreadable.map(({ version }) => version).sort()).toEqual(['b', 'd', 'e']);
    expect(unreadable.every(({ reason }) => /expected .*, found /.test(reason))).toBe(true);
    await extract({ file: path, cwd: folder }, ['manifest.json']);
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({ unreadable });
    expect((await open().import(path)).map(({ state }) => state)).toEqual(['imported', 'imported']);
    for (const version of ['a', 'c']) writeFileSync(join(folder, `store/data/${version}.data`), 'x');
    await expect(reader.export([], join(folder, 'none.tgz'), { all: true })).rejects.toThrow(
      'None of the versions',
    );
    expect(existsSync(join(folder, 'none.tgz'))).toBe(false);
    await expect(reader.export(['z'], path, { all: true, force: true })).rejects.toThrow(
      'There is no version "z"',
    );
  });

  it('of the original with integers beyond 64 bits is taken with all digits, its checksum proven', async () => {
    const file = join(import.meta.dirname, '../../fixtures/framework0-exports/large-numbers.json');
    const to = open();
    expect(await to.import(file)).toMatchObject([{ version: 'big', state: 'imported' }]);
    expect(jsonText((await to.get('big')).data)).toBe(
      '{"id":9223372036854775809,"neg":-1180591620717411303424,"f":1.0,"z":-0.0,"e":1e+16,"s":1e-07,"n":[{"deep":[9007199254740993]}],"é":"ü"}',
    );
    const altered = join(temporaryFolder(), 'x.json');
    writeFileSync(altered, readFileSync(file, 'utf8').replace('9223372036854775809', '9223372036854775808'));
    await expect(open().import(altered)).rejects.toThrow('checksum');
  });

  it('of the original is taken, its checksum proven', async () => {
    const folder = temporaryFolder();
    const to = open(folder);
    const data = '{"z": 1.0, "a": [1e+16, null], "\\u00e9": "\\u00fc"}';
    const sorted = '{"a": [1e+16, null], "z": 1.0, "\\u00e9": "\\u00fc"}';
    const write = (text: string, name = 'x.json') => {
      const metadata = {
        version: 'v1',
        created_at: '2026-11-20T16:09:03+00:00',
        tags: ['t'],
        checksum: sha256Hex(sorted),
        size_bytes: 1,
        entry_count: 3,
      };
      writeFileSync(
        join(folder, name),
        `{"data": ${text}, "metadata": ${JSON.stringify(metadata)}, "source_id": "v1"}`,
      );
      return join(folder, name);
    };
    await expect(to.import(write(data.replace('null', '0'), 'bad.json'))).rejects.toThrow('checksum');
    expect((await to.import(join(folder, 'bad.json'), { unverified: true, version: 'bad' }))[0]!.state).toBe(
      'imported',
    );
    expect(await to.import(write(data))).toMatchObject([{ version: 'v1', state: 'imported' }]);
    expect(jsonText((await to.get('v1')).data)).toBe('{"z":1.0,"a":[1e+16,null],"é":"ü"}');
    await expect(
      to.import(join(import.meta.dirname, '../../fixtures/framework0/open-main/exported_open.snapshot')),
    ).rejects.toMatchObject({ hint: expect.stringContaining('pickle.Unpickler') });
  });

  it.each<[string, string]>([
    ['a path upwards', '../../evil'],
    ['an absolute path', '/etc/evil'],
    ['a separator', 'a/b'],
    ['a device', 'con'],
    ['nothing', ''],
    ['300 letters', 'x'.repeat(300)],
  ])('whose version is named by %s is refused, or taken under a safe name', async (_, name) => {
    const folder = temporaryFolder();
    const to = open(folder);
    writeFileSync(
      join(folder, 'x.json'),
      JSON.stringify({ data: 1, metadata: { version: name }, source_id: name }),
    );
    const [refused] = await to.import(join(folder, 'x.json'));
    expect(refused!.state).toBe('refused');
    const [taken] = await to.import(join(folder, 'x.json'), { rename: true });
    expect(taken!.state).toBe('imported');
    expect(taken!.version).toMatch(/^[\w.+-]+$/);
    expect(readdirSync(folder).sort()).toEqual(['store', 'x.json']);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['no JSON', 'x', /no JSON/],
    ['nothing', '', /no JSON/],
    ['other JSON', '{"a": 1}', /without "data"/],
    ['a list', '[]', /without "data"/],
    ['gzip of something else', gzipSync('hello'), /bundle/],
    ['broken gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /bundle/],
  ])('that is %s is one clear error', async (_, content, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x'), content);
    await expect(open(folder).import(join(folder, 'x'))).rejects.toThrow(message);
  });
});

describe('a bundle', () => {
  it('with strange members gives only its own files, and says which it passed over', async () => {
    const folder = temporaryFolder();
    const work = join(folder, 'work');
    mkdirSync(join(work, 'versions'), { recursive: true });
    symlinkSync('/etc/passwd', join(work, 'versions/000002.json'));
    writeFileSync(join(work, 'evil.sh'), 'x');
    const path = await bundle(
      folder,
      { 'versions/000001.json': exported('good', { a: 1 }) },
      { 'versions/000001.json': exported('good', { a: 1 }), 'versions/000002.json': 'x' },
    );
    const outcomes = await open(folder).import(path);
    expect(outcomes.filter(({ state }) => state === 'imported').map(({ version }) => version)).toEqual([
      'good',
    ]);
    const refused = outcomes.filter(({ state }) => state === 'refused').map(({ source }) => source);
    expect(refused).toEqual(expect.arrayContaining(['evil.sh', 'versions/000002.json', 'v1']));
  });

  it('that was altered gives what is whole', async () => {
    const folder = temporaryFolder();
    const good = { 'versions/000001.json': exported('a', 1), 'versions/000002.json': exported('b', 2) };
    const path = await bundle(folder, { ...good, 'versions/000002.json': exported('b', 3) }, good);
    const outcomes = await open(folder).import(path);
    expect(outcomes.map(({ source, state }) => [source, state]).sort()).toEqual([
      ['a', 'imported'],
      ['v1', 'refused'],
    ]);
  });

  it('that was cut anywhere gives nothing', async () => {
    const folder = temporaryFolder();
    const from = open(folder);
    for (let n = 0; n < 5; n++) await from.save(document(n), { version: `d${n}` });
    const path = join(folder, 'all.tgz');
    await from.export(await from.names(), path);
    const bytes = readFileSync(path);
    const to = open(join(folder, 'other'));
    for (let at = 10; at < bytes.length - 10; at += Math.ceil(bytes.length / 12)) {
      writeFileSync(join(folder, 'cut.tgz'), bytes.subarray(0, at));
      await expect(to.import(join(folder, 'cut.tgz'))).rejects.toThrow('Expected');
    }
    // Cut between two members, and packed again: whole as an archive, not as a bundle.
    writeFileSync(join(folder, 'cut.tgz'), gzipSync(gunzipSync(bytes).subarray(0, 512)));
    await expect(to.import(join(folder, 'cut.tgz'))).rejects.toThrow('Expected');
    expect(await to.names()).toEqual([]);
  });

  it('that swells beyond reason is refused before anything is taken', async () => {
    const folder = temporaryFolder();
    const huge = `{"data": "${'a'.repeat(40_000_000)}"}`;
    const path = await bundle(folder, {
      'versions/000001.json': exported('a', 1),
      'versions/000002.json': huge,
    });
    const to = open(folder);
    await expect(to.import(path)).rejects.toThrow('Expected');
    expect(await to.names()).toEqual([]);
  });
});
