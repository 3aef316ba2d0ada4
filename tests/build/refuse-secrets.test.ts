import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { textPages } from '../../src/build/parquet-texts.ts';
import { refuseSecrets } from '../../src/build/refuse-secrets.ts';
import { buildSite } from '../../src/build.ts';
import { ParquetFile } from '../../src/data/publish/parquet-file/file.ts';
import { openDatabase } from '../../src/data/publish/temporary-database.ts';
import { writeTwin } from '../../src/data/publish/twin.ts';
import { expandExample } from '../base/secrets/expand-example.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';

/** A token of GitHub's shape, another one for every number. */
const token = (number: number) => `${expandExample('ghp_{a34}')}${String(number).padStart(2, '0')}`;
const webToken = expandExample('eyJ{a33}.eyJ{a60}.{a43}');

function write(root: string, files: Record<string, string | Uint8Array>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}

/** What a scan says of a site made of some files, for a book made of others. */
async function refused(
  site: Record<string, string | Uint8Array>,
  book: Record<string, string> = {},
  allow: string[] = [],
) {
  const [root, folder, work] = [temporaryBook(book), temporaryFolder(), temporaryFolder()];
  write(folder, { 'index.html': '<p>fine', ...site });
  return refuseSecrets(folder, { root, out: join(root, 'dashboard'), work, allow });
}

describe('a site that is about to be published', () => {
  it.each([
    ['a page', 'runs/a.html', `<td>${token(1)}</td>`],
    [
      'a page where long words may wrap',
      'a.html',
      `<td>${token(1).slice(0, 12)}<wbr>${token(1).slice(12)}</td>`,
    ],
    ['a data file', 'data/runs/index.json', JSON.stringify({ a: [`x ${token(1)}`] })],
    ['a packed data file', 'data/runs/details.json.gz', gzipSync(JSON.stringify({ a: token(1) }))],
    ['the api', 'api/runs.json', JSON.stringify({ a: token(1) })],
    ['a copy of an artifact', 'data/artifacts/a/0-notes.txt', `loss ${token(1)}`],
    ['an image', 'data/artifacts/a/1-x.png', Buffer.from(`\u0089PNG ${token(1)}`, 'latin1')],
  ])('is refused for a token in %s', async (_, file, content) => {
    await expect(refused({ [file]: content })).rejects.toMatchObject({ code: 'secrets', where: file });
  });

  it('is refused for one in Markdown that is no page, also beside a page of its name', async () => {
    const page = { 'data/artifacts/a/report.html': '<p>well</p>' };
    const file = 'data/artifacts/a/report.md';
    await expect(refused({ ...page, [file]: token(1) })).rejects.toMatchObject({ where: file });
    await expect(refused({ 'llms.txt': token(1) })).rejects.toMatchObject({ where: 'llms.txt' });
    await expect(refused({ 'feeds/failures.xml': token(1) })).rejects.toMatchObject({
      where: 'feeds/failures.xml',
    });
  });

  it('is refused for one in any column of a Parquet file, and its twin is not read twice', async () => {
    const [site, work] = [temporaryFolder(), temporaryFolder()];
    const { connection, close } = await openDatabase(work);
    const path = join(site, 'data', 'rows.parquet');
    mkdirSync(dirname(path));
    await connection.run(
      `COPY (SELECT i AS n, 'a' AS plain, CASE WHEN i = 4321 THEN ['x', 'is ${token(2)}'] ELSE ['path'] END AS list FROM range(5000) t(i)) TO '${path}' (FORMAT parquet)`,
    );
    close();
    writeTwin(join(site, 'data'), 'data/', 'rows', Buffer.from('twin'));
    const root = temporaryBook({ 'snapshots/action_log.jsonl': `{}\n{"a":"${token(2)}"}\n` });
    const found = refuseSecrets(site, { root, out: join(root, 'dashboard'), work, allow: [] });
    await expect(found).rejects.toMatchObject({ where: 'snapshots/action_log.jsonl:2' });
    await expect(found).rejects.toThrow('published in data/rows.parquet');
    await expect(found).rejects.not.toThrow(token(2));
  });

  it.each([40, 5000])(
    'is refused for one in a Parquet file of our own of %s rows, without a database',
    async (rows) => {
      // A rule that minds what follows: the length of the next text is 65, which is an "A".
      const crate = expandExample('cio{a32}');
      const texts = Array.from({ length: rows }, (_, at) => (at === 21 ? `is ${crate}` : 'a'.repeat(65)));
      const columns = [
        { name: 'plain', kind: 'text', isDiverse: true },
        { name: 'numbered', kind: 'text' },
      ] as const;
      const bytesOf = (plain: readonly string[], numbered: readonly string[]) => {
        const file = new ParquetFile(columns, 6);
        file.addGroup([plain, numbered]);
        return file.finish();
      };
      const fine = texts.map(() => 'fine');
      for (const bytes of [bytesOf(texts, fine), bytesOf(fine, texts)]) {
        expect([...(textPages(bytes) ?? [])].some(({ whole }) => whole.includes(crate))).toBe(true);
        await expect(refused({ 'data/rows.parquet': bytes })).rejects.toThrow('data/rows.parquet');
      }
      expect(await refused({ 'data/rows.parquet': bytesOf(fine, fine) })).toEqual([]);
    },
  );

  // Written by pyarrow: texts that none may be missing of, and pages of the second kind; a row of "T" stands for a token.
  it.each(['required-texts', 'second-pages'])(
    'is refused for one in the copy of a Parquet file of another writer: %s',
    async (name) => {
      const fine = readFileSync(join(import.meta.dirname, `../fixtures/parquet/${name}.parquet`));
      const bytes = Buffer.from(fine.toString('latin1').replace('T'.repeat(40), token(1)), 'latin1');
      expect(bytes).toHaveLength(fine.length);
      await expect(refused({ 'artifacts/rows.parquet': bytes })).rejects.toThrow('artifacts/rows.parquet');
      expect(await refused({ 'artifacts/rows.parquet': fine })).toEqual([]);
    },
  );

  it('passes what daybook.yaml allows by rule or by file, and nothing else', async () => {
    const site = { 'a.html': token(1), 'b.html': token(2) };
    const book = { 'old/run.lock': `x: ${token(1)}`, 'new/run.lock': `x: ${token(2)}` };
    expect(await refused(site, book, ['github-token'])).toEqual([]);
    expect(await refused(site, book, ['old/**', 'new/'])).toEqual([]);
    await expect(refused(site, book, ['old/**'])).rejects.toMatchObject({ where: 'new/run.lock:1' });
    await expect(refused(site, book, ['npm-token'])).rejects.toThrow('2 secrets');
  });

  it('passes what may be harmless, and says so', async () => {
    expect(await refused({ 'a.html': webToken }, { 'a.txt': `\n${webToken}` })).toEqual([
      { rule: 'json-web-token', where: ['a.txt:2'] },
    ]);
    expect(await refused({ 'a.html': 'password: hunter2' })).toEqual([]);
  });
});

