import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import type { ActionIndex } from '../../src/data/actions/index.ts';
import { readBook } from '../../src/data/reader.ts';

let root: string;
let site: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'daybook-publish-'));
  site = join(root, 'site');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(count: number): void {
  let nowUs = Date.UTC(2026, 10, 20) * 1000;
  const writer = openActionWriter(root, { clock: { nowUs: () => nowUs } });
  for (let number = 0; number < count; number++) {
    nowUs += 60e6;
    writer.append({
      type: number % 3 === 0 ? 'deploy' : 'build',
      status: 'completed',
      details: { number, text: 'größe "x"\u0000\ud800' },
    });
  }
  void writer.close();
}

function foreign(...lines: string[]): void {
  writeFileSync(join(root, 'snapshots', 'action_log.jsonl'), `${lines.join('\n')}\n`, { flag: 'a' });
}

async function rows(kind: 'rows' | 'details'): Promise<Record<string, unknown>[]> {
  const { file } = index().shards[0]![kind];
  const GZIP = (packed: Uint8Array) => gunzipSync(packed);
  return parquetReadObjects({
    file: await asyncBufferFromFile(join(site, 'data', 'actions', file)),
    compressors: { GZIP },
  });
}

function index(): ActionIndex {
  return JSON.parse(readFileSync(join(site, 'data', 'actions', 'index.json'), 'utf8')) as ActionIndex;
}

describe('what needs attention', () => {
  it('is what failed and has not succeeded since, by type and run', async () => {
    let nowUs = Date.UTC(2026, 10, 20) * 1000;
    const writer = openActionWriter(root, { clock: { nowUs: () => (nowUs += 60e6) } });
    const say = (type: string, status: string, run?: string) =>
      writer.append({ type, status, ...(run === undefined ? {} : { run }) });
    say('build', 'failed');
    say('deploy', 'failed');
    say('train', 'failed', 'a');
    say('build', 'completed');
    say('train', 'completed', 'b');
    say('test', 'completed');
    say('test', 'cancelled');
    await writer.close();
    const { book } = await readBook(root, {});
    expect(book.actions.attention.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'test aborted',
      'train failed',
      'deploy failed',
    ]);
  });
});

describe('a blobs folder that is none', () => {
  it.each([
    ['a file', () => writeFileSync(join(root, 'snapshots', 'blobs'), 'in the way')],
    [
      'a folder with a dead link',
      () => {
        mkdirSync(join(root, 'snapshots', 'blobs'));
        symlinkSync('/nowhere/at/all', join(root, 'snapshots', 'blobs', 'x.json'));
      },
    ],
  ])('does not stop a build: %s', async (_, putThere) => {
    record(2);
    putThere();
    expect((await readBook(root, {})).book.actions.total).toBe(2);
  });
});

