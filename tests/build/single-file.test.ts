import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { blockStart, singleDocument } from '../../src/build/single/document.ts';
import { sharesOf, sizeWarning } from '../../src/build/single/size.ts';
import { unpackSingleFile } from '../../src/build/single/unpack.ts';
import { writeSingleFile } from '../../src/build/single/write.ts';
import { buildSingleFile, buildSite } from '../../src/build.ts';
import { expandExample } from '../base/secrets/expand-example.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';

const token = expandExample('ghp_{a36}');

function experiment(name: string, more: object = {}): string {
  return JSON.stringify({
    experiment_id: name,
    experiment_name: name,
    timestamp: '2026-11-20T10:00:00',
    status: 'completed',
    ...more,
  });
}

/** A picture that no compression makes smaller. */
function noise(bytes: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d494844520000000a0000000a08000000', 'hex');
  return Buffer.concat([head, randomBytes(bytes)]);
}

describe('a site in one file', () => {
  it('is taken apart into the bytes that it was made from', () => {
    const [site, content] = [temporaryFolder(), temporaryFolder()];
    const files = {
      'index.html': '<p>größe </script> \u2028',
      "runs/it's 100% <odd>.html": 'x',
      'data/runs/details-0000.json.gz': gzipSync('{"a": "</script>"}'),
      'data/rows.parquet': randomBytes(5000),
    };
    const packed = Object.entries(files).map(([name, text]) => {
      mkdirSync(join(site, name, '..'), { recursive: true });
      writeFileSync(join(site, name), text);
      return { name, bytes: 0 };
    });
    const path = join(site, 'one.html');
    const { bytes, written } = writeSingleFile(path, { start: '<main>', end: '<i>code</i>' }, site, packed);
    expect(bytes).toBe(readFileSync(path).length);
    expect(written.map(({ name }) => name)).toEqual(Object.keys(files));
    // Nothing of what is recorded can end the element that holds it.
    expect(readFileSync(path, 'latin1').match(/<[^>]*>/g)).toEqual([
      '<main>',
      ...packed.flatMap(({ name }) => [blockStart(name, /\.html$/.test(name)), '</script>']),
      '<i>',
      '</i>',
    ]);
    expect(unpackSingleFile(path, content, ['code'])).toEqual(Object.keys(files));
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(content, name)).equals(Buffer.from(text)), name).toBe(true);
    expect(readFileSync(join(content, 'document.html'), 'utf8').replaceAll('\n', '')).toBe(
      '<main></script></script></script></script><i></i>',
    );
  });

  it('is made of no code that could end its element, or change on the way to its hash', () => {
    const page =
      '<title>t</title><link rel="icon" href="data:,"><script>1</script><body data-page="p"><main></main></body>';
    const made = (script: string, style = '') =>
      singleDocument({ page, first: 'index.html', style, script, version: '1' });
    expect(made('run()').start).toContain("connect-src 'none'");
    for (const bad of ['"</script>"', '"</STYLE>"', '"<!--"', 'a\r\nb', '"\0"']) {
      expect(() => made(bad), bad).toThrow('Expected script code');
      expect(() => made('', bad), bad).toThrow('Expected style code');
    }
  });

  it.each([
    ['a page', { 'runs/a/experiment_tracker.json': experiment('a', { description: `of ${token}` }) }],
    [
      'a copy of an artifact',
      {
        'runs/a/experiment_tracker.json': experiment('a', { visualization_files: ['notes.txt'] }),
        'runs/a/notes.txt': `${'loss 1\n'.repeat(2000)}${token}\n`,
      },
    ],
  ])('is refused for a secret in %s, whatever form it has in the file', async (_, files) => {
    const root = temporaryBook(files);
    const building = buildSingleFile({ root });
    await expect(building).rejects.toMatchObject({ code: 'secrets' });
    await expect(building).rejects.toThrow(/runs\/a\/(?:notes\.txt|experiment_tracker\.json):/);
    expect(existsSync(join(root, 'dashboard.html'))).toBe(false);
  });

  it('passes an allowed secret, also where sites that hold it were built before', async () => {
    const files = {
      'daybook.yaml': 'redaction: {allow: ["runs/**"]}\n',
      'runs/a/experiment_tracker.json': experiment('a', { description: `of ${token}` }),
    };
    const root = temporaryBook(files);
    await buildSite({ root });
    await buildSingleFile({ root });
    await buildSingleFile({ root, out: 'other.html' });
    await buildSite({ root });
    expect(existsSync(join(root, 'other.html'))).toBe(true);
  });

  it('leaves files of others alone, and takes the place of an earlier one', async () => {
    const root = temporaryBook({ 'notes.html': '<p>mine', 'snapshots/x.txt': '' });
    await expect(buildSingleFile({ root, out: 'notes.html' })).rejects.toMatchObject({ code: 'exists' });
    await expect(buildSingleFile({ root, out: 'snapshots' })).rejects.toMatchObject({ code: 'usage' });
    await expect(buildSingleFile({ root, out: 'snapshots/a.html' })).rejects.toMatchObject({ code: 'usage' });
    mkdirSync(join(root, 'folder.html'));
    await expect(buildSingleFile({ root, out: 'folder.html' })).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(join(root, 'notes.html'), 'utf8')).toBe('<p>mine');
    await buildSingleFile({ root });
    await buildSingleFile({ root });
  });

  it('says its size, and where mail servers will refuse it what takes the most and what to leave out', async () => {
    const files = ['a', 'b', 'c'].flatMap((name): [string, string | Buffer][] => [
      [`runs/${name}/experiment_tracker.json`, experiment(name, { visualization_files: ['big.png'] })],
      [`runs/${name}/big.png`, noise(5_400_000)],
    ]);
    const root = temporaryBook(Object.fromEntries(files));
    const whole = await buildSingleFile({ root });
    expect(whole.bytes).toBe(readFileSync(whole.out).length);
    expect(whole.shares[0]).toEqual({ what: 'copies of artifacts', bytes: expect.any(Number) });
    expect(whole.shares[0]!.bytes).toBeGreaterThan(21_000_000);
    expect(whole.warning).toMatch(
      /^2\d\.\d MB is more than .* Most of it: copies of artifacts 2\d\.\d MB, .*--run <key>/,
    );
    const one = await buildSingleFile({ root, out: 'one.html', selection: { runs: ['runs/b'] } });
    expect(one).toMatchObject({ warning: undefined, runs: 1, part: '1 run of the 3 in this book' });
    expect(one.bytes).toBeLessThan(9_000_000);
  });
});

