import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJoined } from '../../../collector/base/json/joined.ts';
import { jsonValue } from '../../json-values.ts';

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const record = fc.dictionary(fc.string(), jsonValue(), { minKeys: 1 }).map((rest) => ({ id: 1, ...rest }));

describe('readJoined', () => {
  it('reads all objects on a line, however they are told apart', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.constantFrom('', ' ', '\t'), (records, between) => {
        const text = records.map((each) => JSON.stringify(each)).join(between);
        expect(readJoined(text, read)).toEqual({
          values: JSON.parse(`[${records.map((one) => JSON.stringify(one))}]`),
          hasRest: false,
        });
      }),
    );
  });

  it('reads the record behind a piece of one and the one before a piece, wherever it was cut', () => {
    const [a, b] = ['{"id":"a","x":{"y":[1,{"z":"{}"}]}}', '{"id":"b","t":"\\"{\\"id\\":1}"}'];
    for (let cut = 1; cut < a.length; cut++) {
      expect(readJoined(a.slice(0, cut) + b, read)).toEqual({ values: [JSON.parse(b)], hasRest: true });
    }
    for (let cut = 1; cut < b.length; cut++) {
      expect(readJoined(a + b.slice(0, cut), read)).toEqual({ values: [JSON.parse(a)], hasRest: true });
    }
  });

  it('takes nothing within a piece for a record of the line', () => {
    for (const text of ['{"id":1,"x":{"y":2}', '{"id":1,"x":[{"y":2},{"y":3}]', '{"a":[{"b":1} ', 'x {', ''])
      expect(readJoined(text, read).values).toEqual([]);
  });

  it('gives up on a line of pieces in time', () => {
    expect(readJoined('{"a'.repeat(300_000), read)).toEqual({ values: [], hasRest: true });
  });
});
