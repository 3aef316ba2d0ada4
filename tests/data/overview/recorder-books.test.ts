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
});
