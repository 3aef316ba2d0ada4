import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipFolder } from '../../src/build/zip.ts';
import { buildSite, buildZip } from '../../src/build.ts';
import { expandExample } from '../base/secrets/expand-example.ts';
import { temporaryBook, temporaryFolder } from '../helpers.ts';

/** The files of an archive, read from its central directory as its format describes it. */
function unzip(bytes: Buffer): Record<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  const files: Record<string, Buffer> = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed, names, extra, comment, local] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + packed);
    files[bytes.toString('utf8', at + 46, at + 46 + names)] =
      method === 8 ? inflateRawSync(content) : content;
    at += 46 + names + extra + comment;
  }
  return files;
}

describe('a folder in one archive', () => {
  const content = { 'b.html': 'größe '.repeat(500), 'a/ü.json.gz': 'packed', 'a/empty.txt': '' };

  it('has every file as it is, below one folder, and is the same bytes whenever it is made', async () => {
    const [folder, to] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folder, 'a'));
    for (const [name, text] of Object.entries(content)) writeFileSync(join(folder, name), text);
    const bytes = await zipFolder(folder, join(to, 'one.zip'));
    for (const name of Object.keys(content)) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
    await zipFolder(folder, join(to, 'deeper', 'two.zip'));
    const one = readFileSync(join(to, 'one.zip'));
    expect(one.length).toBe(bytes);
    expect(readFileSync(join(to, 'deeper', 'two.zip')).equals(one)).toBe(true);
    const files = Object.entries(unzip(one)).map(([name, file]) => [name, file.toString()]);
    expect(files).toEqual([
      ['daybook-site/a/empty.txt', ''],
      ['daybook-site/a/ü.json.gz', 'packed'],
      ['daybook-site/b.html', content['b.html']],
    ]);
  });

  it('fails where it cannot be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.txt'), 'x');
    await expect(zipFolder(folder, folder)).rejects.toThrow(/EISDIR/);
  });
});

describe('daybook build --zip', () => {
  it('packs what a folder would have, and is opened by the tools that there are', async () => {
    const root = temporaryBook({ 'daybook.yaml': 'title: Packed\n' });
    const given = { nowUs: () => Date.UTC(2026, 10, 20) * 1000 };
    const { out } = await buildSite({ root }, given);
    const zip = await buildZip({ root }, given);
    expect(zip).toMatchObject({ out: join(root, 'dashboard.zip'), bytes: readFileSync(zip.out).length });
    const names = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .sort();
    const files = unzip(readFileSync(zip.out));
    expect(Object.keys(files)).toEqual(names.map((name) => `daybook-site/${name}`));
    for (const name of names)
      expect(files[`daybook-site/${name}`]!.equals(readFileSync(join(out, name))), name).toBe(true);
    const tested = spawnSync('python3', ['-m', 'zipfile', '-t', zip.out], { encoding: 'utf8' });
    if (tested.error === undefined) expect(tested.stdout).toContain('Done testing');
    // An earlier archive is replaced by one with the same bytes; what is of others is not.
    const before = readFileSync(zip.out);
    await buildZip({ root }, given);
    expect(readFileSync(zip.out).equals(before)).toBe(true);
    writeFileSync(zip.out, 'mine');
    await expect(buildZip({ root })).rejects.toMatchObject({ code: 'exists' });
  });

  it('stops for a secret', async () => {
    const lock = `config:\n  note: ${expandExample('ghp_{a36}')}\nrepos: {}\ndata: {}\nprevs: {}\n`;
    const root = temporaryBook({ 'runs/a/run.lock': lock });
    await expect(buildZip({ root })).rejects.toMatchObject({ code: 'secrets' });
    expect(existsSync(join(root, 'dashboard.zip'))).toBe(false);
  });
});
