import { appendFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cacheFolder, copyOf, keptBook } from '../books/kept.ts';
import type { bookSizes } from '../books/make.ts';
import { folderSize } from '../folder-size.ts';
import { type Allure, allureResults, findAllure } from '../peers/allure.ts';
import { type Taken, takenByDaybook, timeDaybook } from '../processes.ts';
import {
  attempt,
  limitRow,
  mb,
  median,
  ms,
  printRows,
  progress,
  type Row,
  skippedRow,
  timeRow,
} from '../report.ts';

type Size = keyof typeof bookSizes;

/** What building a book of a size may cost. */
interface BuildLimits {
  /** Times that of Allure's report of 5,000 results. */
  first?: number;
  actionsAlone?: number;
  firstMib?: number;
  /** Milliseconds and memory after one more record. */
  againMs?: number;
  againMib?: number;
  siteBytes?: number;
}

const limits: Partial<Record<Size, BuildLimits>> = {
  L: { first: 3, actionsAlone: 1.5, firstMib: 700, againMs: 3000, againMib: 400, siteBytes: 200e6 },
  XL: { siteBytes: 1e9 },
};

const largestFile = 25e6;

/** Building a book: the first time, against Allure; again, after one more record of each kind; and how large the site is. */
export async function benchBuild(size: Size, rounds = 3): Promise<boolean> {
  const most = limits[size] ?? {};
  const book = workBook(size);
  const rows = [
    ...(await attempt(`first build of ${size}`, () => firstBuilds(size, book, most))),
    ...(await attempt(`size of the site of ${size}`, () => siteSize(join(book, 'dashboard'), most))),
    ...(await attempt(`builds of ${size} after one more record`, () => nextBuilds(book, most, rounds))),
  ];
  return printRows(
    `Building book ${size}`,
    rows.map((row) => ({ size, ...row })),
  );
}

/** A book of a size with its site; what an earlier build made of it is gone on from. */
export async function builtBook(size: Size): Promise<string> {
  const known = join(cacheFolder, 'work', size);
  const book = existsSync(join(known, 'dashboard', 'index.html')) ? known : workBook(size);
  progress(`building the site of ${size}`);
  await takenByDaybook(book, ['build']);
  return book;
}

/** The copy of a book that is built and written to. */
function workBook(size: Size): string {
  const from = keptBook(size);
  mkdirSync(join(cacheFolder, 'work'), { recursive: true });
  const written = ['snapshots/action_log.jsonl', 'results/metadata.json', longestMetrics(from)];
  return copyOf(from, join(cacheFolder, 'work', size), written);
}

async function firstBuilds(size: Size, book: string, most: BuildLimits): Promise<Row[]> {
  const alone = join(cacheFolder, 'work', `${size}-actions`);
  rmSync(alone, { recursive: true, force: true });
  mkdirSync(join(alone, 'snapshots'), { recursive: true });
  for (const name of readdirSync(join(book, 'snapshots')).filter((name) => name.startsWith('action_log')))
    linkSync(join(book, 'snapshots', name), join(alone, 'snapshots', name));
  const allure = findAllure();
  const peers = new Peers(allure);
  await wait(3000);
  await peers.measure();
  progress('first build of the actions alone');
  const ofActions = await takenByDaybook(alone, ['build']);
  rmSync(alone, { recursive: true, force: true });
  await peers.measure();
  progress('first build of all');
  const ofAll = await takenByDaybook(book, ['build']);
  await peers.measure();
  const against = `against Allure's report of ${allureResults.toLocaleString('en-US')} results`;
  return [
    peers.row(`first build, ${against}`, ofAll, most.first, most.firstMib),
    peers.row(`first build of the actions alone, ${against}`, ofActions, most.actionsAlone),
    ...peers.ownRow(),
  ];
}

/** Allure measured before, between and behind what is held against it. */
class Peers {
  #allure: Allure | string;
  readonly #taken: Taken[] = [];

  constructor(allure: Allure | string) {
    this.#allure = allure;
  }

