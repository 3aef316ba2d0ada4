import { appendFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DaybookBook, openBook } from '../../collector/index.ts';
import { temporaryFolder } from '../helpers.ts';

describe('book.actions.list', () => {
  it('shows an action once, by its newest line, and as many actions as were asked for', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'snapshots'));
    const book = await openBook(root);
    await book.actions.append({ type: 'first' });
    await book.actions.track('build', {}, () => undefined);
    await expect(
      book.actions.track('test', {}, () => {
        throw new Error('red');
      }),
    ).rejects.toThrow('red');
    const shown = (await book.actions.list()).map(({ type, status }) => `${type} ${status}`);
    expect(shown).toEqual(['test failed', 'build completed', 'first completed']);
    expect(await book.actions.list({ limit: 2 })).toHaveLength(2);
    await book.close();
  });
});

describe('a book', () => {
  it('hands out what is wrong with the lines of a list, to those who ask', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'snapshots'));
    await using book = await openBook(root);
    await book.actions.append({ type: 'first' });
    appendFileSync(join(root, 'snapshots/action_log.jsonl'), '{"not": whole\n');
    const findings: string[] = [];
    const shown = await book.actions.list({ report: ({ code }) => findings.push(code) });
    expect([shown.length, findings]).toEqual([1, ['broken-json']]);
  });

  it('closes by itself where it is no longer in use', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'snapshots'));
    let closed: DaybookBook;
    {
      await using book = await openBook(root);
      await book.ledger.allocate('train');
      closed = book;
    }
    // What waits in the journal of the ledger has been folded in.
    expect(readdirSync(root).filter((name) => name.includes('journal'))).toEqual([]);
    expect(await closed.periodic.list({ limit: 1 })).toEqual([]);
    expect(await closed.periodic.latest()).toBeUndefined();
  });
});
