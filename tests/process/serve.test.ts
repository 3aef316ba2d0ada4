import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandLine } from '../command-line.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';

interface Serving {
  child: ChildProcess;
  url: string;
}

async function serve(root: string, port: number): Promise<Serving> {
  const child = spawn(process.execPath, [commandLine, 'serve', '--port', String(port), '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, url: (JSON.parse(said) as { url: string }).url };
}

async function end({ child }: Serving): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  return ((await exit) as [number | null])[0];
}

describe('daybook serve with the real site', () => {
  let root: string;
  let serving: Serving;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'daybook-serve-'));
    mkdirSync(join(root, 'snapshots'));
    writeFileSync(join(root, 'secret.txt'), 'secret');
    writeFileSync(join(root, 'snapshots/action_log.jsonl'), `${foreignLine({ type: 'first' })}\n`);
    // What is served is this book, whatever others are built with it.
    writeFileSync(join(root, 'daybook.yaml'), 'books: { this: ., other: ../none }\n');
    serving = await serve(root, 0);
  }, 60_000);

  afterAll(async () => {
    if (serving !== undefined) await end(serving);
    rmSync(root, { recursive: true, force: true });
  });

  it('serves every page, its script and its style', async () => {
    for (const name of ['', 'index.html', 'actions.html', 'snapshots.html', 'compare.html', 'health.html']) {
      const page = await fetch(serving.url + name);
      expect([name, page.status, page.headers.get('content-type')]).toEqual([
        name,
        200,
        'text/html; charset=utf-8',
      ]);
      expect(await page.text()).toContain('assets/daybook.js');
    }
    expect((await fetch(`${serving.url}assets/daybook.js`)).headers.get('content-type')).toContain(
      'javascript',
    );
    expect((await fetch(`${serving.url}assets/daybook.css`)).headers.get('content-type')).toContain(
      'text/css',
    );
  });

  it('serves ranges of the data files that its index names', async () => {
    const { rows } = await shardOf(serving.url);
    const ask = (range: string) => fetch(`${serving.url}data/actions/${rows.file}`, { headers: { range } });
    const ending = await ask(`bytes=${rows.bytes - 4}-`);
    expect([ending.status, await ending.text()]).toEqual([206, 'PAR1']);
    expect(ending.headers.get('content-range')).toBe(
      `bytes ${rows.bytes - 4}-${rows.bytes - 1}/${rows.bytes}`,
    );
    expect((await ask(`bytes=${rows.bytes}-`)).status).toBe(416);
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/data/..%2f..%2fsecret.txt'])(
    'gives nothing outside of the site: %s',
    async (path) => {
      expect(await rawStatus(serving.url, path)).toBe(404);
    },
  );

  it('outlives addresses that no file can have', async () => {
    expect(await rawStatus(serving.url, `/${'a'.repeat(5000)}`)).toBe(404);
    expect(await rawStatus(serving.url, '/index.html/below')).toBe(404);
    expect(await rawStatus(serving.url, '/%00')).toBe(404);
    expect(await rawStatus(serving.url, '/')).toBe(200);
  });

  it('builds again when the book changes, and the new action is there', async () => {
    const before = await shardOf(serving.url);
    appendFileSync(join(root, 'snapshots/action_log.jsonl'), `${foreignLine({ type: 'second' })}\n`);
    const after = await vi.waitFor(
      async () => {
        const shard = await shardOf(serving.url);
        expect(shard.count).toBe(2);
        return shard;
      },
      // A build again is one that gives way to whatever else the machine has to do.
      { timeout: 90_000, interval: 100 },
    );
    expect((await fetch(`${serving.url}data/actions/${after.rows.file}`)).status).toBe(200);
    expect((await fetch(`${serving.url}data/actions/${before.rows.file}`)).status).toBe(404);
  }, 120_000);

  it('takes another port when the wanted one is taken, and ends with Ctrl-C', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const second = await serve(temporaryBook(), port);
    expect(new URL(second.url).port).not.toBe(String(port));
    expect((await fetch(second.url)).status).toBe(200);
    expect([0, 130]).toContain(await end(second));
    other.close();
  }, 60_000);
});

interface Shard {
  count: number;
  rows: { file: string; bytes: number };
}

async function shardOf(url: string): Promise<Shard> {
  const { shards } = (await (await fetch(`${url}data/actions/index.json`)).json()) as { shards: Shard[] };
  return shards[0]!;
}

/** The status of exactly this path, without the tidying that fetch does. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
