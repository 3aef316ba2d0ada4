import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isSegmentName } from '../../../collector/formats/actions/segment.ts';
import { settleBook } from '../../../collector/operations/health/settle-book.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { readTemplate } from '../../../collector/operations/templates.ts';
import { periodicIds } from '../../../collector/store/periodic-store.ts';
import { archiveLog } from '../../../collector/store/segments/archive-log.ts';
import { archiveSnapshots } from '../../../collector/store/segments/archive-snapshots.ts';
import { readAll } from '../../helpers.ts';
import { git, makeClones, write } from './clones.ts';

const everything = { by: 'month', beforeUs: Number.MAX_SAFE_INTEGER } as const;
const log = (root: string) => join(root, 'snapshots/action_log.jsonl');
const segments = (root: string) => readdirSync(join(root, 'snapshots')).filter(isSegmentName);
const idsIn = async (root: string) =>
  (await readAll(root)).records.map(({ snapshotId }) => snapshotId).sort();

function record(root: string, ...ids: string[]): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  for (const [second, id] of ids.entries()) {
    const timestamp = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
    appendFileSync(log(root), `${JSON.stringify({ snapshot_id: id, timestamp, action: { type: 't' } })}\n`);
  }
}

async function sync(root: string): Promise<void> {
  await settleBook(root, () => undefined);
  await syncBook(root);
}

it('takes what one clone archived out of the log of the others, and keeps it out', async () => {
  const { bare, clones } = makeClones(2);
  const [one, other] = clones as [string, string];
  record(one, 'a', 'b', 'c');
  await sync(one);
  await sync(other);
  await archiveLog(one, everything, false);
  record(other, 'd');
  await sync(one);
  await sync(other);
  await sync(one);
  await sync(other);
  for (const root of clones) {
    expect(await idsIn(root)).toEqual(['a', 'b', 'c', 'd']);
    expect(readFileSync(log(root), 'utf8').match(/"snapshot_id":"(.)"/g)).toEqual(['"snapshot_id":"d"']);
  }
  expect(git(bare, 'show', 'main:snapshots/action_log.jsonl')).not.toContain('"a"');
  expect(git(bare, 'ls-tree', '--name-only', 'main', 'snapshots/')).toContain('.zst');
});

it.each(['sync', 'merge'])('loses nothing where clones archived a month differently, by %s', async (how) => {
  const [one, other] = makeClones(2).clones as [string, string];
  for (const root of [one, other]) writeFileSync(join(root, '.gitattributes'), readTemplate('gitattributes'));
  record(one, 'a', 'b');
  record(other, 'b', 'c');
  for (const root of [one, other]) await archiveLog(root, everything, false);
  expect(segments(one)).not.toEqual(segments(other));
  if (how === 'sync') {
    for (const root of [one, other, one]) await sync(root);
  } else {
    for (const root of [one, other]) {
      git(root, 'add', '.');
      git(root, 'commit', '--quiet', '-m', 'archived');
    }
    git(one, 'pull', '--quiet', '--no-rebase', '--no-edit', other, 'main');
    git(other, 'pull', '--quiet', '--no-rebase', '--no-edit', one, 'main');
  }
  for (const root of [one, other]) {
    expect(segments(root)).toHaveLength(2);
    const { records } = await readAll(root);
    // Two lines of other writers that share an id and differ are two records.
    expect(new Set(records.map(({ snapshotId }) => snapshotId))).toEqual(new Set(['a', 'b', 'c']));
  }
});

it('takes the files of snapshots that one clone archived away in the others and on the remote', async () => {
  const { bare, clones } = makeClones(3);
  const [one, other, third] = clones as [string, string, string];
  for (const [month, root] of [
    ['01', one],
    ['02', one],
    ['03', other],
  ] as const)
    write(
      root,
      `snapshots/periodic_2026${month}05_000000.json`,
      JSON.stringify({ snapshot_type: 'periodic', timestamp: `2026-${month}-05T00:00:00Z` }),
    );
  for (const root of [one, other, one, third]) await sync(root);
  await archiveSnapshots(one, { beforeUs: Number.MAX_SAFE_INTEGER });
  for (const root of [one, other, third, one]) await sync(root);
  const names = git(bare, 'ls-tree', '--name-only', 'main', 'snapshots/').split('\n');
  const kept = names.map((name) => name.replace(/-[0-9a-f]{8}\./, '-….'));
  expect(kept).toEqual([
    'snapshots/periodic-2026-01-….jsonl.zst',
    'snapshots/periodic-2026-02-….jsonl.zst',
    'snapshots/periodic_20260305_000000.json',
  ]);
  for (const root of clones) {
    expect(periodicIds(root)).toEqual(['01', '02', '03'].map((month) => `periodic_2026${month}05_000000`));
    expect(readdirSync(join(root, 'snapshots')).filter((name) => name.startsWith('periodic_'))).toHaveLength(
      1,
    );
    expect(git(root, 'status', '--porcelain')).toBe('');
  }
});
