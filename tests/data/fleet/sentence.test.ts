import { describe, expect, it } from 'vitest';
import { fleetAge } from '../../../src/data/fleet/age.ts';
import { fleetHeadline } from '../../../src/data/fleet/sentence.ts';
import type { FleetBook } from '../../../src/data/fleet/types.ts';
import { failingBook, fleetOf, nowUs, silentBook, someBook, unreadBook } from './some-fleet.ts';

const saidOf = (...books: FleetBook[]) => fleetHeadline(fleetOf(...books)).sentence;

describe('the first sentence of several books', () => {
  it('says the worst two things, the silent book by its name', () => {
    const { sentence, facts } = fleetHeadline(
      fleetOf(
        silentBook('build-box', 6),
        failingBook('gpu', 2),
        failingBook('site', 1),
        someBook('a'),
        someBook('b'),
      ),
    );
    expect(sentence).toBe('build-box has been silent since Nov 21, 12:30; 2 of 5 books have failures.');
    expect(facts).toEqual(['2 of 5 books are well.', '12 actions yesterday and today, 3 failed.']);
  });

  it('says before all others which could not be read', () => {
    expect(saidOf(unreadBook('gone'), silentBook('box', 1), failingBook('gpu'))).toBe(
      'gone could not be read; box has been silent since Nov 26, 12:30.',
    );
    expect(saidOf(unreadBook('gone'), unreadBook('lost'), someBook('a'))).toBe(
      '2 of 3 books could not be read; a is well.',
    );
  });

  it('keeps a book that takes no snapshots apart from one that records nothing', () => {
    expect(saidOf(silentBook('box', 1, true))).toBe('box has taken no snapshot since Nov 26, 12:30.');
    expect(saidOf(silentBook('a', 1, true), silentBook('b', 2), someBook('c'))).toBe(
      '2 of 3 books are silent or take no snapshots; c is well.',
    );
    expect(saidOf(silentBook('a', 1), silentBook('b', 2))).toBe('All 2 books are silent.');
  });

  it('says that all are well only where they are', () => {
    expect(saidOf(someBook('a'), someBook('b'), someBook('c'))).toBe('All 3 books are well.');
    expect(saidOf(someBook('a'))).toBe('a is well.');
    expect(saidOf(someBook('a', { state: 'empty' }), someBook('b'))).toBe(
      'a has recorded nothing yet; b is well.',
    );
    expect(saidOf()).toBe('No books.');
  });

  it('counts nothing where nothing was done', () => {
    expect(fleetHeadline(fleetOf(silentBook('a', 3))).facts).toEqual([
      'No action was recorded yesterday or today.',
    ]);
  });

  it('says nothing of what books did or did not do that could not be read', () => {
    const factsOf = (...books: FleetBook[]) => fleetHeadline(fleetOf(...books)).facts;
    expect(factsOf(silentBook('a', 3), unreadBook('b'))).toEqual([
      'No action was recorded yesterday or today in the books that could be read.',
    ]);
    expect(factsOf(someBook('a'), unreadBook('b'))).toEqual([
      '3 actions yesterday and today in the books that could be read, none failed.',
    ]);
    expect(factsOf(unreadBook('b'))).toEqual([]);
  });
});

describe('the age of their page', () => {
  it('is too great as soon as that of one of them is', () => {
    const due = { builtAtUs: nowUs, staleAtUs: nowUs + 20e6, dueAtUs: nowUs + 10e6 };
    const books = [someBook('a'), someBook('b', { age: due }), unreadBook('c')];
    expect(fleetAge(fleetOf(...books))).toEqual(due);
    expect(fleetAge(fleetOf(unreadBook('c')))).toEqual({
      builtAtUs: nowUs,
      staleAtUs: nowUs + 2 * 86_400e6,
      dueAtUs: undefined,
    });
  });
});
