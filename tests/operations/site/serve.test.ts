import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveSite } from '../../../collector/operations/site/serve.ts';
import { parseRange } from '../../../collector/operations/site/static-files.ts';
import { temporaryBook } from '../../helpers.ts';

/** A site served from a book whose "build" writes two files. */
async function served(port = 0, { earlier = false, until = Promise.resolve() as Promise<void> } = {}) {
  const root = temporaryBook({ 'secret.txt': 'secret' });
  if (earlier) {
    mkdirSync(join(root, 'dashboard/assets'), { recursive: true });
    writeFileSync(join(root, 'dashboard/assets/daybook.js'), '');
    writeFileSync(
      join(root, 'dashboard/index.html'),
      '<html><meta name="generator" content="Daybook 0.1.0" />of before',
    );
  }
  const out = join(root, 'dashboard');
  let builds = 0;
  const log: string[] = [];
  const stop = new AbortController();
  const url = await new Promise<string>((ready, failed) => {
    const done = serveSite(root, port, {
      async buildSite() {
        await until;
        builds += 1;
        mkdirSync(join(out, 'data'), { recursive: true });
        writeFileSync(join(out, 'index.html'), `<html>build ${builds}`);
        writeFileSync(join(out, 'data/rows.parquet'), '0123456789');
        return {
          out,
          index: join(out, 'index.html'),
          address: '',
          pages: 1,
          actions: builds,
          snapshots: 0,
          runs: 0,
          findings: 0,
          doubtful: [],
          notCopied: [],
          phases: [],
          durationMs: 5,
        };
      },
      ready,
      log: (line) => log.push(line),
      signal: stop.signal,
      quietMs: 20,
    });
    done.catch(failed);
    onTestFinished(async () => {
      stop.abort();
      await done;
    });
  });
  return { root, url, log };
}

describe('serveSite', () => {
  it('serves pages with their types, on loopback only', async () => {
    const { url } = await served();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toBe('<html>build 1');
    expect((await fetch(`${url}missing.html`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect(await (await fetch(url, { method: 'HEAD' })).text()).toBe('');
  });

  it('answers byte ranges, which readers of Parquet ask for', async () => {
    const { url } = await served();
    const ask = (range: string) => fetch(`${url}data/rows.parquet`, { headers: { range } });
    const part = await ask('bytes=2-4');
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect(await (await ask('bytes=-3')).text()).toBe('789');
    expect((await ask('bytes=10-')).status).toBe(416);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/data/../../secret.txt',
    '/%00',
    '/%',
    '//secret.txt',
    '/..\\secret.txt',
    '/index#',
  ])('gives nothing outside of the site: %s', async (path) => {
    const { url } = await served();
    expect(await rawGet(url, path)).toMatchObject({ status: 404 });
  });

  it('follows links within the site, and none that lead out of it', async () => {
    const { root, url } = await served();
    const out = join(root, 'dashboard');
    symlinkSync('index.html', join(out, 'inside.html'));
    symlinkSync(join(root, 'secret.txt'), join(out, 'outside.txt'));
    symlinkSync(root, join(out, 'up'));
    expect(await (await fetch(`${url}inside.html`)).text()).toBe('<html>build 1');
    for (const path of ['/outside.txt', '/up/secret.txt', '/up/', '/up'])
      expect(await rawGet(url, path), path).toMatchObject({ status: 404 });
  });

  it('refuses a foreign host name', async () => {
    const { url } = await served();
    expect(await rawGet(url, '/', { host: 'evil.example' })).toMatchObject({ status: 403 });
  });

  it('builds again when the book changes, and says so', async () => {
    const { root, url, log } = await served();
    writeFileSync(join(root, 'snapshots/action_log.jsonl'), '{}\n');
    await vi.waitFor(() => expect(log).toEqual(['built again in 0.0 s: 2 actions, 0 snapshots']), {
      timeout: 5000,
    });
    expect(await (await fetch(url)).text()).toBe('<html>build 2');
  });

  it('serves the site of an earlier build at once, and the newer one when it is there', async () => {
    let build: (error?: Error) => void = () => undefined;
    const { url, log } = await served(0, {
      earlier: true,
      until: new Promise<void>((resolve, reject) => {
        build = (error) => (error === undefined ? resolve() : reject(error));
      }),
    });
    expect(await (await fetch(url)).text()).toContain('of before');
    build();
    await vi.waitFor(async () => expect(await (await fetch(url)).text()).toBe('<html>build 1'));
    expect(log).toEqual(['built again in 0.0 s: 1 actions, 0 snapshots']);
  });

  it('goes on serving the site of an earlier build when the first build fails', async () => {
    const { url, log } = await served(0, { earlier: true, until: Promise.reject(new Error('no room')) });
    await vi.waitFor(() => expect(log).toEqual(['could not build: no room']));
    expect(await (await fetch(url)).text()).toContain('of before');
  });

  it('sends on who asks for a page without its ending', async () => {
    const { url, root } = await served();
    mkdirSync(join(root, 'dashboard/runs'));
    writeFileSync(join(root, 'dashboard/runs.html'), '<html>runs');
    for (const path of ['runs', 'runs/', 'runs/?where=a']) {
      const page = await fetch(`${url}${path}`);
      expect([page.url, await page.text()], path).toEqual([`${url}runs.html${path.slice(5)}`, '<html>runs']);
    }
    // An address of another host is none of ours.
    expect(await rawGet(url, '//elsewhere.example/')).toMatchObject({ status: 404 });
  });

  it('takes another port when the wanted one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { url } = await served(port);
    expect(new URL(url).port).not.toBe(String(port));
  });
});

describe('parseRange', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=5-', { start: 5, end: 9 }],
    ['bytes=5-999', { start: 5, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=4-2', undefined],
    ['bytes=0-1,3-4', undefined],
    ['lines=0-1', undefined],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });
});

/** Without the tidying of paths that fetch does. */
function rawGet(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode });
    })
      .on('error', reject)
      .end();
  });
}
