import { describe, expect, it } from 'vitest';
import { attention } from '../../../src/data/overview/attention.ts';
import { headline } from '../../../src/data/overview/headline.ts';
import { readBook } from '../../../src/data/reader.ts';
import { temporaryBook } from '../../helpers.ts';
import { nowUs, recorderBooks } from './recorder-books.ts';

describe('the first sentence of a book whose recorder', () => {
  it.each(Object.entries(recorderBooks))('is "%s"', async (_, { files, says }) => {
    const { book } = await readBook(temporaryBook(files()), { nowUs });
    expect(headline(book, attention(book)).sentence).toBe(says);
  });

  it.each([
    ['no snapshot ever', 'No snapshot has been taken since recording began on Nov 22, 00:00'],
    ['clock ahead', 'The newest record is dated 3 days after this build one of the clocks is wrong'],
  ])('stands in what needs attention, too, where it is "%s"', async (name, says) => {
    const { book } = await readBook(temporaryBook(recorderBooks[name]!.files()), { nowUs });
    expect(attention(book).map(({ title, summary }) => `${title} ${summary}`)).toEqual([says]);
  });

  it('is not wrong while nothing is said to need attention', async () => {
    const untold: string[] = [];
    for (const [name, { files }] of Object.entries(recorderBooks)) {
      const { book } = await readBook(temporaryBook(files()), { nowUs });
      const items = attention(book);
      const isWell = /^(?:Working|Nothing recorded yet)/.test(headline(book, items).sentence);
      if (!isWell && items.length === 0) untold.push(name);
    }
    expect(untold).toEqual([]);
  });
});
