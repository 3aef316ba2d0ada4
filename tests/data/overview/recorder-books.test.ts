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

  it('stands in what needs attention, too, where none was ever taken', async () => {
    const { book } = await readBook(temporaryBook(recorderBooks['no snapshot ever']!.files()), { nowUs });
    expect(attention(book).map(({ title, summary }) => `${title} ${summary}`)).toEqual([
      'No snapshot has been taken since recording began on Nov 22, 00:00',
    ]);
  });
});
