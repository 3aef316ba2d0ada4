import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import {
  issueReceipt,
  openReceipt,
  type ReceiptRequest,
} from '../../../collector/operations/receipts/issue-receipt.ts';
import { resolveNamedPaths } from '../../../collector/operations/receipts/named-paths.ts';
import { readReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { verifyReceipt } from '../../../collector/store/receipts/verify-receipt.ts';
import { findRunFiles } from '../../../collector/store/runs/find-run-files.ts';
import { temporaryBook } from '../../helpers.ts';
import { put } from '../../store/receipts/repository.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/receipts/${name}.lock`, import.meta.url), 'utf8');

const wholeOf = (request: Partial<ReceiptRequest>): ReceiptRequest => ({
  config: {},
  repos: new Map(),
  data: new Map(),
  previous: [],
  merge: false,
  shadow: true,
  manifest: false,
  variables: [],
  ...request,
});

const issue = (root: string, request: Partial<ReceiptRequest>) =>
  issueReceipt(root, wholeOf(request), { env: {}, from: root });

const textOf = (root: string, path: string) => readFileSync(join(root, path), 'utf8');
const configAt = (root: string, path: string) => readReceipt(root, path).record!.config;

async function receiptsOf(root: string): Promise<string[]> {
  return (await findRunFiles(root, {}, () => undefined)).bySource['receipt']!;
}

describe('a receipt where one stands already', () => {
  it('gets a place of its own, and leaves what stands there, no matter who wrote it', async () => {
    const root = temporaryBook({
      'f/run.lock': fixture('current-train'),
      'p/run.lock': '4711',
      'own_3/note': 'x',
    });
    const places = [];
    for (const a of [1, 2, 3]) places.push(await issue(root, { config: { a }, out: 'own' }));
    expect(places.map(({ file, instead, state }) => [file, instead, state])).toEqual([
      ['own/run.lock', undefined, 'new'],
      ['own_2/run.lock', 'own/run.lock', 'new'],
      ['own_4/run.lock', 'own/run.lock', 'new'],
    ]);
    expect(['own', 'own_2', 'own_4'].map((folder) => configAt(root, `${folder}/run.lock`))).toEqual([
      { a: 1 },
      { a: 2 },
      { a: 3 },
    ]);
    for (const out of ['f', 'p']) {
      const before = textOf(root, `${out}/run.lock`);
      expect(await issue(root, { out })).toMatchObject({ file: `${out}_2/run.lock` });
      expect(textOf(root, `${out}/run.lock`)).toBe(before);
    }
  });

  it('stays in the book where it was meant for the book itself, and has a number in a name of its own', async () => {
    const root = temporaryBook({});
    for (const out of ['.', '.', 'x.lock', 'x.lock']) await issue(root, { config: { out }, out });
    expect(await receiptsOf(root)).toEqual(['run.lock', 'run_2/run.lock']);
    expect(configAt(root, 'x_2.lock')).toEqual({ out: 'x.lock' });
  });

  it('is replaced by wish only, and stays readable as a run of its own each time', async () => {
    const root = temporaryBook({ 'f/run.lock': fixture('current-train'), 'p/run.lock': '4711' });
    await issue(root, { config: { a: 1 }, out: 'r' });
    await issue(root, { previous: ['r'], out: 'after' });
    const first = textOf(root, 'r/run.lock');
    expect(await issue(root, { config: { a: 2 }, out: 'r', replace: true })).toMatchObject({
      state: 'replaced',
      file: 'r/run.lock',
      older: 'r/replaced/run.lock',
    });
    await issue(root, { config: { a: 3 }, out: 'r', replace: true });
    expect(await receiptsOf(root)).toEqual([
      ...[
        'after/run.lock',
        'f/run.lock',
        'p/run.lock',
        'r/replaced/run.lock',
        'r/replaced_2/run.lock',
        'r/run.lock',
      ],
    ]);
    expect(textOf(root, 'r/replaced/run.lock')).toBe(first);
    expect([configAt(root, 'r/replaced_2/run.lock'), configAt(root, 'r/run.lock')]).toEqual([
      { a: 2 },
      { a: 3 },
    ]);
    await issue(root, { out: 'f', replace: true });
    expect(textOf(root, 'f/replaced/run.lock')).toBe(fixture('current-train'));
    await expect(issue(root, { out: 'p', replace: true })).rejects.toMatchObject({ code: 'exists' });
    await expect(issue(root, { out: 'r', replace: true, merge: true })).rejects.toMatchObject({
      code: 'usage',
    });

    const verdict = await verifyReceipt(root, readReceipt(root, 'after/run.lock').record!);
    expect(verdict.entries).toMatchObject([
      { state: 'unchanged', why: expect.stringContaining('r/replaced/run.lock') },
    ]);
  });

  it('is kept elsewhere rather than not at all, where it must not be lost', async () => {
    const root = temporaryBook({ 'p/run.lock': '4711' });
    await issue(root, { config: { lr: 1 }, out: 'r' });
    const clash = await issue(root, { config: { lr: 2 }, out: 'r', merge: true, mayMove: true });
    expect(clash).toMatchObject({
      file: 'r_2/run.lock',
      why: expect.stringContaining('"config.lr" is in r/run.lock'),
    });
    expect(configAt(root, 'r_2/run.lock')).toEqual({ lr: 2 });
    const broken = await issue(root, { out: 'p', replace: true, mayMove: true });
    expect(broken).toMatchObject({
      file: 'p_2/run.lock',
      why: expect.stringContaining('cannot be replaced'),
    });
  });

  it('adds to it with merge and keeps what stands there', async () => {
    const root = temporaryBook({ 'r/run.lock': fixture('current-process'), 'd.csv': 'd\n' });
    const data = resolveNamedPaths(['d.csv'], 'data', root);
    expect(await issue(root, { config: { extra: true }, data, out: 'r', merge: true })).toMatchObject({
      state: 'merged',
    });
    const record = readReceipt(root, 'r/run.lock').record!;
    expect(record.data).toMatchObject({ raw_dataset: 'f17da056787e75e4', 'd.csv': expect.any(String) });
    expect(record.config).toMatchObject({ param: 1, extra: true });
    expect(record.zoneless).toBe(true);
    expect(textOf(root, 'r/run.lock')).toContain('big: 100000000000000000000\n');
    expect(await issue(root, { data, out: 'r', merge: true })).toMatchObject({ state: 'merged' });
  });

  it('says where the two come from that have one name', async () => {
    const root = temporaryBook({ 'a.csv': 'a\n', 'b.csv': 'b\n' });
    await issue(root, { data: new Map([['raw', 'a.csv']]), config: { lr: 1 }, out: 'r' });
    const before = textOf(root, 'r/run.lock');
    await expect(issue(root, { data: new Map([['raw', 'b.csv']]), out: 'r', merge: true })).rejects.toThrow(
      '"data.raw" is in r/run.lock already and differs: there a.csv, now b.csv.',
    );
    await expect(issue(root, { config: { lr: 2 }, out: 'r', merge: true })).rejects.toThrow(
      '"config.lr" is in r/run.lock already and differs: there 1, now 2.',
    );
    expect(textOf(root, 'r/run.lock')).toBe(before);
  });

  it('loses nothing where many add to it at once', async () => {
    const root = temporaryBook();
    await issue(root, { config: { first: true }, out: 'r' });
    const names = Array.from({ length: 12 }, (_, at) => `k${at}`);
    await Promise.all(names.map((name) => issue(root, { config: { [name]: 1 }, out: 'r', merge: true })));
    expect(Object.keys(readReceipt(root, 'r/run.lock').record!.config).sort()).toEqual(
      ['first', ...names].sort(),
    );
  });

  it('says so where a file is in the way of its folder', async () => {
    const root = temporaryBook({ file: 'x' });
    for (const out of ['file', 'file/a', 'file/run.lock']) {
      await expect(issue(root, { out })).rejects.toMatchObject({
        code: 'unwritable',
        where: join(root, 'file'),
      });
    }
  });

  it('does not add to what is broken', async () => {
    const root = temporaryBook({ 'r/run.lock': 'config:\n  a: "x\ndata: {}\n' });
    await expect(issue(root, { out: 'r', merge: true })).rejects.toMatchObject({ code: 'exists' });
  });

  it('goes elsewhere where another one came in the meantime, and knows before it is written who comes', async () => {
    const root = temporaryBook({});
    const effects = { env: {}, from: root };
    const open = (config: JsonObject) => openReceipt(root, wholeOf({ config, out: 'r' }), effects);
    const [first, second] = [await open({ a: 1 }), await open({ a: 2 })];
    expect([first.file, second.file]).toEqual(['r/run.lock', 'r_2/run.lock']);
    put(root, { 'r/run.lock': 'config: {theirs: 1}\n' });
    expect(await second.finish()).toMatchObject({ file: 'r_2/run.lock' });
    expect(await first.finish()).toMatchObject({ file: 'r_3/run.lock', instead: 'r/run.lock' });
    expect(textOf(root, 'r/run.lock')).toBe('config: {theirs: 1}\n');
  });

  it('takes over what a process claimed that is gone', async () => {
    const root = temporaryBook({});
    const open = () => openReceipt(root, wholeOf({ out: 'r' }), { env: {}, from: root });
    await open();
    const folder = join(root, '.daybook/claims');
    const [name] = readdirSync(folder);
    put(folder, { [name!]: JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), start: 'x' }) });
    vi.resetModules();
    const again = await import('../../../collector/operations/receipts/issue-receipt.ts');
    expect((await again.openReceipt(root, wholeOf({ out: 'r' }), { env: {}, from: root })).file).toBe(
      'r/run.lock',
    );
  });
});
