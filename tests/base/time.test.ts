import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactTime, isoMicros, parseTime, utcText } from '../../collector/base/time.ts';

describe('parseTime', () => {
  it('reads microseconds exactly', () => {
    expect(parseTime('2025-12-22T02:20:57.454420Z')).toEqual({ us: 1766370057454420, zoneless: false });
  });

  it.each([
    ['2026-01-01T10:00:00+02:00', '2026-01-01T08:00:00.000000Z', false],
    ['2026-01-01T10:00:00-0530', '2026-01-01T15:30:00.000000Z', false],
    ['2026-01-01T10:00:00.5Z', '2026-01-01T10:00:00.500000Z', false],
    ['2026-01-01T10:00:00.123456789Z', '2026-01-01T10:00:00.123456Z', false],
    ['2026-01-01 10:00', '2026-01-01T10:00:00.000000Z', true],
    ['2026-01-01T10:00:00.123456', '2026-01-01T10:00:00.123456Z', true],
    ['2026-01-01', '2026-01-01T00:00:00.000000Z', true],
    ['2025-12-31T23:59:60.000000Z', '2026-01-01T00:00:00.000000Z', false],
  ])('reads %s', (text, iso, zoneless) => {
    const parsed = parseTime(text)!;
    expect(isoMicros(parsed.us)).toBe(iso);
    expect(parsed.zoneless).toBe(zoneless);
  });

  it.each([
    '',
    'now',
    '2026-13-01',
    '2026-02-30T00:00:00.000000Z',
    '2026-02-30',
    '2026-01-01T25:00:00Z',
    '2026-01-01T10:61:00.000000Z',
    'Mon Dec  8 09:15:00 UTC 2025',
    '20260602T003000',
    '2026-01-0xT00:00:00.000000Z',
    '0000-00-00T00:00:00.000000Z',
  ])('refuses %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('is the inverse of isoMicros for every microsecond of four centuries', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1800, 0, 1) * 1000, max: Date.UTC(2200, 0, 1) * 1000 }),
        (us) => {
          expect(parseTime(isoMicros(us))).toEqual({ us, zoneless: false });
        },
      ),
    );
  });
});

describe('compactTime', () => {
  it('writes times as ids have them', () => {
    expect(compactTime(1766370057454420)).toBe('20251222_022057_454420');
  });
});

describe('utcText', () => {
  it('writes what toISOString writes, for every time there is', () => {
    const times = fc.date({ noInvalidDate: true });
    fc.assert(fc.property(times, (date) => void expect(utcText(date)).toBe(date.toISOString())));
    for (const year of [-1, 0, 99, 999, 9999, 10_000]) {
      const date = new Date(0);
      date.setUTCFullYear(year);
      expect(utcText(date)).toBe(date.toISOString());
    }
  });
});