describe('publishing a book', () => {
  it('gives every line a row with the same content, whatever bytes it holds', async () => {
    record(20);
    const loaded = await readBook(root, {});
    loaded.publish(site);
    const published = await rows('rows');
    const details = await rows('details');
    expect(published).toHaveLength(20);
    expect(new Set(details.map(({ key }) => key)).size).toBe(20);
    // The two files have the same rows in the same order, and their key is with the details alone.
    expect(published[0]).not.toHaveProperty('key');
    const minutes = published.map(({ time }) => (time as Date).toISOString().slice(11, 16).replace(':', ''));
    expect(minutes[19]).toBe('0020');
    expect(details.map(({ key }) => String(key).slice(16, 20))).toEqual(minutes);
    expect(JSON.parse(details[7]!['details'] as string)).toEqual({
      number: 7,
      text: 'größe "x"\u0000\ud800',
    });
    expect(details[7]).toMatchObject({
      file: 'snapshots/action_log.jsonl',
      line: 8,
      status_word: 'completed',
      status_from: 'action.status',
    });
  });

  it('accounts for every line: rows, joined, repeated and broken add up', async () => {
    record(5);
    const line =
      '{"snapshot_id":"x","snapshot_type":"action","timestamp":"2026-11-20T00:00:30Z","action":{"type":"t","status":"executing","details":{},"id":"one","started_at":"2026-11-20T00:00:30Z"}}';
    foreign(
      line,
      line,
      line.replace('executing', 'failed').replace('00:00:30Z","action', '00:00:40Z","action'),
      '{"broken',
      'not json',
    );
    const { book } = await readBook(root, {});
    const { total, lines, repeated, broken, joined } = book.actions;
    expect({ total, lines, repeated, broken, joined }).toEqual({
      total: 6,
      lines: 10,
      repeated: 1,
      broken: 2,
      joined: 1,
    });
    expect(
      book.findings.filter(({ severity }) => severity === 'error').map((finding) => finding.line),
    ).toEqual([9, 10]);
  });

  it('counts apart what says it runs and can never be ended, and keeps words that are none of the known', async () => {
    record(2);
    const line = (id: string, status: string, own = '') =>
      `{"snapshot_id":"${id}","snapshot_type":"action","timestamp":"2026-11-20T01:00:00Z","action":{"type":"t","status":"${status}",${own}"details":{},"started_at":""}}`;
    foreign(
      line('a', 'executing'),
      line('b', 'executing'),
      line('c', 'running'),
      line('d', 'executing', '"id":"one",'),
      line('e', 'promoted 2/2 tasks'),
    );
    const loaded = await readBook(root, {});
    loaded.publish(site);
    const { endless, running, byStatus } = loaded.book.actions;
    expect(byStatus).toMatchObject({ running: 4, unknown: 1 });
    expect(endless).toEqual([
      { value: 'executing', count: 2 },
      { value: 'running', count: 1 },
    ]);
    expect(running).toHaveLength(1);
    const words = (await rows('rows')).map(({ status_word }) => status_word);
    expect(words.filter((word) => word !== null && word !== undefined)).toEqual(['promoted 2/2 tasks']);
  });

  it('sorts rows by time, also where the log does not', async () => {
    record(3);
    foreign(
      '{"snapshot_id":"early","snapshot_type":"action","timestamp":"2020-01-01T00:00:00Z","action":{"type":"t","status":"completed","details":{},"started_at":""}}',
    );
    const loaded = await readBook(root, {});
    loaded.publish(site);
    const times = (await rows('rows')).map(({ time }) => (time as Date).getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(loaded.book.actions.newest[3]!.file).toBe('snapshots/action_log.jsonl');
    expect(index()).toMatchObject({ total: 4, firstUs: Date.UTC(2020, 0, 1) * 1000 });
  });

  it('describes its shards so that a reader can choose', async () => {
    record(30);
    (await readBook(root, {})).publish(site);
    const { shards, statuses, byStatus } = index();
    expect(byStatus['completed']).toBe(30);
    expect(shards).toHaveLength(1);
    expect(shards[0]).toMatchObject({ start: 0, count: 30, byType: { build: 20, deploy: 10 } });
    expect(shards[0]!.byDay['2026-11-20']![statuses.indexOf('completed')]).toBe(30);
    for (const { file, bytes } of [shards[0]!.rows, shards[0]!.text, shards[0]!.details]) {
      expect(readFileSync(join(site, 'data', 'actions', file)).length).toBe(bytes);
    }
  });

  it('names a file by its content, so that no reader takes an older one for it', async () => {
    record(4);
    (await readBook(root, {})).publish(site);
    const before = index().shards[0]!;
    rmSync(join(root, '.daybook'), { recursive: true });
    (await readBook(root, {})).publish(site);
    expect(index().shards[0]).toEqual(before);
    foreign(
      '{"snapshot_id":"new","snapshot_type":"action","timestamp":"2026-11-21T00:00:00Z","action":{"type":"t","status":"completed","details":{}}}',
    );
    (await readBook(root, {})).publish(site);
    for (const kind of ['rows', 'text', 'details'] as const) {
      expect(before[kind].file).toMatch(new RegExp(`^${kind}-0000-[0-9a-f]{8}\\.parquet$`));
      expect(index().shards[0]![kind].file).not.toBe(before[kind].file);
    }
  });

  it('keeps actions apart whose type and writer hold the mark that parts them inside', async () => {
    mkdirSync(join(root, 'snapshots'));
    const line = (type: string, generated_by: string, timestamp: string) =>
      JSON.stringify({ timestamp, action: { type, status: 'completed' }, metadata: { generated_by } });
    foreign(
      line('a', 'completed\0w', '2026-01-01T00:00:00Z'),
      line('a\0completed', 'w', '2026-01-02T00:00:00Z'),
    );
    (await readBook(root, {})).publish(site);
    expect((await rows('rows')).map(({ type, writer }) => [type, writer])).toEqual([
      ['a', 'completed\0w'],
      ['a\0completed', 'w'],
    ]);
  });

  it('counts what happened before 1970 on its own day', async () => {
    mkdirSync(join(root, 'snapshots'));
    foreign('{"timestamp":"1969-12-31T23:59:59Z","action":{"type":"t","status":"completed"}}');
    const { book, publish } = await readBook(root, {});
    publish(site);
    expect(book.actions.days.map(({ day }) => day)).toEqual(['1969-12-31']);
    expect(Object.keys(index().shards[0]!.byDay)).toEqual(['1969-12-31']);
  });

  it('builds a book in which folders, pipes and dead links stand where files should, and clears what dead builds left', async () => {
    record(2);
    mkdirSync(join(root, 'snapshots', 'action_folder.json'));
    mkdirSync(join(root, 'snapshots', 'periodic_folder.json'));
    symlinkSync('nowhere', join(root, 'snapshots', 'action_log_old.jsonl'));
    if (process.platform !== 'win32')
      execFileSync('mkfifo', [join(root, 'snapshots', 'periodic_20260101_000000.json')]);
    const left = join(root, '.daybook', 'cache', 'actions', 'new-4194999');
    mkdirSync(left, { recursive: true });
    const { book } = await readBook(root, {});
    expect(book.actions.total).toBe(2);
    expect(new Set(book.findings.map(({ code }) => code))).toContain('unreadable');
    expect(existsSync(left)).toBe(false);
  });

  it('gives every data file a script twin with the same bytes and nothing recorded in the script', async () => {
    record(4);
    (await readBook(root, {})).publish(site);
    const folder = join(site, 'data', 'actions');
    const twins = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const { rows, text, details } = index().shards[0]!;
    const named = [details, rows, text].map(({ file }) => file.replace('.parquet', '.js'));
    expect(twins.sort()).toEqual([...named, 'index.js'].sort());
    for (const twin of twins) {
      const [, name, base64] =
        /^\(self\.daybookData\?\?=\{\}\)\["actions\/([a-z0-9-]+)"\]="([A-Za-z0-9+/=]*)"\n$/.exec(
          readFileSync(join(folder, twin), 'utf8'),
        )!;
      const file = name === 'index' ? 'index.json' : `${name}.parquet`;
      expect(Buffer.from(base64!, 'base64').equals(readFileSync(join(folder, file)))).toBe(true);
    }
  });

  it('takes from the cache what it has seen, and reads again what changed', async () => {
    record(5);
    expect((await readBook(root, {})).reused).toEqual({
      actions: false,
      snapshots: false,
      runs: false,
      versions: false,
    });
    const again = await readBook(root, {});
    expect(again.reused).toEqual({ actions: true, snapshots: true, runs: true, versions: true });
    expect(again.book.actions.newest[0]!.details).toMatchObject({ number: 4 });
    foreign(
      '{"snapshot_id":"new","snapshot_type":"action","timestamp":"2026-11-21T00:00:00Z","action":{"type":"t","status":"completed","details":{},"started_at":""}}',
    );
    const changed = await readBook(root, {});
    expect(changed.reused).toEqual({ actions: false, snapshots: true, runs: true, versions: true });
    expect(changed.book.actions.total).toBe(6);
    expect(
      readdirSync(join(root, '.daybook', 'cache', 'actions')).filter((name) => name !== 'seen.json'),
    ).toHaveLength(1);
  });
});
