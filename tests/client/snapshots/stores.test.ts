import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openComparables } from '../../../src/client/snapshots/comparables.ts';
import { FieldStore } from '../../../src/client/snapshots/field-store.ts';
import { SnapshotStore } from '../../../src/client/snapshots/store.ts';
import { chunkOf } from '../../../src/data/snapshots/laid-chunk.ts';
import { publishSnapshots } from '../../../src/data/snapshots/publish.ts';
import { type FilesOnDisk, filesOnDisk } from '../published.ts';

/** Enough for several chunks. */
const count = 120;
const firstUs = Date.UTC(2026, 10, 20) * 1000;
const idOf = (number: number) => `periodic_${String(number).padStart(4, '0')}`;

let folder: string;
let snapshots: FilesOnDisk;
let fields: FilesOnDisk;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  const publisher = publishSnapshots(folder, 5);
  for (let number = 0; number < count; number++)
    publisher.take({
      id: idOf(number),
      atUs: firstUs + number * 60e6,
      zoneless: false,
      health: number === 7 ? 'degraded' : 'operational',
      healthReasons: [],
      file: `snapshots/${idOf(number)}.json`,
      bytes: 100,
      content: { system_state: { load: number, ...(number < 60 ? { mode: 'slow' } : {}) } },
    });
  publisher.finish();
});

beforeEach(() => {
  snapshots = filesOnDisk(join(folder, 'snapshots'));
  fields = filesOnDisk(join(folder, 'fields'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('snapshots as a page reads them', () => {
  it('have their content, and one file serves all snapshots in it', async () => {
    const store = await SnapshotStore.open(snapshots);
    const { files: chunks, firsts } = store.index.chunks;
    const numbers = [0, firsts[1]! - 1, firsts[1]!, 119];
    const contents = await Promise.all(numbers.map((number) => store.content(number)));
    expect(contents.map(({ system_state }) => (system_state as { load: number }).load)).toEqual(numbers);
    const asked = [chunks[0], chunks[1], chunks.at(-1)].map((name) => `${name}.json.gz`);
    expect(snapshots.asked.slice(1)).toEqual(asked);
    expect(firsts.length).toBeGreaterThan(2);
  });

  it('are read again where a file could not be read at first', async () => {
    const store = await SnapshotStore.open(snapshots);
    const { files: chunks, firsts } = store.index.chunks;
    const name = `${chunks[chunkOf(firsts, 60)]}.json.gz`;
    snapshots.broken.add(name);
    await expect(store.content(60)).rejects.toThrow(`${name}: the server answered 500`);
    snapshots.broken.clear();
    expect(await store.content(60)).toEqual({ system_state: { load: 60 } });
  });

  it('are in force from their time on, and none is before the first', async () => {
    const store = await SnapshotStore.open(snapshots);
    const at = (minutes: number) => store.inForce(firstUs + minutes * 60e6);
    expect([at(-0.1), at(0), at(0.9), at(1), at(500)]).toEqual([undefined, 0, 0, 1, count - 1]);
    expect(new SnapshotStore(snapshots, { ...store.index, ids: [], atUs: [] }).inForce(0)).toBeUndefined();
  });

  it('have a page, or where they are too old for one, their comparison with the one before', async () => {
    const store = await SnapshotStore.open(snapshots);
    expect([119, 115, 114, 0].map((number) => store.hrefOf(number))).toEqual([
      `snapshots/${idOf(119)}.html`,
      `snapshots/${idOf(115)}.html`,
      `compare.html?a=${idOf(113)}&b=${idOf(114)}`,
      `compare.html?a=${idOf(0)}&b=${idOf(0)}`,
    ]);
  });

  it('are not taken for others where the site was built again', async () => {
    const store = await SnapshotStore.open(snapshots);
    const older = new SnapshotStore(snapshots, { ...store.index, ids: store.index.ids.slice(1) });
    await expect(older.content(0)).rejects.toThrow('the site was built again since this page was opened');
    await expect(older.content(count)).rejects.toThrow('the site was built again');
  });
});

describe('followed fields as a page reads them', () => {
  it('have every value since when it was so, and end where they are gone', async () => {
    const store = await FieldStore.open(fields, (await SnapshotStore.open(snapshots)).index.ids);
    expect(await store.points('system_state.mode')).toEqual([[0, 'slow'], [60]]);
    expect(await store.points('system_state.load')).toHaveLength(count);
    expect(store.has('system_state.mood')).toBe(false);
    expect(store.habits.isRestless('system_state.load')).toBe(true);
    expect(store.habits.isRestless('system_state.mode')).toBe(false);
  });

  it('ask for a newer page where the field is no longer in its file', async () => {
    const index = JSON.parse(readFileSync(join(folder, 'fields', 'index.json'), 'utf8'));
    index.fields.push({ path: 'system_state.older', section: 'system_state', changes: 0 });
    index.parts[0].files[0].fields.push(index.fields.length - 1);
    await expect(new FieldStore(fields, index, []).points('system_state.older')).rejects.toThrow(
      'reload the page',
    );
  });
});

describe('states that can be compared', () => {
  it('are found by name, and one that both kinds have is a version where the address says so', async () => {
    const home = join(folder, 'versions');
    const { publishVersions } = await import('../../../src/data/versions/publish.ts');
    const { versionView, details } = await import('../versions/sample.ts');
    const publisher = publishVersions(folder);
    const views = ['v1', idOf(3), 'v2'].map((version, at) =>
      versionView({ version, atUs: firstUs + at, tags: version === 'v1' ? ['best'] : [] }),
    );
    for (const { version } of views) publisher.add(details(version, { of: version }), 20);
    publisher.finish([...views].reverse());
    const states = await openComparables({ versions: filesOnDisk(home), snapshots });
    expect(states.versions.map(({ name }) => name)).toEqual(['v1', idOf(3), 'v2']);
    expect(states.snapshots).toHaveLength(count);
    expect(states.find('best')?.name).toBe('v1');
    expect(states.find('latest')?.name).toBe('v2');
    expect(states.find(idOf(3))?.kind).toBe('snapshot');
    const version = states.find(`version:${idOf(3)}`)!;
    expect([version.kind, states.addressOf(version)]).toEqual(['version', `version:${idOf(3)}`]);
    expect(await version.content()).toEqual({ of: idOf(3) });
    expect(await states.find(idOf(3))!.content()).toEqual({ system_state: { load: 3, mode: 'slow' } });
    expect(states.find('v9')).toBeUndefined();
  });

  it('are none of a kind that the book does not have', async () => {
    const { versions, find } = await openComparables({ versions: undefined, snapshots });
    expect([versions, find('latest'), find(idOf(0))?.kind]).toEqual([[], undefined, 'snapshot']);
  });
});

describe('a damaged index', () => {
  it('is no empty book', async () => {
    const other = mkdtempSync(join(folder, 'damaged-'));
    writeFileSync(join(other, 'index.json'), '{"format": 1, "ids": [');
    await expect(SnapshotStore.open(filesOnDisk(other))).rejects.toThrow();
  });
});
