import { describe, expect, it } from 'vitest';
import { shuffledNumbers } from '../../../bench/sample-documents.ts';
import { countStates, inOrder } from '../../../src/data/fleet/order.ts';
import { failingBook, silentBook, someBook, unreadBook } from './some-fleet.ts';

const asShown = [
  unreadBook('gone'),
  silentBook('older', 9),
  silentBook('newer', 2),
  someBook('never', { state: 'empty' }),
  failingBook('worse', 7),
  failingBook('a-little', 1),
  failingBook('b-little', 1),
  someBook('late', { state: 'uneasy' }),
  someBook('z-look', { toLookAt: 1 }),
  someBook('all'),
  someBook('else'),
];

describe('the order of books', () => {
  it.each([1, 2, 3])('puts those first that need someone, however they were named (%i)', (seed) => {
    const given = shuffledNumbers(asShown.length, seed).map((at) => asShown[at]!);
    expect(inOrder(given).map(({ name }) => name)).toEqual(asShown.map(({ name }) => name));
  });

  it('counts each in one state', () => {
    expect(countStates(asShown)).toEqual({ unread: 1, silent: 2, empty: 1, failing: 3, uneasy: 1, well: 3 });
  });
});
