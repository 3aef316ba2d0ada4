import { EventEmitter } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import {
  Agent,
  type ClientRequest,
  get,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type DaybookBook, openBook } from '../../../collector/index.ts';
import { readBookRuns } from '../../../collector/operations/runs/find.ts';
import { eventOf, LiveClient } from '../../../collector/operations/site/live/client.ts';
import { LiveHub } from '../../../collector/operations/site/live/hub.ts';
import { serveSite } from '../../../collector/operations/site/serve.ts';
import { slugOf } from '../../../collector/runs/key.ts';
import { temporaryBook } from '../../helpers.ts';

let root: string;
let book: DaybookBook;
let url: string;

/** What a reader of `/events` has heard so far. */
interface Reader {
  heard: { name: string; data: never }[];
  of(name: string): never[];
  call: ClientRequest;
}

const waiting = { timeout: 10_000, interval: 20 };

async function serve(): Promise<void> {
  root = temporaryBook();
  book = await openBook(root);
  const stop = new AbortController();
  url = await new Promise<string>((ready, failed) => {
    const done = serveSite(root, 0, {
      async buildSite() {
        const out = join(root, 'dashboard');
        mkdirSync(out, { recursive: true });
        writeFileSync(join(out, 'index.html'), '');
        const none = { pages: 0, actions: 0, snapshots: 0, runs: 0, findings: 0, durationMs: 0 };
        return { out, index: '', address: '', doubtful: [], notCopied: [], phases: [], ...none };
      },
      ready,
      log: () => {},
      signal: stop.signal,
    });
    done.catch(failed);
    onTestFinished(async () => {
      stop.abort();
      await done;
      await book.close();
    });
  });
}

async function listen(query: string): Promise<Reader> {
  const heard: Reader['heard'] = [];
  const call = get(`${url}events${query}`, { agent: new Agent() });
  call.on('error', () => {});
  onTestFinished(() => void call.destroy());
  await new Promise<void>((resolve) =>
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        const messages = (text + more).split('\n\n');
        text = messages.pop()!;
        for (const message of messages) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
          if (name !== undefined) heard.push({ name, data: JSON.parse(data!) as never });
        }
      });
      resolve();
    }),
  );
  return { heard, call, of: (name) => heard.filter((one) => one.name === name).map(({ data }) => data) };
}

function metrics(from: number, count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `{"step":${from + at},"loss":${1 / (from + at + 1)}}\n`,
  ).join('');
}

async function begin(run: string): Promise<{ file: string; slug: string; end(): Promise<unknown> }> {
  const experiment = await book.experiments.start(`runs/${run}`);
  const file = join(root, 'runs', run, 'metrics.jsonl');
  writeFileSync(file, metrics(0, 3));
  const runs = await listen('?runs');
  const found = () =>
    (runs.of('runs').flat() as { slug: string; name: string }[]).find(({ slug }) => slug.includes(run));
  await vi.waitFor(() => expect(found()).toBeDefined(), waiting);
  runs.call.destroy();
  return { file, slug: found()!.slug, end: () => experiment.fail('out of memory') };
}

/** The steps of the curve of a run as a reader has heard of it. */
function stepsOf(reader: Reader): number[] {
  let steps: number[] = [];
  for (const { name, data } of reader.heard) {
    const { series } = data as { series?: { steps: number[] }[] };
    if (name === 'whole') steps = series![0]?.steps ?? [];
    if (name === 'points') steps = [...steps, ...series![0]!.steps];
  }
  return steps;
}

