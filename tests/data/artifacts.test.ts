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
import { describe, expect, it } from 'vitest';
import { shownOf } from '../../src/data/publish/artifact-content.ts';
import { artifacts } from '../../src/data/publish/artifacts.ts';
import { imageOf } from '../../src/data/publish/image-size.ts';
import type { RunArtifact } from '../../src/data/runs/types.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';

const pngHead = Buffer.from('89504e470d0a1a0a0000000d4948445200000140000000c808000000', 'hex');

function artifact(file: string | undefined): RunArtifact {
  return {
    id: 'a',
    type: 'x',
    path: file,
    file,
    description: undefined,
    tags: [],
    bytes: undefined,
    digest: undefined,
    addedAtUs: undefined,
  };
}

const shown = (name: string, content: string | Buffer, bytes?: number) => {
  const head = Buffer.from(content as string);
  return shownOf(name, head, bytes ?? head.length);
};

describe('what is shown of a file', () => {
  it('is an image only where its bytes say so, whatever its name', () => {
    expect(shown('a.txt', pngHead)).toEqual({
      shown: { kind: 'image', width: 320, height: 200 },
      ending: 'png',
    });
    expect(shown('a.png', '<script>alert(1)</script>')).toMatchObject({
      shown: { kind: 'text' },
      ending: 'txt',
    });
    expect(shown('a.svg', '<svg onload="alert(1)"/>')).toMatchObject({
      shown: { kind: 'text' },
      ending: 'txt',
    });
    expect(shown('a.html', '<!doctype html><script>')).toMatchObject({ ending: 'txt' });
  });

  it('is a table for CSV, with as many rows as a page can bear', () => {
    const rows = Array.from({ length: 500 }, (_, at) => `${at},"a, ""b""",=1+1`).join('\n');
    const { shown: table, ending } = shown('a.csv', `n,text,formula\n${rows}\n`);
    expect(ending).toBe('csv');
    expect(table).toMatchObject({ kind: 'table', head: ['n', 'text', 'formula'], isCut: true });
    expect(table?.kind === 'table' && [table.rows.length, table.rows[0]]).toEqual([
      20,
      ['0', 'a, "b"', '=1+1'],
    ]);
    expect(shown('a.tsv', 'a\tb\n1\t2').shown).toEqual({
      kind: 'table',
      head: ['a', 'b'],
      rows: [['1', '2']],
      isCut: false,
    });
    expect(shown('a.csv', 'only one line').shown).toMatchObject({ kind: 'text' });
    expect(shown('a.csv', `a,b\n1,2\n3,${'x'.repeat(500)}`, 1e9).shown).toMatchObject({
      rows: [['1', '2']],
      isCut: true,
    });
  });

  it('is values for JSON, and text for what only looks like it', () => {
    expect(shown('a.json', '{"a": {"b": 1}}').shown?.kind).toBe('value');
    expect(shown('a.json', '{"a": NaN}').shown?.kind).toBe('text');
    expect(shown('a.json', `[${'1,'.repeat(50_000)}1]`).shown?.kind).toBe('text');
    expect(shown('a.json', '{"__proto__": {"x": 1}}').shown?.kind).toBe('value');
  });

  it('is the beginning of text, and nothing of what is none', () => {
    expect(shown('a.log', 'line\n'.repeat(1000)).shown).toMatchObject({ kind: 'text', isCut: true });
    expect(shown('a.log', 'grüße')).toMatchObject({ shown: { text: 'grüße', isCut: false } });
    expect(shown('a.log', Buffer.from('grüß').subarray(0, 4), 9)).toMatchObject({
      shown: { text: 'gr' },
      ending: 'txt',
    });
    expect(shown('a.log', Buffer.from([0xff, 0xfe, 0x41]))).toEqual({ shown: undefined, ending: undefined });
    expect(shown('a.pth', Buffer.from([80, 75, 0, 0]))).toEqual({ shown: undefined, ending: undefined });
    expect(shown('empty.txt', '')).toEqual({ shown: undefined, ending: 'txt' });
  });
});

