import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverage, withPruned } from '../../collector/read.ts';
import { readAllPeriodic } from '../../collector/store/periodic-store.ts';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, run, steppingClock } from './run.ts';

/** A book with a file to save and two periodic snapshots. */
function sampleBook(): string {
  const snapshot = (id: string, at: string, state: string) =>
    JSON.stringify({
      snapshot_id: id,
      snapshot_type: 'periodic',
      timestamp: at,
      interval: '30_minutes',
      system_state: { state },
    });
  return temporaryBook({
    'c.json': '{"replicas": 3, "image": "web:1.2.0"}',
    'notes.txt': 'one\ntwo\n',
    'snapshots/periodic_20260101_000000.json': snapshot(
      'periodic_20260101_000000',
      '2026-01-01T00:00:00.000000Z',
      'old',
    ),
    'snapshots/periodic_20260101_003000.json': snapshot(
      'periodic_20260101_003000',
      '2026-01-01T00:30:00.000000Z',
      'new',
    ),
  });
}

/** Runs a command and gives what it printed as JSON; it must have succeeded with the expected code. */
async function json(root: string, argv: string[], exitCode = 0) {
  const ran = await run(root, [...argv, '--json'], { clock });
  expect({ exitCode: ran.exitCode, problem: ran.problem }).toEqual({ exitCode, problem: '' });
  return JSON.parse(ran.out);
}

const clock = steppingClock();

