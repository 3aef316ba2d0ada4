import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLedger } from '../../collector/store/ledger/read-ledger.ts';
import { temporaryFolder } from '../helpers.ts';
import { amount } from '../long.ts';

/** A process that writes a ledger, and what it has acknowledged. */
class Writer {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  #output = '';

  constructor(command: string, args: string[]) {
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.ended = once(this.process, 'close');
    onTestFinished(() => void this.process.kill('SIGKILL'));
  }

  says(text: string): boolean {
    return this.#output.includes(text);
  }

  /** Whole lines, once the process has ended: uids that were given out, and those that were logged as done. */
  async acknowledged(): Promise<{ uids: string[]; done: string[] }> {
    await this.ended;
    const lines = this.#output.split('\n').slice(0, -1);
    return {
      uids: lines.filter((line) => /^\d+$/.test(line)),
      done: lines.filter((line) => line.includes(' done')).map((line) => line.split(' ')[0]!),
    };
  }
}

const nodeWriter = (root: string, count: number, ...flags: string[]) =>
  new Writer(process.execPath, [
    join(import.meta.dirname, 'ledger-writer.ts'),
    root,
    'train',
    String(count),
    ...flags,
  ]);
/** A Python that has the original, should python3 not be it: `DAYBOOK_PYTHON=venv/bin/python`, perhaps with PYTHONPATH. */
const python = process.env['DAYBOOK_PYTHON'] ?? 'python3';
const pythonWriter = (root: string, count: number, script = 'ledger_writer.py') =>
  new Writer(python, [
    join(import.meta.dirname, script),
    join(root, 'metadata.json'),
    'train',
    String(count),
  ]);