const action = (second: number, details: object) =>
  JSON.stringify({
    snapshot_id: `action_20251222_0220${second}_454420`,
    snapshot_type: 'action',
    timestamp: `2025-12-22T02:20:${second}.454420Z`,
    action: { type: 'x', status: 'completed', details, started_at: `2025-12-22T02:20:${second}.454420Z` },
    metadata: { generated_by: 'barrot_snapshot_generator', version: '1.0' },
  });

/** A book as the original programs leave it, with a token of its own in every kind of file. */
function foreignBook(): Record<string, string | Uint8Array> {
  const filler = Array.from({ length: 40 }, (_, at) => `${action(10 + at, { n: at })}\n`).join('');
  const version = {
    version: 'v1',
    created_at: '2025-12-22T02:20:05+00:00',
    tags: [],
    checksum: null,
    entry_count: 1,
  };
  return {
    'snapshots/action_log.jsonl': `${action(10, { deep: [{ a: `of ${token(1)}` }] })}\n${filler}`,
    'snapshots/action_log-2025-11.jsonl.gz': gzipSync(`${action(11, { note: token(2) })}\n`),
    'snapshots/action_20251222_022059_454420.json': action(59, { note: token(3) }),
    'snapshots/periodic_20251222_022005.json': JSON.stringify({
      snapshot_id: 'periodic_20251222_022005',
      snapshot_type: 'periodic',
      timestamp: '2025-12-22T02:20:05.000000Z',
      interval: '30_minutes',
      system_state: { health: 'operational', note: token(4) },
      metadata: {},
    }),
    'outputs/run1/run.lock': `config:\n  lr: 0.1\n  url: ${token(5)}\nrepos: {}\ndata: {}\nprevs: {}\n`,
    'metadata.json': JSON.stringify({
      train: {
        '': {
          '000': {
            status: 'done',
            param_hash: null,
            files: { log: `out/${token(6)}.txt` },
            timestamp_status_lst: [['2025-12-22T02:20:05', 'done']],
          },
        },
      },
    }),
    'exp/experiment_tracker.json': JSON.stringify({
      experiment_id: 'e1',
      experiment_name: 'e1',
      timestamp: '2025-12-22T02:20:05',
      status: 'completed',
      description: `of ${token(7)}`,
      visualization_files: ['exp/notes.txt'],
      artifact_ids: ['a'],
    }),
    'exp/notes.txt': `loss ${token(8)}\n`,
    'snapshots/store/registry.json': JSON.stringify({ snapshots: { v1: version } }),
    'snapshots/store/metadata/v1.json': JSON.stringify({ ...version, description: token(9), user_info: {} }),
    'snapshots/store/data/v1.data': JSON.stringify({ state: `of ${token(10)}` }),
  };
}

describe('daybook build', () => {
  it('stops for a secret in any file that another program wrote, names each, and builds what is allowed', async () => {
    const files = foreignBook();
    const root = temporaryBook(files);
    const error = await buildSite({ root }).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'secrets' });
    const named = Object.keys(files).filter((file) => error!.message.includes(`github-token: ${file}:`));
    const planted = Object.keys(files).filter((file) => file !== 'snapshots/store/registry.json');
    expect(named).toEqual(planted);
    expect(error!.message).not.toMatch(/ghp_/);
    writeFileSync(join(root, 'daybook.yaml'), 'redaction: {allow: [github-token]}\n');
    expect(await buildSite({ root })).toMatchObject({ doubtful: [] });
  }, 120_000);
});
