import { describe, expect, it } from 'vitest';
import { systemClock } from '../../collector/base/clock.ts';

describe('systemClock', () => {
  it('never gives the same microsecond twice and stays with the wall clock', () => {
    const times = Array.from({ length: 50_000 }, () => systemClock.nowUs());
    for (let at = 1; at < times.length; at++) expect(times[at]! > times[at - 1]!).toBe(true);
    expect(times.every(Number.isSafeInteger)).toBe(true);
    // Between two looks at the wall clock, however long this process had to wait in between.
    const before = Date.now();
    const nowMs = systemClock.nowUs() / 1000;
    expect(nowMs).toBeGreaterThan(before - 100);
    expect(nowMs).toBeLessThan(Date.now() + 100);
  });
});
