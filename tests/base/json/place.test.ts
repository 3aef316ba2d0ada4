import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonMistake } from '../../../collector/base/json/place.ts';

describe('findJsonMistake', () => {
  it('agrees with JSON.parse about what is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, insert) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + insert + json.slice(place);
        expect(findJsonMistake(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('points at line and column', () => {
    expect(findJsonMistake('{\n  "a": 1,\n  "b": x\n}')).toMatchObject({ line: 3, column: 8 });
  });

  it('shows the place within a long line', () => {
    const place = findJsonMistake(`{"a": "${'x'.repeat(500)}" "b": 1}`)!;
    const [line, caret] = place.excerpt.split('\n');
    expect(line!.length).toBeLessThan(100);
    expect(line![caret!.indexOf('^')]).toBe('"');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