describe('images', () => {
  it.each([
    ['gif', Buffer.from('GIF89a\x40\x01\xc8\x00          ', 'latin1'), 320, 200],
    ['jpg', Buffer.from('ffd8ffe000040000ffc0001108 00c8 0140 03'.replaceAll(' ', ''), 'hex'), 320, 200],
    [
      'webp',
      Buffer.concat([Buffer.from('RIFF....WEBPVP8X'), Buffer.from('0a000000000000003f0100c70000', 'hex')]),
      320,
      200,
    ],
  ])('%s tells its size', (ending, head, width, height) => {
    expect(imageOf(head)).toEqual({ ending, width, height });
  });

  it('that are cut short are images without a size, and nothing crashes', () => {
    for (let length = 0; length < pngHead.length; length++) imageOf(pngHead.subarray(0, length));
    expect(imageOf(pngHead.subarray(0, 20))).toEqual({ ending: 'png', width: undefined, height: undefined });
    expect(imageOf(Buffer.from(`ffd8ff${'ffe00002'.repeat(40)}`, 'hex'))).toMatchObject({
      ending: 'jpg',
      width: undefined,
    });
  });
});

describe('copies of artifacts', () => {
  it('have safe names and endings, and lie below data/artifacts', () => {
    const root = temporaryBook({
      'runs/a/plot.png': pngHead,
      'runs/a/re port<1>.html': '<script>',
      'runs/a/.hidden': 'x',
      'runs/a/model.bin': Buffer.from([0, 1]),
    });
    const site = temporaryFolder();
    const files = artifacts(root);
    const names = [
      'runs/a/plot.png',
      'runs/a/re port<1>.html',
      'runs/a/.hidden',
      'runs/a/model.bin',
      undefined,
    ];
    const previews = files.previewsOf({ slug: 'a', artifacts: names.map(artifact) });
    expect(previews.map((preview) => preview?.href)).toEqual([
      'data/artifacts/a/0-plot.png',
      'data/artifacts/a/1-re_port_1_.html.txt',
      'data/artifacts/a/2-_hidden.txt',
      undefined,
      undefined,
    ]);
    expect(previews[3]).toMatchObject({ why: 'neither text nor an image', bytes: 2 });
    files.publish(site);
    expect(readdirSync(join(site, 'data/artifacts/a')).sort()).toEqual([
      '0-plot.png',
      '1-re_port_1_.html.txt',
      '2-_hidden.txt',
    ]);
    expect(readFileSync(join(site, 'data/artifacts/a/1-re_port_1_.html.txt'), 'utf8')).toBe('<script>');
    expect(files.previewsOf({ slug: 'a', artifacts: [] })).toBe(previews);
  });

  it('are never made of what lies outside of the book, of folders, or of what is too large', () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    const root = temporaryBook({ 'runs/a/inside.txt': 'fine', 'runs/a/huge.txt': 'x'.repeat(8_000_001) });
    mkdirSync(join(root, 'runs/a/folder'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'runs/a/link.txt'));
    symlinkSync(join(root, 'runs/a/inside.txt'), join(root, 'runs/a/own-link.txt'));
    symlinkSync(join(root, 'gone'), join(root, 'runs/a/broken.txt'));
    const files = artifacts(root);
    const names = [
      'link.txt',
      'folder',
      'gone.txt',
      'broken.txt',
      '../../../../etc/passwd',
      'own-link.txt',
      'huge.txt',
    ];
    const previews = files.previewsOf({
      slug: 'a',
      artifacts: names.map((name) => artifact(`runs/a/${name}`)),
    });
    expect(previews.map((preview) => preview?.href)).toEqual(
      [
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        'data/artifacts/a/5-own-link.txt.txt',
        undefined,
      ].map((href) => href?.replace('.txt.txt', '.txt')),
    );
    expect(previews[6]?.why).toBe('larger than 8.00 MB');
    const site = temporaryFolder();
    files.publish(site);
    expect(existsSync(join(site, 'data/artifacts/a/0-link.txt'))).toBe(false);
    expect(readdirSync(join(site, 'data/artifacts/a'))).toEqual(['5-own-link.txt']);
  });
});

describe('a file that goes after it was looked at', () => {
  it('is said not to be copied, and a text that says so stands in its place', () => {
    const root = temporaryBook();
    for (const name of ['gone.txt', 'stays.txt']) writeFileSync(join(root, name), 'content');
    const produced = artifacts(root);
    const previews = produced.previewsOf({
      slug: 'r',
      artifacts: [artifact('gone.txt'), artifact('stays.txt')],
    });
    rmSync(join(root, 'gone.txt'));
    const site = temporaryFolder();
    expect(produced.publish(site)).toEqual([{ file: 'gone.txt', why: expect.stringContaining('ENOENT') }]);
    const texts = previews.map((preview) => readFileSync(join(site, preview!.href!), 'utf8'));
    expect(texts).toEqual([expect.stringContaining('could not be copied'), 'content']);
  });
});
