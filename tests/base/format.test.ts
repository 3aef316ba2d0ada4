import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative, formatSpan } from '../../collector/base/format/duration.ts';
import { formatBytes, formatCount, formatNumber, formatShare } from '../../collector/base/format/number.ts';
import {
  formatClock,
  formatDay,
  formatMoment,
  formatTime,
  formatWeekday,
  isoTime,
} from '../../collector/base/format/time.ts';
import { inWords, plural, shorten } from '../../collector/base/format/words.ts';
import { formatNumber as typedNumber } from '../../collector/cli/text/values.ts';

const us = Date.UTC(2026, 10, 20, 16, 18, 5, 999) * 1000;
const minute = 60_000;

describe('times', () => {
  it('have one fixed form in UTC, and the year where it is not this one', () => {
    expect(formatTime(us)).toBe('2026-11-20 16:18:05');
    expect(formatMoment(us, us)).toBe('Nov 20, 16:18');
    expect(formatMoment(us, us + 365 * 86_400_000_000)).toBe('Nov 20, 2026, 16:18');
    expect(formatDay(us)).toBe('Nov 20, 2026');
    expect(formatWeekday(us)).toBe('Fri 20');
    expect(formatClock(us)).toBe('16:18');
    expect(isoTime(us)).toBe('2026-11-20T16:18:05.999Z');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e18, -9e18])('say so where there is none: %s', (none) => {
    expect(formatTime(none)).toBe('no time');
    expect(formatMoment(none, us)).toBe('no time');
    expect(isoTime(none)).toBeUndefined();
  });

  it.each([
    [0, 'just now'],
    [12 * minute, '12 minutes ago'],
    [60 * minute, '1 hour ago'],
    [47 * 60 * minute, '47 hours ago'],
    [3 * 1440 * minute, '3 days ago'],
    [332 * 1440 * minute, '10 months ago'],
    [3 * 365.25 * 1440 * minute, '3 years ago'],
    [-3 * minute, 'in 3 minutes'],
    [Number.NaN, ''],
  ])('are told from now: %s ms', (ms, said) => {
    expect(formatRelative(us, us + ms * 1000)).toBe(said);
  });
});

describe('amounts', () => {
  it.each([
    [undefined, ''],
    [Number.NaN, ''],
    [0, '0 ms'],
    [850, '850 ms'],
    [12_400, '12.4 s'],
    [59_960, '1 min'],
    [252_000, '4 min 12 s'],
    [12_000_000, '3 h 20 min'],
    [446_400_000, '5 d 4 h'],
    [-850, '−850 ms'],
  ])('of time: %s', (ms, said) => expect(formatDuration(ms)).toBe(said));

  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [4_706_000, '4.71 MB'],
    [81_200_000_000, '81.2 GB'],
    [999_999, '1.00 MB'],
    [undefined, ''],
  ])('of bytes: %s', (bytes, said) => expect(formatBytes(bytes)).toBe(said));

  it('of things, in figures and in words', () => {
    expect(formatCount(4127)).toBe('4,127');
    expect(formatCount(1_000_000)).toBe('1,000,000');
    expect(plural(1, 'snapshot')).toBe('1 snapshot');
    expect(inWords(1, 'thing')).toBe('one thing');
    expect(inWords(12, 'thing')).toBe('12 things');
    expect(formatSpan(3 * 86_400_000)).toBe('3 days');
  });

  it('never round a share up to what it is not', () => {
    expect(formatShare(9999, 10_000)).toBe('99.9 %');
    expect(formatShare(1, 1)).toBe('100 %');
    expect(formatShare(0, 0)).toBe('');
  });

  it('shorten long texts in the middle, whole letters only', () => {
    expect(shorten('short', 10)).toBe('short');
    expect(shorten('abcdefghijklmnop', 10)).toBe('abcdef…nop');
    expect([...shorten('😀'.repeat(5000), 10)]).toHaveLength(10);
  });
});

describe('one meaning in the terminal and on the page', () => {
  it('turns to the next unit before three digits are full', () => {
    expect(formatBytes(999_999)).toBe('1.00 MB');
    expect(formatDuration(90_061_000)).toBe('1 d 1 h');
  });

  it.each([
    [-12_400, '-12400', '−12,400'],
    [0.000_058_714_321, '5.87143e-5', '5.87143e−5'],
    [Number.NEGATIVE_INFINITY, '-Infinity', '−∞'],
    [Number.NaN, 'NaN', 'NaN'],
  ])('has the same digits, and in the terminal signs that can be typed: %s', (value, typed, printed) => {
    expect(typedNumber(value)).toBe(typed);
    expect(formatNumber(value, 6)).toBe(printed);
  });
});
