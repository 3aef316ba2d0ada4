import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sealLine } from '../../../collector/formats/actions/action.ts';
import { serializeHeader, serializeOperation } from '../../../collector/formats/ledger/journal.ts';
import { ledgerFiles } from '../../../collector/store/ledger/ledger-files.ts';
import { LedgerWriter, type NewRun } from '../../../collector/store/ledger/ledger-writer.ts';
import { readLedger } from '../../../collector/store/ledger/read-ledger.ts';
import { temporaryFolder } from '../../helpers.ts';

const newRun = (paramHash: string): NewRun => ({
  identifier: 'train',
  relpath: '',
  status: 'pending',
  paramHash,
  maxsize: 1000,
  by: undefined,
});

function open(root: string, notes: string[] = []): LedgerWriter {
  const writer = new LedgerWriter(ledgerFiles(root), { note: (text) => notes.push(text) });
  onTestFinished(() => writer.close());
  return writer;
}

async function allocateWhole(root: string, ...hashes: string[]): Promise<void> {
  const writer = open(root);
  for (const hash of hashes) await writer.allocate(newRun(hash));
  await writer.fold();
}

const hashesIn = async (root: string) =>
  (await readLedger(root, 'metadata.json')).map(({ uid, paramHash }) => `${uid} ${paramHash}`).sort();

/** Two branches that each allocated a run behind a common one, merged as git merges them. */
async function mergedBook(change: (root: string, branch: string) => Promise<void>): Promise<string> {
  const root = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(root, '.gitignore'), '.daybook/\n');
  writeFileSync(join(root, '.gitattributes'), '*.jsonl merge=union\n');
  await allocateWhole(root, 'common');
  git('add', '.');
  git('commit', '-qm', 'common');
  git('checkout', '-qb', 'theirs');
  await change(root, 'theirs');
  git('add', '.');
  git('commit', '-qm', 'theirs');
  git('checkout', '-q', 'main');
  await change(root, 'ours');
  git('add', '.');
  git('commit', '-qm', 'ours');
  try {
    git('merge', '-q', '--no-edit', 'theirs');
  } catch {
    // It conflicts; the markers stand in the file.
  }
  return root;
}

describe('a ledger behind a merge', () => {
  it('keeps both runs where git has put them under one uid without a conflict', async () => {
    const root = temporaryFolder();
    const record = (hash: string, at: string) =>
      `{"status": "done", "param_hash": "${hash}", "files": {}, "timestamp_status_lst": [["${at}", "done"]]}`;
    const text = `{"train": {"": {"000": ${record('a', '2026-01-01T00:00:00')},
      "000": ${record('b', '2026-01-02T00:00:00')}}}}`;
    writeFileSync(join(root, 'metadata.json'), text);
    expect(await hashesIn(root)).toEqual(['000 b', '001 a']);
    const notes: string[] = [];
    expect(await open(root, notes).allocate(newRun('c'))).toMatchObject({ uid: '002' });
    expect(notes).toEqual([expect.stringContaining('is 001 now')]);
    await open(root).fold();
    expect(await hashesIn(root)).toEqual(['000 b', '001 a', '002 c']);
    expect(Object.keys(JSON.parse(readFileSync(join(root, 'metadata.json'), 'utf8')).train[''])).toHaveLength(
      3,
    );
  });

  it('shows the runs of both sides of a conflict, and writes them together', async () => {
    const root = await mergedBook(async (folder, branch) => allocateWhole(folder, branch));
    const markers = readFileSync(join(root, 'metadata.json'), 'utf8');
    expect(markers).toContain('<<<<<<< ');
    const findings: string[] = [];
    const runs = await readLedger(root, 'metadata.json', ({ found }) => findings.push(found));
    expect(runs.map(({ uid, paramHash }) => `${uid} ${paramHash}`).sort()).toEqual([
      '000 common',
      '001 ours',
      '002 theirs',
    ]);
    expect(findings[0]).toContain('a merge that git left to be resolved');
    await open(root).allocate(newRun('next'));
    await open(root).fold();
    expect(await hashesIn(root)).toEqual(['000 common', '001 ours', '002 theirs', '003 next']);
    const kept = readdirSync(root).find((name) => name.includes('.torn-'))!;
    expect(readFileSync(join(root, kept), 'utf8')).toBe(markers);
  });

  it('keeps the runs of two journals that were put together line by line', async () => {
    const root = await mergedBook(async (folder, branch) => {
      const writer = open(folder);
      await writer.allocate(newRun(branch));
      await writer.close();
    });
    expect(await hashesIn(root)).toEqual(['000 common', '001 ours', '002 theirs']);
    await open(root).fold();
    expect(await hashesIn(root)).toEqual(['000 common', '001 ours', '002 theirs']);
  });

  it('takes what stands between conflict markers in a journal, and says so', async () => {
    const root = temporaryFolder();
    await allocateWhole(root, 'a');
    await open(root).allocate(newRun('b'));
    const journal = join(root, 'metadata.journal.jsonl');
    const [header, line] = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, `${header}\n<<<<<<< HEAD\n${line}\n=======\n>>>>>>> theirs\n`);
    const findings: string[] = [];
    const runs = await readLedger(root, 'metadata.json', ({ found }) => findings.push(found));
    expect(runs).toHaveLength(2);
    expect(findings).toEqual(['<<<<<<< HEAD', '=======', '>>>>>>> theirs']);
    expect(await open(root).allocate(newRun('c'))).toMatchObject({ uid: '002' });
  });

  it('leaves a journal of a newer version alone', async () => {
    const root = temporaryFolder();
    await allocateWhole(root, 'a');
    const journal = join(root, 'metadata.journal.jsonl');
    const sealed = sealLine(
      JSON.stringify({ journal: 'x', ledger: 'metadata.json', shared: false, version: 2 }),
    );
    writeFileSync(journal, sealed);
    const findings: string[] = [];
    await readLedger(root, 'metadata.json', ({ found }) => findings.push(found));
    expect(findings).toEqual(['version 2']);
    await expect(open(root).allocate(newRun('b'))).rejects.toThrow('newer Daybook');
    await expect(open(root).fold()).rejects.toThrow('newer Daybook');
    expect(readFileSync(journal)).toEqual(sealed);
  });
});

