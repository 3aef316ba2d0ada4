import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { type Experiment, openBook } from '../collector/index.ts';
import { findChromium } from '../scripts/find-chromium.ts';
import { median, ms, printRows } from './report.ts';

const runs = 20;
const points = 100_000;
const measured = 60;
const everyMs = 500;
const limitMs = 2000;

/** What `daybook serve` takes from a logged point to its picture, while 20 runs of 100,000 points each go on. */
export async function benchLive(): Promise<boolean> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('This benchmark needs a Chromium.');
  const root = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  mkdirSync(join(root, 'snapshots'));
  const book = await openBook(root);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  let serving: ChildProcess | undefined;
  try {
    const experiments = await Promise.all(
      Array.from({ length: runs }, (_, at) => begin(root, at, () => book.experiments.start(`runs/r${at}`))),
    );
    const { child, url } = await serve(root);
    serving = child;
    const idle = await shareOfCore(child.pid!, 10_000);
    const slug = readdirSync(join(root, 'dashboard/runs')).find((name) => name.startsWith('runs-r0-'))!;
    const page = await browser.newPage();
    await page.goto(`${url}runs/${slug}`);
    await page.waitForSelector('html[data-live]');
    await page.waitForSelector('daybook-curves[data-ready]');
    const logged = new Map<number, number>();
    await watchPoints(page);
    // The whole file is read for the first one who looks.
    const opened = Date.now();
    await experiments[0]!.metric({ loss: 0, acc: 0 }, { step: points });
    await page.waitForFunction((all) => seenPoints.has(all), points + 1, { timeout: 30_000 });
    const opening = Date.now() - opened;
    const busy = shareOfCore(child.pid!, measured * everyMs);
    for (let step = points + 1; step <= points + measured; step++) {
      logged.set(step + 1, Date.now());
      await Promise.all(experiments.map((one) => one.metric({ loss: 1 / step, acc: step }, { step })));
      await wait(everyMs);
    }
    const busyShare = await busy;
    await page.waitForFunction((all) => seenPoints.has(all), points + 1 + measured, { timeout: 30_000 });
    const seen = new Map(await page.evaluate(() => [...seenPoints]));
    const took = [...logged].map(([count, at]) => firstSeen(seen, count) - at);
    const slowest = Math.max(...took);
    return printRows(
      `A point to its picture, ${runs} runs of ${points} points that go on (${measured} points)`,
      [
        {
          what: 'median, against the limit',
          ours: ms(median(took)),
          peer: ms(limitMs),
          ratio: median(took) / limitMs,
          limit: 1,
        },
        {
          what: 'slowest, against the limit',
          ours: ms(slowest),
          peer: ms(limitMs),
          ratio: slowest / limitMs,
          limit: 1,
        },
        { what: 'the first one, while its page opens', ours: ms(opening), peer: '', ratio: Number.NaN },
        { what: 'share of a core, watched', ours: percent(busyShare), peer: '', ratio: Number.NaN },
        {
          what: 'share of a core, nobody watching',
          ours: percent(idle),
          peer: '1.0 %',
          ratio: idle * 100,
          limit: 1,
        },
      ],
    );
  } finally {
    await browser.close();
    await book.close();
    if (serving !== undefined && serving.exitCode === null) {
      serving.kill('SIGINT');
      await once(serving, 'exit');
    }
    rmSync(root, { recursive: true, force: true });
  }
}

declare global {
  /** In the page: when it first showed how many points. */
  var seenPoints: Map<number, number>;
}

async function begin(root: string, at: number, start: () => Promise<Experiment>): Promise<Experiment> {
  const folder = join(root, `runs/r${at}`);
  mkdirSync(folder, { recursive: true });
  const experiment = await start();
  const file = join(folder, 'metrics.jsonl');
  for (let from = 0; from < points; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, index) => {
      const step = from + index;
      return `{"step":${step},"loss":${(3 / (1 + step / 500) + Math.sin(step * at) / 50).toFixed(6)},"acc":${(1 - 1 / (1 + step / 900)).toFixed(6)}}\n`;
    });
    if (from === 0) writeFileSync(file, lines.join(''));
    else appendFileSync(file, lines.join(''));
  }
  return experiment;
}

async function serve(root: string): Promise<{ child: ChildProcess; url: string }> {
  const cli = join(import.meta.dirname, '../collector/cli.ts');
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json', '--dir', root], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, url: (JSON.parse(said) as { url: string }).url };
}

/** Remembers when the curve was drawn with how many points. */
async function watchPoints(page: Page): Promise<void> {
  await page.evaluate(() => {
    globalThis.seenPoints = new Map();
    const look = () => {
      const cells = document.querySelectorAll('#metrics tr[data-metric="loss"] td');
      const count = Number(cells[2]!.textContent!.replaceAll(',', ''));
      // Behind the picture that shows it.
      requestAnimationFrame(() =>
        setTimeout(() => seenPoints.has(count) || seenPoints.set(count, Date.now())),
      );
    };
    new MutationObserver(look).observe(document.querySelector('daybook-curves')!, {
      subtree: true,
      childList: true,
    });
  });
}

/** A point that came together with later ones was seen when they were. */
function firstSeen(seen: ReadonlyMap<number, number>, count: number): number {
  return Math.min(...[...seen].filter(([shown]) => shown >= count).map(([, at]) => at));
}

/** The share of one core that a process takes while some time passes; not a number where the system does not tell. */
async function shareOfCore(pid: number, whileMs: number): Promise<number> {
  const before = ticks(pid);
  await wait(whileMs);
  return (ticks(pid) - before) / 100 / (whileMs / 1000);
}

function ticks(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
