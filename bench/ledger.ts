import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerFiles } from '../collector/store/ledger/ledger-files.ts';
import { LedgerWriter, type NewRun } from '../collector/store/ledger/ledger-writer.ts';
import { readLedger } from '../collector/store/ledger/read-ledger.ts';
import { median, ms, printRows } from './report.ts';
import { benchSharedLedger } from './shared-ledger.ts';

const writerScript = join(import.meta.dirname, '../tests/process/ledger-writer.ts');
const run: NewRun = {
  identifier: 'train',
  relpath: '',
  status: 'pending',
  paramHash: null,
  maxsize: 1000,
  by: undefined,
};

/** The ledger: flat cost, processes side by side, kills, a hundred thousand runs. */
export async function benchLedger(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const fresh = () => mkdtempSync(join(folder, 'book-'));
  try {
    const flat = await timeGrowth(fresh());
    const four = await timeFour(fresh(), false);
    const watched = await timeFour(fresh(), true);
    const kills = await killHolders(fresh(), 150);
    const { small, large } = await timeAllocate(fresh(), fresh());
    const isHeld = await benchSharedLedger();
    const held = printRows('The ledger: every operation flushed to disk before it is acknowledged', [
      {
        what: 'last tenth of 3,000 allocate + log + log against the first (median of each)',
        ours: ms(flat.last),
        peer: ms(flat.first),
        ratio: flat.last / flat.first,
        limit: 1.5,
      },
      {
        what: 'the same by total time, folding included',
        ours: ms(flat.lastTotal),
        peer: ms(flat.firstTotal),
        ratio: flat.lastTotal / flat.firstTotal,
        limit: 1.5,
      },
      {
        what: `4 processes x 100 allocate + log (${Math.round(four.pairsPerSecond)} pairs/s): p99 of an operation, ms`,
        ours: ms(four.p99),
        peer: '50 ms',
        ratio: four.p99 / 50,
        limit: 1,
      },
      {
        what: 'the same: runs lost or given twice',
        ours: String(four.wrong + watched.wrong),
        peer: '0',
        ratio: four.wrong + watched.wrong,
        limit: 0,
      },
      {
        what: `the same beside a reader: reads that failed or went back, of ${watched.reads}`,
        ours: String(watched.failed),
        peer: '0',
        ratio: watched.failed,
        limit: 0,
      },
      {
        what: '150 kills of a holder: runs lost or given twice',
        ours: String(kills.wrong),
        peer: '0',
        ratio: kills.wrong,
        limit: 0,
      },
      {
        what: 'the same: longest time until the next owner was served',
        ours: ms(kills.longest),
        peer: '1 s',
        ratio: kills.longest / 1000,
        limit: 1,
      },
      {
        what: 'allocate in a ledger of 100,000 runs against one of 1,000 (median of 300)',
        ours: ms(large.median),
        peer: ms(small.median),
        ratio: large.median / small.median,
        limit: 2,
      },
      {
        what: 'first operation there, which takes the whole file in',
        ours: ms(large.first),
        peer: ms(small.first),
        ratio: Number.NaN,
      },
    ]);
    return held && isHeld;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeGrowth(root: string) {
  const writer = new LedgerWriter(ledgerFiles(root));
  const times: number[] = [];
  for (let number = 0; number < 3000; number++) {
    const started = performance.now();
    const key = await writer.allocate(run);
    await writer.log(key, { status: 'running' });
    await writer.log(key, { status: 'done', files: [['model', `${key.uid}/model.pt`]] });
    times.push(performance.now() - started);
  }
  await writer.close();
  const sum = (part: number[]) => part.reduce((total, time) => total + time, 0);
  const [first, last] = [times.slice(0, 300), times.slice(-300)];
  return { first: median(first), last: median(last), firstTotal: sum(first), lastTotal: sum(last) };
}

async function timeFour(root: string, isWatched: boolean) {
  const started = performance.now();
  const writers = Array.from({ length: 4 }, () => startWriter(root, 100));
  let over = false;
  const ended = Promise.all(writers.map((writer) => writer.lines())).then((lines) => {
    over = true;
    return { lines, tookMs: performance.now() - started };
  });
  let [reads, failed, before] = [0, 0, 0];
  for (; isWatched && !over; reads++) {
    const runs = await readLedger(root, 'metadata.json', () => failed++);
    if (runs.length < before) failed++;
    before = runs.length;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const { lines, tookMs } = await ended;
  const times = lines
    .flat()
    .flatMap((line) => line.split(' done ')[1]?.split(' ').map(Number) ?? [])
    .sort((a, b) => a - b);
  return {
    reads,
    failed,
    wrong: await countWrong(root, lines.flat()),
    p99: times[Math.floor(times.length * 0.99)]!,
    pairsPerSecond: (400 / tookMs) * 1000,
  };
}

/** Kills the one who holds the lock, and looks how long the next one, who waits already, takes until it is served. */
async function killHolders(root: string, kills: number) {
  const lines: string[] = [];
  const steps = ['locked', 'adopted', 'appended', 'indexed', 'committed'];
  const next = startWriter(root, 1e6);
  await until(() => next.output().includes('done'));
  let longest = 0;
  for (let kill = 0; kill < kills; kill++) {
    const victim = startWriter(root, 1e6, `kill:${steps[kill % steps.length]}:${2 + (kill % 5)}`);
    lines.push(...(await victim.lines()));
    const [before, killedAt] = [next.output().length, performance.now()];
    await until(() => next.output().length > before + 20);
    longest = Math.max(longest, performance.now() - killedAt);
  }
  next.process.kill('SIGKILL');
  lines.push(...(await next.lines()));
  return { wrong: await countWrong(root, lines), longest };
}

async function countWrong(root: string, lines: string[]): Promise<number> {
  const runs = new Map((await readLedger(root, 'metadata.json')).map((each) => [each.uid, each]));
  const uids = lines.filter((line) => /^\d+$/.test(line));
  const done = lines.filter((line) => line.includes(' done')).map((line) => line.split(' ')[0]!);
  const twice = uids.length - new Set(uids).size;
  const lost = uids.filter((uid) => !runs.has(uid)).length;
  return twice + lost + done.filter((uid) => runs.get(uid)?.statusWord !== 'done').length;
}

/** In ledgers of 1,000 and 100,000 runs that someone else wrote, in turn: the first allocate, and the median of 300 more. */
async function timeAllocate(smallRoot: string, largeRoot: string) {
  const ledgers = { small: foreignLedger(smallRoot, 1000), large: foreignLedger(largeRoot, 100_000) };
  const times = { small: [] as number[], large: [] as number[] };
  for (let number = 0; number <= 300; number++) {
    for (const name of ['small', 'large'] as const) {
      const started = performance.now();
      await ledgers[name].allocate(run);
      times[name].push(performance.now() - started);
    }
  }
  await Promise.all(Object.values(ledgers).map((writer) => writer.close()));
  const summary = (all: number[]) => ({ first: all[0]!, median: median(all.slice(1)) });
  return { small: summary(times.small), large: summary(times.large) };
}

function foreignLedger(root: string, count: number): LedgerWriter {
  const record = {
    status: 'done',
    param_hash: 'a'.repeat(64),
    files: { model: '/home/user/results/000/train_model.pt' },
    timestamp_status_lst: [
      ['2025-11-01T20:00:00.000005', 'pending'],
      ['2025-11-01T20:00:17.261696', 'done'],
    ],
  };
  const runs = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [String(n).padStart(3, '0'), record]),
  );
  writeFileSync(join(root, 'metadata.json'), JSON.stringify({ train: { '': runs } }, null, 2));
  return new LedgerWriter(ledgerFiles(root));
}

interface Started {
  process: ChildProcess;
  output(): string;
  lines(): Promise<string[]>;
}

function startWriter(root: string, count: number, ...flags: string[]): Started {
  const child = spawn(process.execPath, [writerScript, root, 'train', String(count), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(child, 'close');
  return {
    process: child,
    output: () => output,
    lines: async () => {
      await ended;
      return output.split('\n').slice(0, -1);
    },
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}
