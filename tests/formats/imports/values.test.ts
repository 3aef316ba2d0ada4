import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewOf, timeUs, valueAt } from '../../../collector/formats/imports/values.ts';

describe('times of other programs', () => {
  const us = Date.UTC(2025, 11, 8, 9, 15) * 1000;

  it('are read as people and programs write them', () => {
    for (const text of [
      '2025-12-08T09:15:00Z',
      '2025-12-08 09:15:00',
      'Mon Dec  8 09:15:00 UTC 2025',
      'Mon, 08 Dec 2025 09:15:00 GMT',
      'Mon Dec 08 2025 09:15:00 GMT+0000 (Coordinated Universal Time)',
      'epoch:1765185300',
      '1765185300',
    ])
      expect(timeUs(text), text).toBe(us);
  });

  it('are numbers whose size tells their unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }), (seconds) => {
        for (const unit of [1, 1e3, 1e6]) expect(timeUs(seconds * unit)).toBe(seconds * 1e6);
        expect(timeUs(`${seconds}000000000`)).toBe(seconds * 1e6);
      }),
    );
  });

  it('are not made of what leaves the time open', () => {
    for (const value of ['yesterday', '12:30', '2025', 'May 2025', 7, -1, null, true, {}, [], '']) {
      expect(timeUs(value), JSON.stringify(value)).toBeUndefined();
    }
  });
});

it('members are found by their whole name first, then by their path', () => {
  expect(valueAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
  expect(valueAt({ a: { b: 2 } }, 'a.b')).toBe(2);
  expect(valueAt({ a: 'text' }, 'a.length')).toBeUndefined();
  expect(valueAt({}, 'constructor')).toBeUndefined();
});

it('previews say how long the text is', () => {
  expect(previewOf('abcdef', 3)).toBe('abc… (6 characters)');
});
