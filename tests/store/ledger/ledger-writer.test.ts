import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LedgerKey } from '../../../collector/formats/ledger/record.ts';
import { ledgerFiles } from '../../../collector/store/ledger/ledger-files.ts';
import {
  LedgerWriter,
  type LedgerWriterOptions,
  type NewRun,
} from '../../../collector/store/ledger/ledger-writer.ts';
import { readLedger } from '../../../collector/store/ledger/read-ledger.ts';
import { temporaryFolder } from '../../helpers.ts';

const newRun = (fields: Partial<NewRun> = {}): NewRun => ({
  identifier: 'train',
  relpath: '',
  status: 'pending',
  paramHash: null,
  maxsize: 1000,
  by: undefined,
  ...fields,
});

function open(root: string, options: LedgerWriterOptions = {}): LedgerWriter {
  const writer = new LedgerWriter(ledgerFiles(root), options);
  onTestFinished(() => writer.close());
  return writer;
}

const ledgerText = (root: string) => readFileSync(join(root, 'metadata.json'), 'utf8');
/** What lies in a book, but for the lock of the ledger, which stays. */
const kept = (root: string) =>
  readdirSync(root)
    .filter((name) => name !== 'metadata.lock')
    .sort();
const uidsIn = async (root: string) => (await readLedger(root, 'metadata.json')).map(({ uid }) => uid);
const own = { by: { pid: process.pid, host: 'here', start: 'x', seenUs: 1, beats: false } };

