import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openBook } from '../../../collector/index.ts';
import { readAll, temporaryBook, temporaryFolder } from '../../helpers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('track', () => {
  const fail = (): number => {
    throw new Error('mine');
  };
  it.each<['result' | 'error', () => number]>([
    ['result', () => 7],
    ['error', fail],
  ])('passes the %s of the function on where nothing can be recorded, and warns once', async (kind, work) => {
    const root = temporaryBook({ 'daybook.yaml': '' });
    vi.stubEnv('DAYBOOK_SPOOL', join(temporaryFolder(), 'spool'));
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    mkdirSync(join(root, 'snapshots/action_log.jsonl'));
    const book = await openBook(root);
    const outcome = await book.actions.track('job', { a: 1 }, work).catch((error: Error) => error.message);
    expect(outcome).toBe(kind === 'result' ? 7 : 'mine');
    expect(warn).toHaveBeenCalledTimes(1);
    await expect(book.actions.append({ type: 'plain' })).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringContaining('waits in'),
    });
    rmSync(join(root, 'snapshots/action_log.jsonl'), { recursive: true });
    await book.actions.append({ type: 'next' });
    await book.close();
    const { records } = await readAll(root);
    expect(records.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'job running',
      kind === 'result' ? 'job completed' : 'job failed',
      'plain completed',
      'next completed',
    ]);
  });

  it('records in the log that stands there at the end', async () => {
    const root = temporaryBook({ 'daybook.yaml': '' });
    const book = await openBook(root);
    await book.actions.track('job', {}, () => {
      rmSync(join(root, 'snapshots'), { recursive: true });
      mkdirSync(join(root, 'snapshots'));
      writeFileSync(join(root, 'snapshots/action_log.jsonl'), '');
    });
    await book.close();
    expect((await readAll(root)).records.map(({ status }) => status)).toEqual(['completed']);
  });
});
