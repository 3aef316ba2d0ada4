import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DataFiles, dataFiles } from '../../src/client/data-files.ts';
import { jsonText } from '../../src/data/browser.ts';
import { type StaticServer, serveStatic } from '../browser/static-server.ts';
import { temporaryFolder } from '../helpers.ts';

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, at) => at % 251));
let server: StaticServer;
let files: DataFiles;

async function serve(ranges: boolean): Promise<void> {
  const folder = temporaryFolder();
  const home = join(folder, 'data', 'actions');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'index.json'), '{"id": 12345678901234567890, "total": 3}');
  writeFileSync(join(home, 'packed.json.gz'), gzipSync('{"of": "größe"}'));
  // Some hosts take the compression off before a page gets the file.
  writeFileSync(join(home, 'plain.json.gz'), '{"of": "größe"}');
  writeFileSync(join(home, 'rows.parquet'), bytes);
  server = await serveStatic(folder, ranges);
  vi.stubGlobal('location', { protocol: 'http:' });
  vi.stubGlobal('document', { baseURI: `${server.address}actions.html` });
  files = dataFiles(`${server.address}data/actions/`, 'actions/');
}

beforeEach(() => serve(true));

afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

describe('data files over http', () => {
  it('are JSON with every digit, packed or as a host unpacked it', async () => {
    expect(jsonText((await files.json('index')) as never)).toBe('{"id":12345678901234567890,"total":3}');
    expect([await files.packedJson('packed'), await files.packedJson('plain')]).toEqual([
      { of: 'größe' },
      { of: 'größe' },
    ]);
  });

  it('travel in the parts that are asked for', async () => {
    const file = await files.open('rows.parquet', bytes.length);
    expect(file.byteLength).toBe(5000);
    expect(new Uint8Array(await file.slice(1000, 1010))).toEqual(new Uint8Array(bytes.subarray(1000, 1010)));
    expect(server.sentBytes()).toBe(10);
  });

  it('are not waited for any longer where a signal ends it', async () => {
    const file = await files.open('rows.parquet', bytes.length);
    const end = new AbortController();
    end.abort();
    await expect(file.slice(0, 10, end.signal)).rejects.toThrow('abort');
    expect(server.sentBytes()).toBe(0);
  });

  it('are the same from a server that sends everything', async () => {
    await server.close();
    await serve(false);
    const file = await files.open('rows.parquet', bytes.length);
    expect(new Uint8Array(await file.slice(4990, 5000))).toEqual(new Uint8Array(bytes.subarray(4990)));
  });

  it('are missed by name, and one that an index names and is gone asks for a newer page', async () => {
    await expect(files.json('none')).rejects.toThrow('data/actions/none.json: the server answered 404');
    await expect(files.packedJson('none')).rejects.toThrow('none.json.gz: the server answered 404');
    const gone = await files.open('gone.parquet', 100);
    await expect(gone.slice(0, 10)).rejects.toThrow('the site was built again since this page was opened');
  });
});
