import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { frameOf, isIdentical, layFrame } from '../../../src/data/snapshots/frames.ts';
import { LaidChunk } from '../../../src/data/snapshots/laid-chunk.ts';

const read = (text: string) => parseJson(text) as JsonObject;

/** States that have much in common, with names and numbers of every kind. */
const state = fc
  .dictionary(
    fc.constantFrom('a', 'b', '__proto__', 'c d', '7', 'list', 'constructor'),
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          '1',
          '1.0',
          '9007199254740993',
          '"x"',
          'null',
          '{}',
          '[]',
          '[1,2,3]',
          '[1,3]',
        ),
      },
      {
        weight: 2,
        arbitrary: fc
          .array(fc.constantFrom('1', '2', '{"n":1}', '{"n":2,"m":[]}'), { maxLength: 5 })
          .map((each) => `[${each}]`),
      },
      { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    ),
  )
  .map((members) => `{${Object.entries(members).map(([key, value]) => `${JSON.stringify(key)}:${value}`)}}`);

describe('what differs between a state and the one before it', () => {
  it('lays together to the very text, and leaves the older state alone', () => {
    fc.assert(
      fc.property(state, state, (older, newer) => {
        const [before, after] = [read(older), read(newer)];
        const frame = read(`{"x":${jsonText(frameOf(before, after))}}`)['x'] as never;
        expect(jsonText(layFrame(before, frame))).toBe(jsonText(after));
        expect(jsonText(before)).toBe(jsonText(read(older)));
        expect(isIdentical(before, after)).toBe(jsonText(before) === jsonText(after));
      }),
      { numRuns: 500 },
    );
  });

  it('names places, values, what is gone, and stretches of lists', () => {
    const before = read('{"a":{"x":1,"y":[{"n":1},{"n":2}],"l":[1,2,3,4],"gone":1},"same":[1,2,3,4,5,6]}');
    const after = read(
      '{"a":{"x":2,"y":[{"n":1},{"n":3}],"l":[1,9,8,3,4],"new":{"z":0}},"same":[1,2,3,4,5,6]}',
    );
    expect(frameOf(before, after)).toEqual([
      [['a', 'gone']],
      [['a', 'x'], 2],
      [['a', 'y', 1, 'n'], 3],
      [
        ['a', 'l', [1, 2]],
        [9, 8],
      ],
      [['a', 'new'], { z: 0 }],
    ]);
  });

  it('is the whole state where more than half is another, or its fields stand in another order', () => {
    expect(frameOf(read('{"a":1,"b":2,"c":3}'), read('{"a":2,"b":3,"c":3}'))).toEqual({ a: 2, b: 3, c: 3 });
    const order = read('{"b":1,"a":1,"c":1,"d":1}');
    expect(frameOf(read('{"a":1,"b":1,"c":1,"d":1}'), order)).toBe(order);
  });

  it('takes depth that no stack would bear for one value', () => {
    const deep = (value: string) =>
      read(`{"same":[1,2,3,4],"d":${'['.repeat(450)}${value}${']'.repeat(450)}}`);
    expect(jsonText(layFrame(deep('1'), frameOf(deep('1'), deep('2'))))).toBe(jsonText(deep('2')));
    expect([isIdentical(deep('1'), deep('1')), isIdentical(deep('1'), deep('2'))]).toEqual([true, false]);
  });
});

describe('a chunk of states', () => {
  it('gives any of them, in any order of asking', () => {
    const states = [1, 2, 3, 4, 5].map((n) => read(`{"n":${n},"same":{"a":1,"b":[1,2]},"more":[1,2,3]}`));
    const frames = states.map((one, at) => (at === 0 ? one : frameOf(states[at - 1]!, one)));
    expect(frames.slice(1).every(Array.isArray)).toBe(true);
    const chunk = new LaidChunk({ ids: states.map((_, at) => `s${at}`), frames });
    expect([3, 0, 4, 1, 2].map((at) => chunk.at(at))).toEqual([3, 0, 4, 1, 2].map((at) => states[at]));
    expect(chunk.at(5)).toBeUndefined();
  });
});
