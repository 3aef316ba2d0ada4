import fc from 'fast-check';

/** Any value that JSON can say and gives back as it was: fast-check's may hold -0, which JSON.stringify writes as 0. */
export function jsonValue(constraints: fc.JsonSharedConstraints = {}): fc.Arbitrary<fc.JsonValue> {
  return fc.jsonValue(constraints).map((value) => JSON.parse(JSON.stringify(value)) as fc.JsonValue);
}
