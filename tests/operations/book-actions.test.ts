import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../collector/index.ts';
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
    expect(await book.actions.list(2)).toHaveLength(2);
    await book.close();
  });
});