describe('LedgerWriter', () => {
  it('gives out the lowest free uid of each identifier and relpath, and logs status and files', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    const keys = [
      await writer.allocate(newRun()),
      await writer.allocate(newRun()),
      await writer.allocate(newRun({ relpath: 'grid' })),
      await writer.allocate(newRun({ identifier: 'eval', maxsize: 10 })),
    ];
    expect(keys.map(({ uid }) => uid)).toEqual(['000', '001', '000', '0']);
    await writer.log(keys[0]!, { status: 'running' });
    const record = await writer.log(keys[0]!, {
      status: 'done',
      files: [
        ['model', 'a.pt'],
        ['__proto__', 'b'],
      ],
    });
    expect(record).toMatchObject({ status: 'done', param_hash: null });
    expect(await writer.log({ ...keys[0]!, uid: '7' }, { status: 'done' })).toBeUndefined();
    const [first] = await readLedger(root, 'metadata.json');
    expect(first!.history.map(({ word }) => word)).toEqual(['pending', 'running', 'done']);
    expect(Object.entries(first!.files)).toEqual([
      ['model', 'a.pt'],
      ['__proto__', 'b'],
    ]);
  });

  it('leaves one whole file behind when it is told to', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    const key = await writer.allocate(newRun({ paramHash: 'abc' }));
    expect(kept(root)).toEqual(['.daybook', 'metadata.json']);
    await writer.allocate(newRun());
    expect(kept(root)).toEqual(['.daybook', 'metadata.journal.jsonl', 'metadata.json']);
    // Anyone who knows nothing of the journal sees all the same that the uid is taken.
    expect(Object.keys(JSON.parse(ledgerText(root)).train[''])).toEqual(['000', '001']);
    await writer.fold();
    expect(kept(root)).toEqual(['.daybook', 'metadata.json']);
    await writer.log(key, { status: 'running', ...own });
    await writer.fold();
    // Who runs it has no place in the ledger itself.
    expect(ledgerText(root)).not.toContain('here');
    expect((await readLedger(root, 'metadata.json'))[0]!.owner).toMatchObject({
      pid: process.pid,
      host: 'here',
      seenUs: 1,
    });
    await writer.log(key, { status: 'done' });
    await writer.fold();
    expect(kept(root)).toEqual(['.daybook', 'metadata.json']);
  });

  it('puts a journal without a byte away when it folds', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    await writer.allocate(newRun());
    writeFileSync(join(root, 'metadata.journal.jsonl'), '');
    await writer.fold();
    expect(kept(root)).toEqual(['.daybook', 'metadata.json']);
  });

  it('counts past the padding', async () => {
    const root = temporaryFolder();
    const runs = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [String(n).padStart(3, '0'), { status: 'done' }]),
    );
    writeFileSync(join(root, 'metadata.json'), JSON.stringify({ train: { '': runs } }));
    expect((await open(root).allocate(newRun())).uid).toBe('1000');
  });

  it('resumes the first run with the same hash', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => writer.resume({ ...newRun(), paramHash: 'same' })),
    );
    expect(asked.map(({ key, record }) => [key.uid, record === undefined])).toEqual([
      ['000', true],
      ['000', false],
      ['000', false],
      ['000', false],
    ]);
  });

  it.each([
    ['is removed', (path: string) => rmSync(path, { force: true })],
    ['is zeroed', (path: string) => writeFileSync(path, Buffer.alloc(20_000))],
    ['is emptied', (path: string) => writeFileSync(path, '')],
    ['is no database', (path: string) => writeFileSync(path, 'nonsense '.repeat(1000))],
    [
      'is removed with its folder',
      (path: string) => rmSync(join(path, '..'), { recursive: true, force: true }),
    ],
  ])('goes on from the text when the index %s', async (_, damage) => {
    const root = temporaryFolder();
    const writer = open(root);
    const index = join(root, '.daybook/ledger.db');
    for (let round = 0; round < 3; round++) {
      await writer.allocate(newRun());
      damage(index);
      if (round === 1) await writer.fold();
    }
    const other = open(root);
    damage(index);
    await Promise.all([other.allocate(newRun()), writer.allocate(newRun()), other.allocate(newRun())]);
    expect((await uidsIn(root)).sort()).toEqual(['000', '001', '002', '003', '004', '005']);
  });

  it('goes on behind the fragment of a writer that died in the middle of a line', async () => {
    const root = temporaryFolder();
    for (let n = 0; n < 2; n++) await open(root).allocate(newRun());
    const journal = join(root, 'metadata.journal.jsonl');
    const whole = readFileSync(journal);
    for (let cut = whole.indexOf(10) + 1; cut < whole.length; cut += 7) {
      appendFileSync(journal, whole.subarray(whole.indexOf(10) + 1, cut));
      const { uid } = await open(root).allocate(newRun());
      const uids = await uidsIn(root);
      expect(new Set(uids).size).toBe(uids.length);
      expect(uids).toContain(uid);
    }
  });

  it('takes in what another program wrote, keeps its fields, and keeps what only the journal has', async () => {
    const root = temporaryFolder();
    const writer = open(root);
    await writer.allocate(newRun());
    await writer.fold();
    const mine = await writer.allocate(newRun());
    const theirs = JSON.parse(ledgerText(root));
    theirs.train[''][''] = undefined;
    theirs.train['']['000'].note = 'kept';
    theirs.eval = { x: { '000': { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [] } } };
    writeFileSync(join(root, 'metadata.json'), JSON.stringify(theirs));
    await writer.log(mine, { status: 'done' });
    await writer.fold();
    const runs = await readLedger(root, 'metadata.json');
    expect(
      runs.map(({ identifier, uid, statusWord }) => `${identifier} ${uid} ${statusWord}`).sort(),
    ).toEqual(['eval 000 done', 'train 000 pending', 'train 001 done']);
    expect(JSON.parse(ledgerText(root)).train['']['000'].note).toBe('kept');
  });

  it('gives its own run another number where the ledger has given it away in the meantime, and says so', async () => {
    const root = temporaryFolder();
    const notes: string[] = [];
    const writer = open(root, { note: (text) => notes.push(text) });
    writeFileSync(join(root, 'metadata.json'), '{}');
    const mine = await writer.allocate(newRun({ paramHash: 'mine' }));
    await writer.log(mine, { status: 'running' });
    const theirs = {
      status: 'done',
      param_hash: 'theirs',
      files: {},
      timestamp_status_lst: [['2020-01-01T00:00:00', 'done']],
    };
    writeFileSync(join(root, 'metadata.json'), JSON.stringify({ train: { '': { '000': theirs } } }));
    const runs = await readLedger(root, 'metadata.json');
    expect(runs.map(({ uid, paramHash, statusWord }) => [uid, paramHash, statusWord])).toEqual([
      ['000', 'theirs', 'done'],
      ['001', 'mine', 'running'],
    ]);
    expect((await writer.allocate(newRun())).uid).toBe('002');
    expect(notes).toEqual([expect.stringContaining('ours is 001 now')]);
    await writer.fold();
    expect((await readLedger(root, 'metadata.json')).map(({ uid, paramHash }) => [uid, paramHash])).toEqual([
      ['000', 'theirs'],
      ['001', 'mine'],
      ['002', null],
    ]);
  });

  it('recovers a torn ledger from the index, and keeps the torn bytes', async () => {
    const root = temporaryFolder();
    const notes: string[] = [];
    const writer = open(root, { note: (text) => notes.push(text) });
    for (let n = 0; n < 5; n++)
      await writer.log(await writer.allocate(newRun()), { files: [['n', String(n)]] });
    await writer.fold();
    const torn = ledgerText(root).slice(0, 700);
    writeFileSync(join(root, 'metadata.json'), torn);
    expect((await writer.allocate(newRun())).uid).toBe('005');
    const runs = await readLedger(root, 'metadata.json');
    expect(runs.map(({ uid, files }) => `${uid} ${files['n']}`)).toEqual([
      '000 0',
      '001 1',
      '002 2',
      '003 3',
      '004 4',
      '005 undefined',
    ]);
    expect(notes).toHaveLength(1);
    const kept = readdirSync(root).find((name) => name.includes('.torn-'))!;
    expect(readFileSync(join(root, kept), 'utf8')).toBe(torn);
  });

  it('recovers a torn ledger from the last commit where there is no index', async () => {
    const root = temporaryFolder();
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args]);
    git('init', '-q');
    const writer = open(root);
    for (let n = 0; n < 4; n++) await writer.allocate(newRun());
    await writer.fold();
    git('add', 'metadata.json');
    git('commit', '-qm', 'runs');
    writeFileSync(join(root, 'metadata.json'), '');
    rmSync(join(root, '.daybook'), { recursive: true });
    const findings: string[] = [];
    const runs = await readLedger(root, 'metadata.json', ({ found }) => findings.push(found));
    expect(runs).toHaveLength(4);
    expect(findings).toEqual([
      'nothing: the file is empty',
      '0 whole runs in what is left, and 4 more in the last commit',
    ]);
    expect((await open(root).allocate(newRun())).uid).toBe('004');
  });

  it.each([
    ['[]', 'is no ledger'],
    ['{"name": "someone else"}', 'is no ledger'],
    ['{"a": {"": {"000": {"status": "done"}, "001": 7}}}', 'cannot be written without losing'],
    ['{"a": {"": {"000": {"status": "done"} "001": {}}}}', 'cannot be written without losing'],
  ])('leaves %s alone', async (text, message) => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'metadata.json'), text);
    await expect(open(root).allocate(newRun())).rejects.toThrow(message);
    expect(ledgerText(root)).toBe(text);
    expect(existsSync(join(root, 'metadata.journal.jsonl'))).toBe(false);
  });

  it('refuses a ledger outside of the book', () => {
    expect(() => ledgerFiles(temporaryFolder(), '../metadata.json')).toThrow('inside of the book');
  });

  it('is what a simple list of runs would be, whatever is done in whatever order', {
    timeout: 60_000,
  }, async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('allocate' as const), space: fc.nat(2), shared: fc.boolean() }),
      fc.record({
        do: fc.constant('log' as const),
        run: fc.nat(9),
        status: fc.constantFrom('running', 'done', 'error'),
      }),
      fc.record({
        do: fc.constant('attach' as const),
        run: fc.nat(9),
        name: fc.constantFrom('a', '__proto__', 'é'),
      }),
      fc.record({
        do: fc.constantFrom('fold' as const, 'forget' as const, 'reopen' as const, 'rewrite' as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const root = temporaryFolder();
        let writer = new LedgerWriter(ledgerFiles(root));
        const model: { key: LedgerKey; words: string[]; files: Map<string, string> }[] = [];
        for (const [at, one] of steps.entries()) {
          if (one.do === 'allocate') {
            const space = { identifier: `i${one.space % 2}`, relpath: one.space > 1 ? 'x/y' : '' };
            const number = model.filter(
              ({ key }) => key.identifier === space.identifier && key.relpath === space.relpath,
            ).length;
            const key = await writer.allocate(newRun(space));
            expect(key).toEqual({ ...space, uid: String(number).padStart(3, '0') });
            model.push({ key, words: ['pending'], files: new Map() });
          } else if (one.do === 'log' || one.do === 'attach') {
            const run = model[one.run % Math.max(1, model.length)];
            if (run === undefined) continue;
            if (one.do === 'log') {
              await writer.log(run.key, { status: one.status });
              run.words.push(one.status);
            } else {
              await writer.log(run.key, { files: [[one.name, `${at}`]] });
              run.files.set(one.name, `${at}`);
            }
          } else if (one.do === 'fold') await writer.fold();
          else if (one.do === 'forget') rmSync(join(root, '.daybook'), { recursive: true, force: true });
          else if (one.do === 'reopen') {
            await writer.close();
            writer = new LedgerWriter(ledgerFiles(root));
          } else if (existsSync(join(root, 'metadata.json'))) {
            // As an editor or another formatter would: other bytes, same content.
            writeFileSync(join(root, 'metadata.json'), `${JSON.stringify(JSON.parse(ledgerText(root)))}\n`);
          }
        }
        const expected = model.map(({ key, words, files }) => ({
          ...key,
          words,
          status: words.at(-1),
          files: [...files].sort(),
        }));
        const shown = async () =>
          (await readLedger(root, 'metadata.json', (finding) => expect(finding).toBeUndefined())).map(
            ({ identifier, relpath, uid, history, statusWord, files }) => ({
              identifier,
              relpath,
              uid,
              words: history.map(({ word }) => word),
              status: statusWord,
              files: Object.entries(files).sort(),
            }),
          );
        const order = (runs: unknown[]) => runs.map((run) => JSON.stringify(run)).sort();
        expect(order(await shown())).toEqual(order(expected));
        await writer.fold();
        await writer.close();
        rmSync(join(root, '.daybook'), { recursive: true, force: true });
        expect(order(await shown())).toEqual(order(expected));
      }),
      { numRuns: 40 },
    );
  });
});
