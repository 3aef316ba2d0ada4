import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ledgerFiles } from '../../../collector/store/ledger/ledger-files.ts';
import {
  LedgerWriter,
  type LedgerWriterOptions,
  type NewRun,
} from '../../../collector/store/ledger/ledger-writer.ts';
import { readLedger } from '../../../collector/store/ledger/read-ledger.ts';
import { temporaryFolder } from '../../helpers.ts';
import { OriginalWriter } from './original-writer.ts';

const newRun = (paramHash: string): NewRun => ({
  identifier: 'train',
  relpath: '',
  status: 'pending',
  paramHash,
  maxsize: 1000,
  by: undefined,
});

function open(root: string, options: LedgerWriterOptions = {}): LedgerWriter {
  const writer = new LedgerWriter(ledgerFiles(root), options);
  onTestFinished(() => writer.close());
  return writer;
}

const textIn = (root: string) => readFileSync(join(root, 'metadata.json'), 'utf8');
const runsIn = async (root: string) =>
  (await readLedger(root, 'metadata.json')).map((run) => ({
    uid: run.uid,
    hash: run.paramHash,
    words: run.history.map(({ word }) => word),
  }));

describe('a ledger that the original comes to', () => {
  it('gives it no uid that was given out here, and takes no log of ours for its own', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    const mine = [await writer.allocate(newRun('a')), await writer.allocate(newRun('b'))];
    const original = new OriginalWriter(join(root, 'metadata.json'));
    expect(await original.allocate('train', 'theirs')).toBe('002');
    for (const key of mine) await writer.log(key, { status: 'done' });
    // It was noticed: from now on the ledger says all by itself.
    expect(JSON.parse(textIn(root)).train[''][mine[1]!.uid].status).toBe('done');
    expect(await runsIn(root)).toEqual([
      { uid: '000', hash: 'a', words: ['pending', 'done'] },
      { uid: '001', hash: 'b', words: ['pending', 'done'] },
      { uid: '002', hash: 'theirs', words: ['pending'] },
    ]);
  });

  it('keeps the uids and the logs of both apart, whenever it comes and whatever is under way', {
    timeout: 120_000,
  }, async () => {
    const pauses = fc.array(fc.constantFrom(0, 0, 1, 3, 8), { minLength: 1, maxLength: 5 });
    const theirs = fc.record({ startMs: fc.nat(25), runs: fc.integer({ min: 1, max: 3 }), pauses });
    const ours = fc.record({
      startMs: fc.nat(8),
      runs: fc.integer({ min: 1, max: 5 }),
      keepWhole: fc.boolean(),
      folds: fc.boolean(),
      pauses,
    });
    const book = fc.record({
      theirs: fc.array(theirs, { minLength: 1, maxLength: 2 }),
      ours: fc.array(ours, { minLength: 1, maxLength: 2 }),
      removes: fc.boolean(),
      isThere: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(book, async ({ theirs, ours, removes, isThere }) => {
        const root = temporaryFolder();
        const path = join(root, 'metadata.json');
        if (isThere) await open(root).allocate(newRun('first'));
        const given = new Map<string, string>();
        const give = (uid: string, hash: string) => {
          expect(given.get(uid)).toBeUndefined();
          given.set(uid, hash);
        };
        const pauseOf = (list: number[]) => {
          let at = 0;
          return async () => void (await sleep(list[at++ % list.length]));
        };
        await Promise.all([
          ...theirs.map(async ({ startMs, runs, pauses }, who) => {
            await sleep(startMs);
            const original = new OriginalWriter(path, { removes, pause: pauseOf(pauses) });
            for (let run = 0; run < runs; run++) {
              const uid = await original.allocate('train', `theirs-${who}-${run}`);
              give(uid, `theirs-${who}-${run}`);
              await original.log('train', uid, 'error');
            }
          }),
          ...ours.map(async ({ startMs, runs, keepWhole, folds, pauses }, who) => {
            const pause = pauseOf(pauses);
            await sleep(startMs);
            const writer = open(root, { keepWhole });
            for (let run = 0; run < runs; run++) {
              const key = await writer.allocate(newRun(`ours-${who}-${run}`));
              give(key.uid, `ours-${who}-${run}`);
              await pause();
              await writer.log(key, { status: 'running' });
              await pause();
              await writer.log(key, { status: 'done' });
            }
            if (folds) await writer.fold();
          }),
        ]);
        // Anyone who knows nothing of a journal sees every uid, too.
        for (const uid of given.keys()) expect(JSON.parse(textIn(root)).train['']).toHaveProperty(uid);
        const runs = (await runsIn(root)).filter(({ hash }) => hash !== 'first');
        expect(runs.map(({ uid, hash }) => [uid, hash]).sort()).toEqual([...given].sort());
        for (const { hash, words } of runs)
          expect(words).toEqual(
            String(hash).startsWith('ours') ? ['pending', 'running', 'done'] : ['pending', 'error'],
          );
      }),
      { numRuns: 40 },
    );
  });

  it('follows a run by its own identity where somebody without a lock has taken its uid', {
    timeout: 120_000,
  }, async () => {
    const ours = fc.oneof(
      fc.record({ do: fc.constant('allocate' as const), who: fc.nat(1) }),
      fc.record({
        do: fc.constant('log' as const),
        run: fc.nat(7),
        status: fc.constantFrom('running', 'done'),
      }),
      fc.record({ do: fc.constant('fold' as const), who: fc.nat(1) }),
    );
    // What we do while they have read the ledger and not written it yet is lost on them.
    const theirs = fc.record({
      do: fc.constant('theirs' as const),
      during: fc.array(ours, { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(ours, theirs), { maxLength: 14 }), async (steps) => {
        const root = temporaryFolder();
        const writers = [open(root), open(root)];
        const mine: { key: Awaited<ReturnType<LedgerWriter['allocate']>>; hash: string; who: number }[] = [];
        const step = async (one: (typeof steps)[number]): Promise<void> => {
          if (one.do === 'allocate') {
            const hash = `ours-${mine.length}`;
            mine.push({ key: await writers[one.who]!.allocate(newRun(hash)), hash, who: one.who });
          } else if (one.do === 'fold') await writers[one.who]!.fold();
          else if (one.do === 'log') {
            const run = mine[one.run % Math.max(1, mine.length)];
            if (run === undefined) return;
            const record = await writers[run.who]!.log(run.key, { status: one.status });
            // Gone without a trace only where nobody has its uid: then somebody has removed it.
            if (record === undefined) return;
            const found = (await runsIn(root)).filter(({ hash }) => hash === run.hash);
            expect(found.map(({ words }) => words.at(-1))).toEqual([one.status]);
          } else {
            const pause = async (at: string) => {
              if (at === 'read') for (const each of one.during) await step(each);
            };
            const original = new OriginalWriter(join(root, 'metadata.json'), { locks: false, pause });
            await original.log('train', await original.allocate('train', 'theirs'), 'error');
          }
        };
        for (const one of steps) await step(one);
        const runs = await runsIn(root);
        expect(new Set(runs.map(({ uid }) => uid)).size).toBe(runs.length);
        for (const { hash, words } of runs) {
          const others = hash === 'theirs' ? ['running', 'done'] : ['error'];
          expect(words.filter((word) => others.includes(word))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says which run had to take another uid, then and in every check for a month', async () => {
    const root = temporaryFolder();
    const notes: string[] = [];
    const writer = open(root, { note: (text) => notes.push(text) });
    await writer.allocate(newRun('first'));
    const before = textIn(root);
    const mine = await writer.allocate(newRun('mine'));
    // Somebody puts an older state back, and it is written on from there.
    writeFileSync(join(root, 'metadata.json'), before);
    const original = new OriginalWriter(join(root, 'metadata.json'));
    expect(await original.allocate('train', 'theirs')).toBe(mine.uid);
    await writer.log(mine, { status: 'done' });
    expect(notes.join('\n')).toContain('is 002 now, and is logged there');
    await writer.fold();
    const findings: string[] = [];
    const runs = await readLedger(root, 'metadata.json', ({ code, found }) =>
      findings.push(`${code}: ${found}`),
    );
    expect(runs.map(({ uid, paramHash, statusWord }) => `${uid} ${paramHash} ${statusWord}`)).toEqual([
      '000 first pending',
      '001 theirs pending',
      '002 mine done',
    ]);
    expect(findings).toEqual(['moved-run: 002, because another run stands under 001']);
    const later = open(root, { clock: { nowUs: () => (Date.now() + 31 * 24 * 3600_000) * 1000 } });
    await later.allocate(newRun('later'));
    await later.fold();
    expect(await readLedger(root, 'metadata.json', ({ code }) => findings.push(code))).toHaveLength(4);
    expect(findings).toHaveLength(1);
  });

  it('is changed at its end alone, whole at every instant, and grows and shrinks as it must', async () => {
    const root = temporaryFolder();
    const writer = open(root, { shared: true });
    for (let run = 0; run < 40; run++) {
      const key = await writer.allocate(newRun(`é-${run}`));
      await writer.log(key, { files: [['a', 'x'.repeat(run * 7)]] });
      await writer.log(key, { status: 'done', files: [['a', '']] });
      const text = textIn(root);
      expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2));
      expect(JSON.parse(text).train[''][key.uid]).toMatchObject({ status: 'done', files: { a: '' } });
    }
    expect(await runsIn(root)).toHaveLength(40);
  });
});
