import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { openVersionStore } from '../../collector/operations/versions/book-versions.ts';
import { versionsFolder } from '../../collector/store/versions/version-files.ts';
import { temporaryBook } from '../helpers.ts';
import { emptyFolder, run } from './run.ts';
import { sampleBook } from './sample-book.ts';

function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const diff = (folder: string, ...argv: string[]) => run(folder, ['diff', ...argv]);

describe('daybook diff of files', () => {
  it('reads JSON and YAML alike, and needs no book', async () => {
    const folder = folderWith({
      'a.json': '{"lr": 0.1, "layers": [3, 4]}',
      'b.yaml': 'lr: 0.2\nlayers: [3, 4]\n',
    });
    const { exitCode, out } = await diff(folder, 'a.json', 'b.yaml');
    expect(exitCode).toBe(4);
    expect(out).toContain('lr  0.1 → 0.2  +0.1 (+100 %)');
    expect(out).toContain('unchanged: layers (2 values)');
    expect(await diff(folder, 'a.json', 'a.json')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('● the same'),
    });
  });

  it('compares no JSON with a key that stands twice, and names the line', async () => {
    const folder = folderWith({ 'a.json': '{"a": 1,\n "a": 2}', 'b.json': '{"a": 2}' });
    const { exitCode, problem } = await diff(folder, 'a.json', 'b.json');
    expect(exitCode).toBe(2);
    expect(problem).toContain('"a" a second time in line 2');
  });

  it('compares JSON lines as values and texts line by line', async () => {
    const folder = folderWith({
      'a.jsonl': '{"n":1}\n{"n":2}\n',
      'b.jsonl': '{"n":1}\n{"n":3}',
      'a.txt': 'one\ntwo of them\n',
      'b.txt': 'zero\r\none\r\ntwo of us\r\n',
    });
    expect((await diff(folder, 'a.jsonl', 'b.jsonl')).out).toContain('[1].n  2 → 3');
    const { out } = await diff(folder, 'a.txt', 'b.txt');
    expect(out).toContain('line 1  + zero');
    expect(out).toContain('line 3  two of [-them-]{+us+}');
  });

  it('tells how lines end once, and never calls texts the same that are not', async () => {
    const folder = folderWith({
      'lf.txt': 'one\ntwo\n',
      'crlf.txt': 'one\r\ntwo\r\n',
      'open.txt': 'one\ntwo',
      'mixed.txt': 'one\r\ntwo\n',
      'other.txt': 'one\ntwo\r\n',
      'empty.txt': '',
    });
    const ends = await diff(folder, 'lf.txt', 'crlf.txt');
    expect(ends).toMatchObject({ exitCode: 4 });
    expect(JSON.parse((await diff(folder, 'lf.txt', 'crlf.txt', '--json')).out)).toMatchObject({
      same: false,
      unchanged: 2,
      differences: [{ path: 'line ends', before: 'LF', after: 'CRLF' }],
    });
    expect(ends.out).toContain('line ends  LF → CRLF');
    expect(await diff(folder, 'lf.txt', 'crlf.txt', '--patch')).toMatchObject({ exitCode: 4 });
    const last = await diff(folder, 'lf.txt', 'open.txt');
    expect(last.out).toContain('end of the last line  a line feed → nothing');
    expect(last).toMatchObject({ exitCode: 4 });
    expect((await diff(folder, 'mixed.txt', 'other.txt')).exitCode).toBe(4);
    expect((await diff(folder, 'mixed.txt', 'lf.txt')).out).toContain('line ends  mixed → LF');
    expect((await diff(folder, 'empty.txt', 'open.txt')).out).toContain('2 differences\n');
    expect((await diff(folder, 'crlf.txt', 'crlf.txt')).exitCode).toBe(0);
  });

  it('prints a JSON Patch that leads from one to the other', async () => {
    const [a, b] = [{ x: { list: [1, 2, 3], 'a/b': 1 } }, { x: { list: [3, 1, 2], 'a/b': 2 }, y: null }];
    const folder = folderWith({ 'a.json': JSON.stringify(a), 'b.json': JSON.stringify(b) });
    const { exitCode, out } = await diff(folder, 'a.json', 'b.json', '--patch');
    expect(exitCode).toBe(4);
    expect(applyPatch(a, JSON.parse(out))).toEqual(Array(JSON.parse(out).length).fill(null));
    expect(a).toEqual(b);
    expect(await diff(folder, 'a.json', 'a.json', '--patch')).toMatchObject({ exitCode: 0, out: '[]\n' });
  });

  it('gives the differences as JSON, changed texts by words, too', async () => {
    const folder = folderWith({ 'a.json': '{"t": "one two three"}', 'b.json': '{"t": "one 2 three"}' });
    expect(JSON.parse((await diff(folder, 'a.json', 'b.json', '--json')).out)).toMatchObject({
      same: false,
      before: { kind: 'file', name: 'a.json' },
      differences: [
        {
          kind: 'changed',
          path: 't',
          place: ['t'],
          words: [
            { kind: 'same' },
            { kind: 'removed', text: 'two' },
            { kind: 'added', text: '2' },
            { kind: 'same' },
          ],
        },
      ],
    });
  });

  it.each([
    ['bad.json', '{"a": }', 2, 'bad.json:1:7'],
    ['bad.jsonl', '{"a": 1}\n{', 2, 'bad.jsonl:2:'],
    ['bad.yaml', 'a: [1', 2, 'bad.yaml:'],
    ['data.bin', 'a\0b', 2, 'binary'],
  ])('says what is wrong with %s and where', async (name, content, exitCode, problem) => {
    const folder = folderWith({ [name]: content, 'a.json': '{}' });
    const ran = await diff(folder, 'a.json', name);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.problem).toContain(problem);
  });

  it('refuses what is no file, and what is nothing', async () => {
    const folder = folderWith({ 'a.json': '{}' });
    mkdirSync(join(folder, 'sub'));
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    expect((await diff(folder, 'a.json', 'pipe.json')).problem).toContain('found a pipe or a device');
    expect((await diff(folder, 'a.json', 'sub')).problem).toContain('found a folder');
    expect(await diff(folder, 'a.json', 'none.json')).toMatchObject({ exitCode: 3 });
    expect((await diff(folder, 'a.json', 'a.json', '--code')).problem).toContain('--code is for two runs');
  });
});