  async measure(): Promise<void> {
    if (typeof this.#allure === 'string') return;
    progress('allure generate');
    try {
      this.#taken.push(await this.#allure.generate());
    } catch (error) {
      this.#allure = `allure failed: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`;
    }
  }

  row(what: string, { ms: ours, mib }: Taken, limit?: number, memoryLimit?: number): Row {
    const memory = mib === undefined ? {} : { memory: { mib, ...(memoryLimit && { limit: memoryLimit }) } };
    if (typeof this.#allure === 'string')
      return { what, ours: ms(ours), peer: 'not to be had', ratio: Number.NaN, ...memory };
    return timeRow(what, ours, this.#middle(), { ...(limit && { limit }), ...memory });
  }

  /** What Allure took by itself, or why it is missing. */
  ownRow(): Row[] {
    const what = 'Allure itself: memory, and the bytes of its report';
    if (typeof this.#allure === 'string') return [skippedRow(what, this.#allure)];
    const { bytes } = folderSize(join(cacheFolder, 'allure-report'));
    const mib = Math.max(...this.#taken.map((one) => one.mib ?? 0));
    return [{ what, ours: '', peer: mb(bytes), ratio: Number.NaN, memory: { mib } }];
  }

  #middle(): number {
    return median(this.#taken.map((one) => one.ms));
  }
}

function siteSize(site: string, most: BuildLimits): Row[] {
  const { bytes, largest, files } = folderSize(site);
  const whole = most.siteBytes ?? Number.NaN;
  return [
    most.siteBytes === undefined
      ? { what: 'bytes of the site', ours: mb(bytes), peer: '', ratio: Number.NaN }
      : limitRow('bytes of the site', bytes, whole, mb),
    limitRow('its largest file', largest, largestFile, mb),
    { what: 'its files', ours: files.toLocaleString('en-US'), peer: '', ratio: Number.NaN },
  ];
}

async function nextBuilds(book: string, most: BuildLimits, rounds: number): Promise<Row[]> {
  const changes: Record<string, () => void> = {
    'nothing changed': () => {},
    'one more action': () => void timeDaybook(book, ['action', 'deploy', 'target=production', '--quiet']),
    'one more snapshot': () => void timeDaybook(book, ['periodic', '--quiet']),
    'one more point of a metric': () =>
      appendFileSync(join(book, longestMetrics(book)), '{"step":1000001,"loss":0.2}\n'),
    'one more run': () =>
      void timeDaybook(book, ['ledger', 'allocate', 'train', '--ledger', 'results/metadata.json', '--quiet']),
  };
  const all: [string, Taken][] = [];
  for (let round = 1; round <= rounds; round++)
    for (const [what, change] of Object.entries(changes)) {
      progress(`build, ${what}, ${round} of ${rounds}`);
      change();
      // What was written a moment ago is not believed to be whole, and read again: nobody builds within the same second.
      await wait(3000);
      all.push([what, await takenByDaybook(book, ['build'])]);
    }
  return Object.keys(changes).map((what) => {
    const spent = all.filter(([of]) => of === what).map(([, one]) => one);
    const time = median(spent.map((one) => one.ms));
    const mib = Math.max(...spent.map((one) => one.mib ?? 0));
    const memory = mib === 0 ? {} : { memory: { mib, ...(most.againMib && { limit: most.againMib }) } };
    const name = `build again, ${what}`;
    if (most.againMs === undefined)
      return { what: name, ours: ms(time), peer: '', ratio: Number.NaN, ...memory };
    return { ...limitRow(name, time, most.againMs, ms), ...memory };
  });
}

/** The largest file of metrics. */
function longestMetrics(book: string): string {
  let longest = { name: '', bytes: -1 };
  for (const name of readdirSync(join(book, 'results'), { recursive: true }) as string[]) {
    if (!name.endsWith('_metrics.jsonl')) continue;
    const bytes = statSync(join(book, 'results', name)).size;
    if (bytes > longest.bytes) longest = { name, bytes };
  }
  return join('results', longest.name);
}