describe('daybook store', () => {
  it('saves JSON with a key that stands twice, and says in which line what is not kept', async () => {
    const root = sampleBook();
    writeFileSync(join(root, 'twice.json'), '{"lr": 1,\n "lr": 2}');
    const { exitCode, problem } = await run(root, ['store', 'save', 'twice.json']);
    expect(exitCode).toBe(0);
    expect(problem).toContain(
      'twice.json:2: the key "lr" is given twice, first in line 1; only the last is saved.',
    );
  });

  it('saves, lists, tags, compares and deletes, with the shapes it promises', async () => {
    const root = sampleBook();
    expect(await json(root, ['store', 'list'])).toEqual([]);
    const saved = await json(root, [
      'store',
      'save',
      'c.json',
      '--name',
      'v1',
      '--tag',
      'a b',
      '--tag',
      'выпуск',
      '--description',
      'd',
      '--info',
      'n=3',
    ]);
    expect(saved).toMatchObject({ version: 'v1', form: 'full', base: null, tags: ['a b', 'выпуск'] });
    writeFileSync(join(root, 'c.json'), '{"replicas": 4, "image": "web:1.2.0"}');
    const delta = await json(root, ['store', 'delta', 'c.json', '--strategy', 'patch', '--name', 'v2']);
    expect(delta).toMatchObject({ version: 'v2', form: 'delta', base: 'v1', chain_length: 2 });
    expect(await json(root, ['store', 'get', 'v2'])).toMatchObject({
      data: { replicas: 4 },
      metadata: { version: 'v2' },
    });
    expect(await json(root, ['store', 'get', '--tag', 'выпуск', '--all'])).toMatchObject([
      { metadata: { user_info: { n: 3 } } },
    ]);
    expect(await json(root, ['store', 'latest'])).toMatchObject({ metadata: { version: 'v2' } });
    expect(await json(root, ['store', 'list'])).toMatchObject([
      { version: 'v2', form: 'delta', base: 'v1' },
      { version: 'v1', form: 'full', base: null },
    ]);
    expect(await json(root, ['store', 'versions'])).toEqual(['v2', 'v1']);
    expect(await json(root, ['store', 'tag', 'v2', 'x'])).toEqual({ version: 'v2', tags: ['x'] });
    expect(await json(root, ['store', 'tags'])).toEqual([
      { tag: 'a b', count: 1 },
      { tag: 'x', count: 1 },
      { tag: 'выпуск', count: 1 },
    ]);
    expect(await json(root, ['store', 'untag', 'v2', 'x'])).toEqual({ version: 'v2', tags: [] });
    const compared = await json(root, ['store', 'compare', 'v1', 'latest'], 4);
    expect(compared).toMatchObject({
      is_different: true,
      differences: [{ path: 'replicas', before: 3, after: 4 }],
    });
    expect(await json(root, ['store', 'compare', 'v1', 'v1'])).toMatchObject({ is_different: false });
    expect(await json(root, ['store', 'delete', 'v1'])).toEqual({ removed: ['v1'], rebased: ['v2'] });
    expect(await json(root, ['store', 'get', 'v2'])).toMatchObject({ data: { replicas: 4 } });
    expect(await json(root, ['store', 'clear', '--yes'])).toEqual({ removed: ['v2'] });
  });

  it('gives a text back byte for byte, and takes data from anywhere', async () => {
    const root = sampleBook();
    await run(root, ['store', 'save', 'notes.txt', '--name', 'notes']);
    expect((await run(root, ['store', 'get', 'notes'])).out).toBe('one\ntwo\n');
    await run(root, ['store', 'save', '-', '--name', 'piped'], { input: '[1]' });
    await run(root, ['store', 'save', '{"a": 1}', '--name', 'given']);
    await run(root, ['store', 'save', 'c.json', '--text', '--name', 'raw']);
    const data = async (name: string) => (await json(root, ['store', 'get', name])).data;
    expect([await data('piped'), await data('given'), await data('raw')]).toEqual([
      [1],
      { a: 1 },
      readFileSync(join(root, 'c.json'), 'utf8'),
    ]);
    await run(root, ['store', 'get', 'notes', '--out', 'back.txt']);
    expect(readFileSync(join(root, 'back.txt'), 'utf8')).toBe('one\ntwo\n');
    expect((await run(root, ['store', 'get', 'notes', '--out', 'back.txt'])).exitCode).toBe(1);
  });

  it('tags the newest version as "latest", and says why a name is unfit', async () => {
    const root = sampleBook();
    await run(root, ['store', 'save', 'c.json', '--name', 'one']);
    expect(await json(root, ['store', 'tag', 'latest', 'good'])).toMatchObject({ tags: ['good'] });
    expect(await json(root, ['store', 'get', 'one'])).toMatchObject({ metadata: { tags: ['good'] } });
    for (const [name, why] of [
      ['CON', 'keeps names like CON'],
      ['v1.', 'drops a dot at the end'],
      ['latest', '"latest" is the newest version'],
      ['a/b', 'at most 120 letters'],
    ] as const) {
      const ran = await run(root, ['store', 'save', 'c.json', '--name', name]);
      expect(ran.exitCode).toBeGreaterThan(0);
      expect(ran.problem).toContain(why);
    }
  });

  it('keeps on record which snapshots were pruned, so that their slots do not count as missed', async () => {
    const root = temporaryBook();
    const ids = Array.from({ length: 9 }, (_, i) => `periodic_20260101_0${i}0000`);
    for (const [i, id] of ids.entries())
      writeFileSync(
        join(root, 'snapshots', `${id}.json`),
        JSON.stringify({
          snapshot_id: id,
          snapshot_type: 'periodic',
          timestamp: `2026-01-01T0${i}:00:00.000000Z`,
        }),
      );
    const schedule = { kind: 'interval', everyMs: 3_600_000, toleranceMs: 600_000 } as const;
    const missed = () => {
      const present: { id: string; atUs: number }[] = [];
      readAllPeriodic(
        root,
        (record) => present.push({ id: record.id, atUs: record.atUs }),
        () => undefined,
      );
      return coverage(schedule, withPruned(root, present), Date.UTC(2026, 0, 1, 8, 30) * 1000).missed;
    };
    await json(root, ['store', 'prune', '--periodic', '--count', '3', '--dry-run']);
    expect(existsSync(join(root, 'snapshots/store/pruned.jsonl'))).toBe(false);
    expect((await json(root, ['store', 'prune', '--periodic', '--count', '3'])).removed).toHaveLength(6);
    expect(
      readdirSync(join(root, 'snapshots')).filter((name) => ids.includes(name.slice(0, -5))),
    ).toHaveLength(3);
    expect(missed()).toBe(0);
    // A damaged line loses one slot and nothing else, and is told.
    const record = join(root, 'snapshots/store/pruned.jsonl');
    writeFileSync(record, readFileSync(record, 'utf8').replace('{"snapshot_id"', '{'));
    expect(missed()).toBe(1);
    await json(root, ['store', 'prune', '--periodic', '--count', '2']);
    expect(missed()).toBe(1);
    expect(await json(root, ['doctor'], 4)).toMatchObject({
      findings: [{ code: 'wrong-shape', file: 'snapshots/store/pruned.jsonl', line: 1 }],
    });
  });

  it('finds tagged snapshots wherever a tag is asked for, the newest of all first', async () => {
    const root = sampleBook();
    const [old, young] = ['periodic_20260101_000000', 'periodic_20260101_003000'] as const;
    const early = steppingClock(Date.UTC(2025, 0, 1) * 1000);
    await run(root, ['store', 'save', 'c.json', '--name', 'early', '--tag', 'release'], { clock: early });
    await run(root, ['store', 'tag', young, 'release', 'snapshots only']);
    await run(root, ['store', 'tag', old, 'release']);
    const names = (listed: { version: string }[]) => listed.map(({ version }) => version);
    expect(names(await json(root, ['store', 'list', '--tag', 'release']))).toEqual([young, old, 'early']);
    expect(names(await json(root, ['store', 'list', '--tag', 'snapshots only']))).toEqual([young]);
    expect(await json(root, ['store', 'get', '--tag', 'release'])).toMatchObject({
      metadata: { version: young },
    });
    const exported = await json(root, ['store', 'export', '--tag', 'release', '--out', 'r.tar.gz']);
    expect(exported.versions).toEqual([young, old, 'early']);
    // As by their ids: what always differs between two snapshots does not count.
    const { out } = await run(root, ['diff', 'tag:release', old]);
    expect(out).toContain(`- ${young}  periodic snapshot`);
    expect(out).not.toContain('snapshot_id');
    const near = await run(root, ['store', 'get', '--tag', 'snapshot only']);
    expect(near.problem).toContain('Near are "snapshots only"');
    const far = await run(root, ['store', 'get', '--tag', 'q']);
    expect(far.problem).toContain('Tags are "release", "snapshots only".');
    const deleted = await run(root, ['store', 'delete', old]);
    expect(deleted).toMatchObject({ exitCode: 3 });
    expect(deleted.problem).toContain('daybook store prune --periodic');
  });

  it('knows periodic snapshots as versions', async () => {
    const root = sampleBook();
    const [old, young] = ['periodic_20260101_000000', 'periodic_20260101_003000'] as const;
    const before = readFileSync(join(root, `snapshots/${old}.json`));
    expect(await json(root, ['store', 'tag', old, 'release-1.0'])).toEqual({
      version: old,
      tags: ['release-1.0'],
    });
    expect(readFileSync(join(root, `snapshots/${old}.json`))).toEqual(before);
    expect(await json(root, ['store', 'compare', 'release-1.0', young], 4)).toMatchObject({
      version1: old,
      time_difference_seconds: 1800,
    });
    expect(await json(root, ['store', 'get', '--tag', 'release-1.0'])).toMatchObject({
      metadata: { version: old, tags: ['release-1.0'] },
    });
    await run(root, ['store', 'save', 'c.json']);
    const plan = await json(root, ['store', 'prune', '--periodic', '--age', '1h', '--dry-run']);
    expect(plan).toMatchObject({ dry_run: true, removed: [] });
    expect(plan.kept.map(({ id, reason }: { id: string; reason: string }) => [id, reason])).toEqual([
      [young, 'the newest'],
      [old, 'tagged'],
    ]);
    expect(
      (await run(root, ['store', 'prune', '--periodic', '--count', '1', '--store', 'other'])).exitCode,
    ).toBe(2);
    expect((await run(root, ['store', 'untag', old, 'release-1.0'])).exitCode).toBe(0);
    expect(await json(root, ['store', 'prune', '--periodic', '--count', '1'])).toMatchObject({
      removed: [{ id: old }],
    });
    expect(existsSync(join(root, `snapshots/${old}.json`))).toBe(false);
    expect(readFileSync(join(root, 'snapshots/latest_periodic.json'))).toEqual(
      readFileSync(join(root, `snapshots/${young}.json`)),
    );
  });

  it('prunes by the rules of daybook.yaml', async () => {
    const root = sampleBook();
    writeFileSync(join(root, 'daybook.yaml'), 'retention:\n  count: 2\n');
    for (const name of ['a', 'b', 'c', 'd']) await run(root, ['store', 'save', 'c.json', '--name', name]);
    expect(await json(root, ['store', 'prune'])).toMatchObject({ removed: [{ id: 'b' }, { id: 'a' }] });
    expect(await json(root, ['store', 'versions'])).toEqual(['d', 'c']);
  });

  it('exports and imports, and needs no book for a store elsewhere', async () => {
    const root = sampleBook();
    for (const name of ['a', 'b']) await run(root, ['store', 'delta', 'c.json', '--name', name]);
    expect(await json(root, ['store', 'export', '--all', '--out', 'all.tgz'])).toMatchObject({
      versions: ['b', 'a'],
    });
    const folder = emptyFolder();
    writeFileSync(join(folder, 'all.tgz'), readFileSync(join(root, 'all.tgz')));
    const imported = await run(folder, ['store', 'import', 'all.tgz', '--store', 'mine', '--json']);
    expect(JSON.parse(imported.out)).toMatchObject([{ state: 'imported' }, { state: 'imported' }]);
    await run(folder, ['store', 'save', '{"x": 1}', '--name', 'c', '--store', 'mine']);
    expect(readdirSync(join(folder, 'mine/metadata')).toSorted()).toEqual(['a.json', 'b.json', 'c.json']);
    await run(folder, ['store', 'delete', 'a', '--store', 'mine']);
    await run(folder, ['store', 'save', '{"x": 2}', '--name', 'a', '--store', 'mine']);
    const again = await run(folder, ['store', 'import', 'all.tgz', '--store', 'mine']);
    expect(again.exitCode).toBe(4);
    expect(again.out).toContain(
      'conflict a: "a" is here with other content; --rename takes it under another name',
    );
  });

  it.each<[string, string[]]>([
    ['no data', ['store', 'save']],
    ['a file that is not there', ['store', 'save', 'nothing.json']],
    ['a taken name', ['store', 'save', 'c.json', '--name', 'v1.0.0']],
    ['a name in another case', ['store', 'save', 'c.json', '--name', 'V1.0.0']],
    ['a name with a slash', ['store', 'save', 'c.json', '--name', 'a/b']],
    ['a name that means something else', ['store', 'save', 'c.json', '--name', 'latest']],
    ['broken JSON', ['store', 'save', '--data', '{"a": }']],
    ['an unknown version', ['store', 'get', 'v1.0.1']],
    ['a tag for a version', ['store', 'get', 'release']],
    ['an unknown tag', ['store', 'get', '--tag', 'relaese']],
    ['an unknown base', ['store', 'delta', 'c.json', '--base', 'v2']],
    ['a wrong strategy', ['store', 'delta', 'c.json', '--strategy', 'small']],
    ['a tag it does not have', ['store', 'untag', 'v1.0.0', 'relase']],
    ['one of several that is not there', ['store', 'delete', 'v1.0.0', 'v3']],
    ['clear without --yes', ['store', 'clear']],
    ['prune without rules', ['store', 'prune']],
    ['an export without a name', ['store', 'export', 'v1.0.0']],
    ['an export to another kind of file', ['store', 'export', 'v1.0.0', '--out', 'x.pkl']],
    ['an import of something else', ['store', 'import', 'c.json']],
    ['an unknown word', ['store', 'sav']],
    ['no word', ['store']],
  ])('says clearly: %s', async (_, argv) => {
    const root = sampleBook();
    await run(root, ['store', 'save', 'c.json', '--name', 'v1.0.0', '--tag', 'release'], { clock });
    const before = readdirSync(join(root, 'snapshots/store/metadata'));
    const { exitCode, out, problem } = await run(root, argv);
    expect({ exitCode, out, problem: problem.replaceAll(root, '<book>') }).toMatchSnapshot();
    expect(readdirSync(join(root, 'snapshots/store/metadata'))).toEqual(before);
  });
});
