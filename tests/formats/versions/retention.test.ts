import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetention, type RetainedItem } from '../../../collector/formats/versions/retention.ts';

const hour = 3_600_000_000;
const now = Date.UTC(2026, 5, 15, 12) * 1000;

/** Items every `stepHours` back from now, `count` of them. */
function items(stepHours: number, count: number, pinned: readonly number[] = []): RetainedItem[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `i${n}`,
    atUs: now - n * stepHours * hour,
    pinned: pinned.includes(n),
  }));
}

const kept = (list: readonly RetainedItem[], policy: Parameters<typeof decideRetention>[1]) =>
  decideRetention(list, policy, now)
    .filter(({ keep }) => keep)
    .map(({ id }) => id);

describe('retention', () => {
  it('keeps the newest by count, tagged ones and the newest always', () => {
    expect(kept(items(1, 6, [5]), { count: 3 })).toEqual(['i0', 'i1', 'i2', 'i5']);
    expect(kept(items(1, 3), { ageMs: 1 })).toEqual(['i0']);
  });

  it('keeps by age', () => {
    expect(kept(items(24, 10), { ageMs: 3 * 86_400_000 })).toEqual(['i0', 'i1', 'i2', 'i3']);
  });

  it('thins: all of the last day, one an hour for a week, one a day for a year, tagged for ever', () => {
    const halfHours = items(0.5, 2 * 24 * 400, [2 * 24 * 399]);
    const verdicts = decideRetention(halfHours, { thin: true }, now);
    const ages = verdicts.filter(({ keep }) => keep).map(({ id }) => Number(id.slice(1)) / 2);
    expect(ages.filter((age) => age <= 24)).toHaveLength(49);
    expect(ages.filter((age) => age > 24 && age <= 168)).toHaveLength(144);
    expect(ages.filter((age) => age > 168 && age <= 365 * 24)).toHaveLength(359);
    expect(ages.filter((age) => age > 365 * 24)).toEqual([399 * 24]);
    expect(verdicts.at(-1)).toMatchObject({ keep: false, reason: 'older than a year' });
  });

  it('decides the same about what it left', () => {
    const arbitrary = fc.array(fc.record({ hours: fc.nat(12_000), pinned: fc.boolean() }), { maxLength: 60 });
    const policy = fc.record(
      {
        count: fc.integer({ min: 1, max: 40 }),
        ageMs: fc.integer({ min: 1, max: 4e10 }),
        thin: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(arbitrary, policy, (given, rules) => {
        const list = given.map(({ hours, pinned }, n) => ({ id: `i${n}`, atUs: now - hours * hour, pinned }));
        const left = new Set(kept(list, rules));
        const again = list.filter(({ id }) => left.has(id));
        expect(new Set(kept(again, rules))).toEqual(left);
        for (const { id } of list.filter(({ pinned }) => pinned)) expect(left.has(id)).toBe(true);
        if (list.length > 0) expect(left.size).toBeGreaterThan(0);
      }),
    );
  });
});