describe('live events of daybook serve', () => {
  beforeEach(serve);

  it('tell many readers at once, each of them everything once, and keep nothing of those who went', async () => {
    const { file, slug } = await begin('a');
    const handles = () => readdirSync('/proc/self/fd').length;
    const before = process.platform === 'linux' ? handles() : 0;
    const readers = await Promise.all(Array.from({ length: 150 }, () => listen(`?run=${slug}`)));
    for (const reader of readers) await vi.waitFor(() => expect(stepsOf(reader)).toEqual([0, 1, 2]), waiting);
    for (let from = 3; from < 30; from += 3) {
      appendFileSync(file, metrics(from, 3));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const all = Array.from({ length: 30 }, (_, step) => step);
    for (const reader of readers) await vi.waitFor(() => expect(stepsOf(reader)).toEqual(all), waiting);
    for (const { call } of readers) call.destroy();
    if (process.platform === 'linux')
      await vi.waitFor(() => expect(handles()).toBeLessThanOrEqual(before + 5), waiting);
  });

  it('go on with a file that was cut, and end a run that ends', async () => {
    const { file, slug, end } = await begin('b');
    const reader = await listen(`?run=${slug}`);
    await vi.waitFor(() => expect(stepsOf(reader)).toEqual([0, 1, 2]), waiting);
    truncateSync(file, 0);
    appendFileSync(file, metrics(7, 2));
    await vi.waitFor(() => expect(stepsOf(reader)).toEqual([7, 8]), waiting);
    await end();
    const last = () => (reader.of('runs').flat() as { status: string; error?: string }[]).at(-1);
    await vi.waitFor(
      () => expect(last()).toMatchObject({ status: 'failed', error: 'out of memory' }),
      waiting,
    );
  });

  it('begin for a run that comes after the page that asks for it', async () => {
    const [early, { slug }] = await Promise.all([listen(`?run=${slugOf('runs/c')}`), begin('c')]);
    expect(slug).toBe(slugOf('runs/c'));
    await vi.waitFor(() => expect(stepsOf(early)).toEqual([0, 1, 2]), waiting);
  });

  it.each([
    ['POST', {}, 403],
    ['GET', { 'sec-fetch-site': 'cross-site' }, 403],
    ['GET', { host: 'evil.example' }, 403],
  ])('are for this machine only: %s %o', async (method, headers, status) => {
    const code = await new Promise((resolve, reject) => {
      request(`${url}events`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(code).toBe(status);
  });
});

describe('a page that is opened later', () => {
  it('hears that a run has ended of which the pages say that it goes on', async () => {
    const folder = temporaryBook();
    const opened = await openBook(folder);
    const experiment = await opened.experiments.start('runs/a');
    const stop = new AbortController();
    const hub = new LiveHub(folder, stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await opened.close();
    });
    const look = async () =>
      hub.runs(new Map((await readBookRuns(folder)).map((run) => [run.slug, run])), new Set());
    await look();
    hub.siteBuilt(hub.buildBegins());
    await experiment.complete();
    await look();
    const written: string[] = [];
    const response = Object.assign(new EventEmitter(), {
      writableLength: 0,
      writeHead: () => {},
      write: (text: string) => written.push(text),
      end: () => {},
    });
    const call = { method: 'GET', url: '/events?runs', headers: {} } as IncomingMessage;
    hub.answer(call, response as unknown as ServerResponse);
    expect(written.at(-1)).toContain('"status":"completed"');
  });
});

describe('a reader that does not keep up', () => {
  it('gets nothing more until it has read what it was sent, and then all anew', () => {
    const written: string[] = [];
    const response = Object.assign(new EventEmitter(), {
      writableLength: 0,
      writeHead: () => {},
      write: (text: string) => written.push(text),
    });
    const caughtUp = vi.fn();
    const asked = { run: undefined, runs: false, actions: false };
    const client = new LiveClient(response as unknown as ServerResponse, asked, {
      caughtUp,
      gone: () => {},
    });
    client.send(eventOf('site', { built: 1 }));
    response.writableLength = 5 * 1024 * 1024;
    client.send(eventOf('site', { built: 2 }));
    response.writableLength = 0;
    client.send(eventOf('site', { built: 3 }));
    expect(written).toEqual(['event: site\ndata: {"built":1}\n\n']);
    expect(caughtUp).not.toHaveBeenCalled();
    response.emit('drain');
    expect(caughtUp).toHaveBeenCalledOnce();
    client.send(eventOf('site', { built: 4 }));
    expect(written).toHaveLength(2);
  });
});
