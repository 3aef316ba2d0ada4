import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastChangeUs, toldUntilUs } from '../../../src/data/runs/going-on.ts';

const hourUs = 3_600_000_000;
const nowUs = Date.UTC(2026, 10, 28, 4, 27, 23) * 1000 + 292_000;

describe('how far it is told that a run goes on', () => {
  it('is exact for what began a moment ago, and the same for a while for what began long ago', () => {
    const told = (sinceUs: number | undefined) => new Date(toldUntilUs(sinceUs, nowUs) / 1000).toISOString();
    expect(told(nowUs - hourUs)).toBe('2026-11-28T04:27:23.292Z');
    expect(told(nowUs - 24 * hourUs)).toBe('2026-11-28T04:27:00.000Z');
    expect(told(nowUs - 40 * 24 * hourUs)).toBe('2026-11-28T04:00:00.000Z');
    expect(told(nowUs - 2000 * 24 * hourUs)).toBe('2026-11-28T00:00:00.000Z');
    expect(told(undefined)).toBe('2026-11-28T04:27:23.292Z');
    expect(told(nowUs + hourUs)).toBe('2026-11-28T04:27:23.292Z');
  });

  it('is never before the change, and never more than a small part of the time before now', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: nowUs }),
        fc.integer({ min: 1, max: nowUs }),
        (sinceUs, goneUs) => {
          const now = sinceUs + goneUs;
          const told = toldUntilUs(sinceUs, now);
          expect(told).toBeGreaterThan(sinceUs);
          expect(told).toBeLessThanOrEqual(now);
          expect(now - told).toBeLessThanOrEqual(goneUs / 400);
        },
      ),
    );
  });

  it('counts from the last change that its files tell of', () => {
    const change = (atUs: number) => ({ atUs, word: 'running', status: 'running' as const });
    expect(lastChangeUs({ history: [change(3), change(Number.NaN)], startedAtUs: 2 })).toBe(3);
    expect(lastChangeUs({ history: [], startedAtUs: 2 })).toBe(2);
    expect(lastChangeUs({ history: [], startedAtUs: undefined })).toBeUndefined();
  });
});
