import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareNatural } from '../../collector/base/natural-order.ts';

it('orders names of snapshots as a collator with numbers does', () => {
  const collator = new Intl.Collator('en', { numeric: true });
  const name = fc.stringMatching(/^periodic_\d{1,8}_\d{1,6}(_\d{1,30})?([a-z]\d{0,3})?$/);
  fc.assert(
    fc.property(name, name, (a, b) => {
      const order = Math.sign(compareNatural(a, b));
      const expected = collator.compare(a, b);
      // Leading zeros are no difference to the collator.
      if (expected !== 0) expect(order).toBe(expected);
      expect(order).toBe(-Math.sign(compareNatural(b, a)) + 0);
      expect(order === 0).toBe(a === b);
    }),
  );
  expect(['b10', 'b9', 'b', 'a', 'b09'].sort(compareNatural)).toEqual(['a', 'b', 'b09', 'b9', 'b10']);
});