describe('the place of a ledger', () => {
  it.each(['daybook.yaml', 'metadata.lock', 'metadata', '.git/x.json', '.daybook/x.json', 'a/.json'])(
    'is not %s',
    (file) => {
      expect(() => ledgerFiles(temporaryFolder(), file)).toThrow('a .json file of its own');
    },
  );

  it('is not the journal of another ledger', () => {
    expect(() => ledgerFiles(temporaryFolder(), 'metadata.journal.jsonl')).toThrow('a .json file of its own');
  });

  it('may be a link within the book, which stays one', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'real'));
    writeFileSync(join(root, 'real/runs.json'), '{}');
    symlinkSync('real/runs.json', join(root, 'metadata.json'));
    await allocateWhole(root, 'a', 'b');
    expect(lstatSync(join(root, 'metadata.json')).isSymbolicLink()).toBe(true);
    expect(Object.keys(JSON.parse(readFileSync(join(root, 'real/runs.json'), 'utf8')).train[''])).toEqual([
      '000',
      '001',
    ]);
  });
});

describe('a writer', () => {
  it('that tried again under another uid is one run', async () => {
    const root = temporaryFolder();
    const line = (uid: string, id: string, atUs: number) =>
      serializeOperation({
        op: 'allocate',
        id,
        identifier: 'train',
        relpath: '',
        uid,
        atUs,
        bornUs: atUs,
        status: 'pending',
        paramHash: id,
        files: [],
        by: undefined,
      });
    const header = serializeHeader({ journal: 'x', ledger: 'metadata.json', shared: false });
    const journal = [
      header,
      line('000', 'first', 1e15),
      line('000', 'second', 2e15),
      line('001', 'second', 2e15),
    ];
    writeFileSync(join(root, 'metadata.journal.jsonl'), Buffer.concat(journal));
    expect(await hashesIn(root)).toEqual(['000 first', '001 second']);
  });

  it('stays small and keeps no file open over thousands of runs', { timeout: 60_000 }, async () => {
    const root = temporaryFolder();
    const writer = open(root);
    await writer.allocate(newRun('0'));
    const before = readdirSync('/proc/self/fd').length;
    await Promise.all(Array.from({ length: 2000 }, (_, n) => writer.allocate(newRun(String(n)))));
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 5);
    await writer.fold();
    expect(await readLedger(root, 'metadata.json')).toHaveLength(2001);
  });
});
