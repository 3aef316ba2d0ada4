import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { sha256Hex } from '../../../collector/base/hash.ts';
import { issueReceipt } from '../../../collector/operations/receipts/issue-receipt.ts';
import { readReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { verifyReceipt } from '../../../collector/store/receipts/verify-receipt.ts';
import { run } from '../../cli/run.ts';
import { put, repository } from './repository.ts';

const content = 'a large file\n';
const pointerTo = (text: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256Hex(text)}\nsize ${text.length}\n`;

async function lock(root: string, data: string, manifest = false): Promise<void> {
  await issueReceipt(
    root,
    {
      repos: new Map(),
      data: new Map([['data', data]]),
      previous: [],
      config: {},
      merge: false,
      shadow: false,
      manifest,
      variables: [],
      out: 'r',
    },
    { env: {}, from: root, clock: systemClock },
  );
}

async function verdictOf(root: string) {
  const { entries } = await verifyReceipt(root, readReceipt(root, 'r/run.lock').record!, {});
  const { state, why, files } = entries.find(({ part }) => part === 'data')!;
  return { state, why, files: files.map(({ path }) => path) };
}

describe.each([
  ['a file', 'data/a.bin'],
  ['a folder', 'data'],
])('%s that is recorded while Git LFS has not brought it', (_, data) => {
  const begun = async (text: string) => {
    const root = repository({ 'data/a.bin': text, 'data/b.txt': '2\n' });
    await lock(root, data);
    return root;
  };

  it('names the digest of what is meant, and says that this was not there', async () => {
    const root = await begun(pointerTo(content));
    const { inputs } = readReceipt(root, 'r/run.lock').record!;
    expect(inputs['data']!.pointers).toEqual({ 'a.bin': `sha256:${sha256Hex(content)}` });
    expect(await verdictOf(root)).toMatchObject({
      state: 'unchanged',
      why: 'one Git LFS pointer then and now; what they stand for was not looked at',
    });
  });

  it('is proven by what the pointer names, in both directions', async () => {
    const root = await begun(pointerTo(content));
    put(root, { 'data/a.bin': content });
    expect(await verdictOf(root)).toMatchObject({
      state: 'unchanged',
      why: expect.stringContaining('is there now'),
    });
    put(root, { 'data/a.bin': 'something else\n' });
    expect((await verdictOf(root)).state).toBe('changed');
    const other = await begun(content);
    expect(readReceipt(other, 'r/run.lock').record!.inputs['data']!.pointers).toBeUndefined();
    put(other, { 'data/a.bin': pointerTo(content) });
    expect(await verdictOf(other)).toMatchObject({
      state: 'uncheckable',
      why: expect.stringContaining('run git lfs pull'),
    });
    put(other, { 'data/a.bin': pointerTo('something else\n') });
    expect((await verdictOf(other)).state).toBe('changed');
  });
});

describe('daybook lock --data', () => {
  it('warns of Git LFS pointers, and the receipt holds them', async () => {
    const root = repository({ 'data/a.bin': pointerTo(content) });
    const { exitCode, problem } = await run(root, ['lock', '--data', 'd=data', '--out', 'r']);
    expect(exitCode).toBe(0);
    expect(problem).toContain('d is 1 Git LFS pointer, whose content is not here');
    expect(problem).toContain('git lfs pull');
    expect(readFileSync(join(root, 'r/run.lock'), 'utf8')).toContain('lfs_pointers');
  });
});