/** Nothing acknowledged is lost, nothing was given twice. */
async function expectKept(root: string, writers: Writer[]): Promise<void> {
  const acknowledged = await Promise.all(writers.map((writer) => writer.acknowledged()));
  const uids = acknowledged.flatMap(({ uids }) => uids);
  const runs = await readLedger(root, 'metadata.json');
  const done = runs.filter(({ statusWord }) => statusWord === 'done').map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
  expect(uids.filter((uid) => !runs.some((run) => run.uid === uid))).toEqual([]);
  expect(acknowledged.flatMap(({ done }) => done).filter((uid) => !done.includes(uid))).toEqual([]);
  expect(new Set(runs.map(({ uid }) => uid)).size).toBe(runs.length);
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Reads on and on until the writers are done; every read must succeed and never see fewer runs than before. */
async function readAlong(root: string, writers: Writer[]): Promise<{ reads: number; problems: string[] }> {
  let over = false;
  void Promise.all(writers.map((writer) => writer.ended)).then(() => {
    over = true;
  });
  const problems: string[] = [];
  let reads = 0;
  for (let before = 0; !over; reads++) {
    const runs = await readLedger(root, 'metadata.json', ({ code, found }) =>
      problems.push(`${code}: ${found}`),
    );
    if (runs.length < before) problems.push(`${before} runs became ${runs.length}`);
    before = runs.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { reads, problems };
}

const pythonCan = (statement: string) => {
  try {
    execFileSync(python, ['-c', statement], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasPython = pythonCan('import fcntl');
const hasPycaddy = pythonCan('from pycaddy.ledger import Ledger');

describe('processes on one ledger', () => {
  it('lose nothing and give no uid twice when four write at once, and readers never fail', async () => {
    const root = temporaryFolder();
    const writers = Array.from({ length: 4 }, () => nodeWriter(root, 100));
    const { reads, problems } = await readAlong(root, writers);
    expect(reads).toBeGreaterThan(3);
    expect(problems).toEqual([]);
    await expectKept(root, writers);
    expect(await readLedger(root, 'metadata.json')).toHaveLength(400);
  });

  it.runIf(hasPython)('share it with Python, which locks, reads and writes it in place', async () => {
    const root = temporaryFolder();
    const writers = [
      pythonWriter(root, 25),
      nodeWriter(root, 25, 'shared'),
      pythonWriter(root, 25),
      nodeWriter(root, 25, 'shared'),
    ];
    const { problems } = await readAlong(root, writers);
    expect(problems).toEqual([]);
    await expectKept(root, writers);
    // Python sees a complete ledger at all times: nothing is left to the journal.
    const text = readFileSync(join(root, 'metadata.json'), 'utf8');
    expect(Object.keys(JSON.parse(text).train[''])).toHaveLength(100);
  });

  it.runIf(hasPython)('notice Python by its lock file without being told', async () => {
    const root = temporaryFolder();
    const first = pythonWriter(root, 5);
    await first.ended;
    const writers = [first, nodeWriter(root, 5), pythonWriter(root, 5)];
    await expectKept(root, writers);
    expect(await readLedger(root, 'metadata.json')).toHaveLength(15);
  });

  it.for([
    ['as the original does', 'ledger_writer.py', hasPython],
    ['with the original itself', 'pycaddy_writer.py', hasPycaddy],
  ] as const)(
    'keep their uids and logs when Python comes in the middle and writes %s',
    {
      timeout: 90_000,
    },
    async ([, script, isThere], { skip }) => {
      skip(!isThere, 'this Python has not got what it writes with; name another one in DAYBOOK_PYTHON');
      const root = temporaryFolder();
      const ours = [nodeWriter(root, 60), nodeWriter(root, 60, 'whole')];
      await until(() => ours.every((writer) => writer.says('done')));
      expect(readFileSync(join(root, 'metadata.lock'), 'utf8')).not.toBe('');
      const theirs = [pythonWriter(root, 15, script), pythonWriter(root, 15, script)];
      await expectKept(root, [...ours, ...theirs]);
      const runs = await readLedger(root, 'metadata.json');
      expect(runs).toHaveLength(150);
      // Every run was logged by who was given its uid, and by nobody else.
      for (const writer of theirs) {
        const { uids } = await writer.acknowledged();
        const by = runs.filter(({ uid }) => uids.includes(uid)).map(({ files }) => files['by']);
        expect(new Set(by)).toEqual(new Set([`python-${writer.process.pid}`]));
      }
      expect(new Set(runs.flatMap(({ files }) => files['by'] ?? [])).size).toBe(122);
    },
  );

  it.each(['', 'whole', 'shared'])(
    'lose nothing wherever one of them is killed (%s)',
    { timeout: 90_000 },
    async (mode) => {
      const root = temporaryFolder();
      const writers: Writer[] = [];
      const steps = [
        'locked',
        'adopted',
        'appended',
        'indexed',
        'ledger-written',
        'journal-replaced',
        'committed',
      ];
      for (const [at, step] of steps.entries()) {
        const victim = nodeWriter(root, 3, `kill:${step}:${1 + (at % 3)}`, mode);
        await victim.ended;
        const next = nodeWriter(root, 1, mode);
        await next.ended;
        writers.push(victim, next);
      }
      await expectKept(root, writers);
      expect(writers.some((writer) => writer.process.signalCode === 'SIGKILL')).toBe(true);
      expect(writers.filter((_, at) => at % 2 === 1).every((writer) => writer.process.exitCode === 0)).toBe(
        true,
      );
    },
  );

  it('lose nothing when they are killed at any instant', { timeout: 90_000 }, async () => {
    const root = temporaryFolder();
    const writers: Writer[] = [];
    for (let kill = 0; kill < amount(6, 60); kill++) {
      const pair = [nodeWriter(root, 1e6), nodeWriter(root, 1e6)];
      writers.push(...pair);
      await until(() => pair.every((writer) => writer.says('done')));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      for (const writer of pair) writer.process.kill('SIGKILL');
      await Promise.all(pair.map((writer) => writer.ended));
    }
    await expectKept(root, writers);
  });

  it('wait for one that is stopped in the middle of an operation, however long', async () => {
    const root = temporaryFolder();
    const holder = nodeWriter(root, 2, 'hold');
    await until(() => holder.says('holding'));
    const other = nodeWriter(root, 2);
    await until(() => other.says('ready'));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(other.process.exitCode).toBeNull();
    expect(other.says('0')).toBe(false);
    // It goes on from where it was stopped, every time it comes to its lock.
    const goOn = setInterval(() => holder.process.kill('SIGCONT'), 20);
    await Promise.all([holder.ended, other.ended]);
    clearInterval(goOn);
    await expectKept(root, [holder, other]);
    expect(await readLedger(root, 'metadata.json')).toHaveLength(4);
  });

  it('lose nothing when the index is removed or zeroed under their hands', { timeout: 90_000 }, async () => {
    const root = temporaryFolder();
    const writers = Array.from({ length: 3 }, () => nodeWriter(root, 60));
    const index = join(root, '.daybook/ledger.db');
    const damages = [
      () => rmSync(join(root, '.daybook'), { recursive: true, force: true }),
      () => rmSync(index, { force: true }),
      () =>
        readdirSync(join(root, '.daybook')).includes('ledger.db') && writeFileSync(index, Buffer.alloc(8192)),
    ];
    let over = false;
    void Promise.all(writers.map((writer) => writer.ended)).then(() => {
      over = true;
    });
    for (let round = 0; !over; round++) {
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 60));
      try {
        damages[round % damages.length]!();
      } catch {
        // A writer makes the folder again at this moment.
      }
    }
    await expectKept(root, writers);
    expect(writers.map((writer) => writer.process.exitCode)).toEqual([0, 0, 0]);
    expect(await readLedger(root, 'metadata.json')).toHaveLength(180);
  });
});
