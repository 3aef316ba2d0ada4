import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VersionStore } from '../../../src/client/versions/store.ts';
import { publishVersions } from '../../../src/data/versions/publish.ts';
import { type FilesOnDisk, filesOnDisk } from '../published.ts';
import { details, versionView } from './sample.ts';

/** Enough for two files of fifty; the last one was too large for any. */
const names = Array.from({ length: 61 }, (_, number) => `v${number}`);
let folder: string;
let files: FilesOnDisk;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  const publisher = publishVersions(folder);
  for (const name of names.slice(0, -1)) publisher.add(details(name, { name }), 20);
  const views = names.map((version, at) =>
    versionView({ version, base: names[at - 1], problem: version === 'v3' ? 'damaged' : '' }),
  );
  publisher.finish(views.reverse());
});

beforeEach(() => {
  files = filesOnDisk(join(folder, 'versions'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('versions as a page reads them', () => {
  it('are listed newest first, as they were published, before any content is read', async () => {
    const { views } = await VersionStore.open(files);
    expect(views.map(({ version }) => version)).toEqual([...names].reverse());
    expect(views.find(({ version }) => version === 'v4')).toMatchObject({ base: 'v3', problem: '' });
    expect(views.find(({ version }) => version === 'v3')).toMatchObject({ base: 'v2', problem: 'damaged' });
    expect(files.asked).toEqual(['index.json']);
  });

  it('have their content, and one file serves all versions in it', async () => {
    const store = await VersionStore.open(files);
    const found = await Promise.all(['v0', 'v49', 'v50'].map((name) => store.detailsOf(name)));
    expect(found.map((one) => one?.content)).toEqual([{ name: 'v0' }, { name: 'v49' }, { name: 'v50' }]);
    expect(files.asked.slice(1)).toEqual(['chunk-0000.json.gz', 'chunk-0001.json.gz']);
  });

  it('have none where the book has no such version, or did not publish it', async () => {
    const store = await VersionStore.open(files);
    expect([await store.detailsOf('v99'), await store.detailsOf('v60')]).toEqual([undefined, undefined]);
  });

  it('say what a file that cannot be read says, and are read again', async () => {
    const store = await VersionStore.open(files);
    files.broken.add('chunk-0001.json.gz');
    await expect(store.detailsOf('v55')).rejects.toThrow('the server answered 500');
    files.broken.clear();
    expect((await store.detailsOf('v55'))?.content).toEqual({ name: 'v55' });
  });

  it('ask for a newer page where a file holds others than the index says', async () => {
    const index = (await files.json('index')) as ConstructorParameters<typeof VersionStore>[1];
    const older = new VersionStore(files, { ...index, chunk: index.chunk.map((chunk) => 1 - chunk) });
    await expect(older.detailsOf('v0')).rejects.toThrow('the site was built again');
  });
});
