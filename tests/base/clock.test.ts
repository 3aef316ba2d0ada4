import { describe, expect, it } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';

describe('systemClock', () => {
  it('never gives the same microsecond twice and stays with the wall clock', () => {
    const times = Array.from({ length: 50_000 }, () => systemClock.nowUs());
    for (let at = 1; at < times.length; at++) expect(times[at]! > times[at - 1]!).toBe(true);
    expect(times.every(Number.isSafeInteger)).toBe(true);
    expect(Math.abs(systemClock.nowUs() / 1000 - Date.now())).toBeLessThan(100);
  });
});
