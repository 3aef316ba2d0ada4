import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDifferences, differences } from '../../../collector/base/difference/difference.ts';
import type { JsonObject, JsonValue } from '../../../collector/base/json/json.ts';
import { isoMicros } from '../../../collector/base/time.ts';
import { countTelling, tellingDifferences } from '../../../src/data/snapshots/telling.ts';

const atUs = Date.UTC(2026, 0, 1) * 1000;
const key = fc.constantFrom('snapshot_id', 'timestamp', 'a', 'x.timestamp', 'name', 'id');
const leaf = fc.constantFrom<JsonValue>(1, 2, 'x', isoMicros(atUs), null);
const value: fc.Memo<JsonValue> = fc.memo((depth) =>
  depth <= 1
    ? leaf
    : fc.oneof(leaf, fc.dictionary(key, value(), { maxKeys: 4 }), fc.array(value(), { maxLength: 4 })),
);
const state: fc.Arbitrary<JsonObject> = fc.dictionary(key, value(3), { maxKeys: 5 });

describe('how many differences there are', () => {
  it('is counted as they are told', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        expect(countDifferences(before, after, () => true)).toBe(differences(before, after).length);
        expect(countTelling(before, after, atUs)).toBe(tellingDifferences(before, after, atUs).length);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves out that time has passed, and no other time', () => {
    const at = (us: number, more: object) =>
      ({ snapshot_id: `s${us}`, timestamp: isoMicros(us), ...more }) as never;
    const [now, later] = [isoMicros(atUs), isoMicros(atUs + 1)];
    const before = at(atUs - 1, { state: { timestamp: 'old' }, other: { timestamp: 'old' } });
    const after = at(atUs, { state: { timestamp: now }, other: { timestamp: later } });
    expect(countTelling(before, after, atUs)).toBe(1);
    expect(tellingDifferences(before, after, atUs).map(({ path }) => path)).toEqual(['other.timestamp']);
  });
});
