import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf, namePart, uuidOf } from '../../collector/documents/identity.ts';

describe('names of documents', () => {
  it('are UUIDs of version 5, the same for the same name and others for others', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(uuidOf(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(uuidOf(one) === uuidOf(other)).toBe(one === other);
      }),
    );
    // They stand in files of others: they must not change with a version.
    expect(uuidOf('https://example.org/a\nresults/unet')).toBe('3bfebf8c-39d5-5b71-a0d9-2b96ba652b4e');
  });

  it('have as many digits as asked for, and parts that stay one part of an address', () => {
    expect(hexOf('a', 16)).toMatch(/^[0-9a-f]{16}$/);
    expect(namePart('data/größe #1?.csv')).toBe('data/gr%C3%B6%C3%9Fe%20%231%3F.csv');
  });
});
