import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TravelActions } from '../../../src/client/time-travel/actions.ts';
import { actionRow, type FilesOnDisk, filesOnDisk, publishRows } from '../published.ts';

/** Ten actions, one a second; three to a shard. */
const rows = Array.from({ length: 10 }, (_, number) =>
  actionRow({
    atUs: number * 1e6,
    key: `action ${number}`,
    summary: `step ${number}`,
    status: number === 4 ? 'unknown' : 'completed',
    word: number === 4 ? 'odd' : 'completed',
    took: number === 5 ? 20 : null,
  }),
);

let folder: string;
let files: FilesOnDisk;
let actions: TravelActions;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  await publishRows(folder, rows, { shardRows: 3, groupRows: 2 });
});

beforeEach(async () => {
  files = filesOnDisk(folder);
  actions = await TravelActions.open(files);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readShards = () =>
  files.asked.filter((name) => name.startsWith('rows')).map((name) => name.slice(0, 9));

describe('the actions of a stretch of time', () => {
  it('begin behind its beginning and take in its end, newest first', async () => {
    const { count, newest } = await actions.between(3e6, 6e6, 10);
    expect(count).toBe(3);
    expect(newest).toMatchObject([
      { key: 'action 6', atUs: 6e6, status: 'completed', word: 'completed', summary: 'step 6' },
      { key: 'action 5', atUs: 5e6, status: 'completed', tookMs: 20 },
      { key: 'action 4', atUs: 4e6, status: 'unknown', word: 'odd', type: 'build', tookMs: undefined },
    ]);
  });

  it('are counted without reading the shards that lie within it and show nothing', async () => {
    const { count, newest } = await actions.between(Number.NEGATIVE_INFINITY, 9e6, 2);
    expect([count, newest.map(({ key }) => key)]).toEqual([10, ['action 9', 'action 8']]);
    expect(readShards()).toEqual(['rows-0003', 'rows-0002']);
  });

  it('are none where nothing happened', async () => {
    expect(await actions.between(9e6, 20e6, 2)).toEqual({ count: 0, newest: [] });
    expect(readShards()).toEqual([]);
  });

  it('have their times, but not where that would read more than a few shards', async () => {
    expect(await actions.times(2.5e6, 8.5e6)).toEqual([3e6, 4e6, 5e6, 6e6, 7e6, 8e6]);
    expect(await actions.times(0, 9e6)).toBeUndefined();
  });

  it('are read again where a shard could not be read at first', async () => {
    for (const { rows: shard } of ((await files.json('index')) as { shards: { rows: { file: string } }[] })
      .shards)
      files.broken.add(shard.file);
    await expect(actions.times(2.5e6, 5.5e6)).rejects.toThrow('the server answered 500');
    files.broken.clear();
    expect(await actions.times(2.5e6, 5.5e6)).toEqual([3e6, 4e6, 5e6]);
  });
});