describe('daybook diff of commits', () => {
  it('takes a file as it was, from the top of the repository or from here', async () => {
    const folder = folderWith({ 'a.json': '{"n": 1}' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@e', ...args], { cwd: folder });
    git('init', '-q');
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'b.json'), '{"n": 5}');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    writeFileSync(join(folder, 'a.json'), '{"n": 2}');
    expect((await diff(folder, 'git:HEAD:a.json', 'a.json')).out).toContain('n  1 → 2');
    expect((await diff(join(folder, 'sub'), 'git:HEAD:b.json', 'git:HEAD:a.json')).out).toContain('n  5 → 1');
    expect(await diff(folder, 'git:HEAD:none', 'a.json')).toMatchObject({ exitCode: 3 });
    expect((await diff(folder, 'git:nowhere:a.json', 'a.json')).problem).toContain('no revision "nowhere"');
    expect(await diff(folder, 'git:HEAD', 'a.json')).toMatchObject({ exitCode: 2 });
    expect(await diff(folder, 'git:--output=x:a.json', 'a.json')).toMatchObject({ exitCode: 2 });
  });
});

describe('daybook diff in a book', () => {
  it('compares snapshots by id and by how long ago; ids and times do not count', async () => {
    const root = sampleBook();
    const { exitCode, out } = await diff(root, 'latest~1', 'latest');
    expect(exitCode).toBe(4);
    expect(out).toMatch(/- periodic_20251222_022049 .*\n\+ periodic_20251222_025049 /);
    expect(out).not.toContain('snapshot_id');
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect((await diff(root, 'periodic_20251222_025049~1', 'latest')).out).toBe(out);
    expect(await diff(root, 'latest', 'periodic_20251222_025049')).toMatchObject({ exitCode: 0 });
    expect((await diff(root, 'latest~9', 'latest')).problem).toContain('found only 1');
    expect((await diff(temporaryBook(), 'latest~1', 'latest')).problem).toContain(
      'no periodic snapshot in this book yet',
    );
    expect((await diff(root, 'periodic_20251222_02504', 'latest')).problem).toContain(
      'Near are periodic_20251222_025049',
    );
  });

  it('mixes versions, tags, snapshots and files', async () => {
    const root = sampleBook();
    const manager = openVersionStore({ basePath: versionsFolder(root), root });
    await manager.save({ state: 'up', n: 1 }, { version: 'one', tags: ['stable'] });
    await manager.save({ state: 'down', n: 1 }, { version: 'two', tags: ['odd'] });
    await manager.close();
    writeFileSync(join(root, 'one'), '{}');
    writeFileSync(join(root, 'now.json'), '{"state": "gone", "n": 1}');
    expect((await diff(root, 'stable', 'now.json')).out).toContain('state  up → gone');
    expect((await diff(root, 'version:one', 'version:two')).out).toContain('state  up → down');
    expect((await diff(root, 'tag:stable', 'tag:odd')).out).toContain('state  up → down');
    // A file of that name comes first, a snapshot before a version.
    expect((await diff(root, 'one', 'file:now.json')).out).toContain('- one  file');
    expect((await diff(root, 'latest', 'now.json')).out).toContain('- periodic_20251222_025049');
    expect(await diff(root, 'version:stable', 'now.json')).toMatchObject({ exitCode: 3 });
    expect((await diff(root, 'stabel', 'now.json')).problem).toContain('Near are stable');
  });

  it('finds a text the same as the version that was saved of it', async () => {
    const root = temporaryBook({ 'notes.txt': 'one\r\ntwo\r\n' });
    await run(root, ['store', 'save', 'notes.txt', '--name', 'v1']);
    expect(await diff(root, 'notes.txt', 'v1')).toMatchObject({ exitCode: 0 });
    writeFileSync(join(root, 'notes.txt'), 'one\r\n2\r\n');
    expect((await diff(root, 'v1', 'notes.txt')).out).toContain('line 2  two → 2');
  });
});