describe('what a file says of its size', () => {
  const shares = sharesOf([
    { name: 'data/actions/rows-0000.parquet', bytes: 9 },
    { name: 'data/actions/index.json', bytes: 1 },
    { name: 'data/runs/series-0000.json.gz', bytes: 7 },
    { name: 'data/runs/index.json', bytes: 2 },
    { name: 'index.html', bytes: 100 },
  ]);

  it('sums each kind, most first', () => {
    expect(shares).toEqual([
      { what: 'actions', bytes: 10 },
      { what: 'curves of runs', bytes: 7 },
      { what: 'details of runs', bytes: 2 },
    ]);
  });

  it('is a warning above 20 MB alone, with advice that the choice leaves open', () => {
    expect(sizeWarning(20_000_000, shares, undefined)).toBeUndefined();
    expect(sizeWarning(20_000_001, shares, undefined)).toMatch(/--since 30d, or choose runs/);
    expect(sizeWarning(30_000_000, shares, { sinceUs: 0 })).toMatch(/shorter time/);
    expect(sizeWarning(30_000_000, shares, { runs: ['a'] })).toMatch(/fewer runs/);
  });
});

it('a second build in one process has the pages of the runs that came, and not of those that went', async () => {
  const root = temporaryBook({ 'runs/a/experiment_tracker.json': experiment('a') });
  const pages = async () => {
    const { out } = await buildSite({ root });
    return ['a', 'b'].map((name) =>
      JSON.parse(readFileSync(join(out, 'api/runs.json'), 'utf8'))
        .newest.filter((run: { name: string }) => run.name === name)
        .map((run: { slug: string }) => existsSync(join(out, 'runs', `${run.slug}.html`))),
    );
  };
  expect(await pages()).toEqual([[true], []]);
  mkdirSync(join(root, 'runs/b'));
  writeFileSync(join(root, 'runs/b/experiment_tracker.json'), experiment('b'));
  expect(await pages()).toEqual([[true], [true]]);
});
