import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../collector/base/json/json.ts';
import { serializeReceipt } from '../../../collector/formats/receipts/text.ts';
import { readPlainYaml } from '../../../collector/formats/yaml/plain.ts';

describe('serializeReceipt', () => {
  it('writes as PyYAML does', () => {
    expect(
      serializeReceipt({
        schema: 'daybook/receipt/1',
        timestamp: '2026-01-01T10:00:00.000000Z',
        left: undefined,
        config: {
          lr: 1e-7,
          big: 1e21,
          n: 3,
          none: null,
          words: ['yes', '0755', '1e5', '2025-01-01', 'C:\\x', 'a: b', '', ' x', '- a', '🚀', '..'],
          nested: [[1, [2]], { a: 1, b: [] }, {}],
          'key: odd': { 'a\nb': "it's\tone" },
        },
      }),
    ).toMatchInlineSnapshot(`
      "schema: daybook/receipt/1
      timestamp: '2026-01-01T10:00:00.000000Z'
      config:
        lr: 1.0e-7
        big: 1.0e+21
        'n': 3
        none: null
        words:
        - 'yes'
        - '0755'
        - '1e5'
        - '2025-01-01'
        - 'C:\\x'
        - 'a: b'
        - ''
        - ' x'
        - '- a'
        - '🚀'
        - '..'
        nested:
        - - 1
          - - 2
        - a: 1
          b: []
        - {}
        'key: odd':
          "a\\nb": "it's\\tone"
      "
    `);
  });

  it('writes keys longer than readers take on one line of their own', () => {
    const key = `${'long/'.repeat(60)}name.png`;
    for (const value of [1, { a: [1] }, [{ b: 2 }, 3], [], 'text'] as JsonValue[]) {
      const document = { files: { [key]: value, other: [{ [key]: value, z: 1 }] } };
      const { value: back, troubles } = readPlainYaml(serializeReceipt(document));
      expect({ back, troubles }).toEqual({ back: document, troubles: [] });
    }
  });

  it('writes again as it stood what JSON cannot hold', () => {
    const text =
      'config:\n  seed: 18446744073709551615\n  one: 1.0\n  none: .nan\n  day: 2026-01-01\n  list:\n  - -.inf\n';
    expect(serializeReceipt(readPlainYaml(text).value as JsonObject)).toBe(text);
  });

  it('survives writing and reading', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { value, troubles } = readPlainYaml(serializeReceipt(document));
        expect(troubles).toEqual([]);
        expect(JSON.stringify(value)).toBe(JSON.stringify(document));
      }),
    );
  });

  const hasPython = spawnSync('python3', ['-c', 'import yaml']).status === 0;
  it.skipIf(!hasPython)('means the same to PyYAML', () => {
    const documents = fc.sample(anyDocument, { numRuns: 150, seed: 7 });
    const script =
      'import json,sys,yaml\nfor t in json.load(sys.stdin): print(json.dumps(yaml.safe_load(t)))';
    const input = JSON.stringify(documents.map((document) => serializeReceipt(document)));
    const printed = execFileSync('python3', ['-c', script], { input, encoding: 'utf8' });
    const loaded = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonValue);
    expect(loaded).toEqual(documents);
  });
});

const oddText = fc.oneof(
  fc.constantFrom(
    'yes',
    'No',
    '~',
    'null',
    '0x1F',
    '1_0',
    '1:30',
    '.5',
    '-',
    '? a',
    '=',
    '<<',
    '#',
    "'",
    '1e5',
    '0o7',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(' ', '\n', ':', '#', '"', "'", '\\', 'a', '-', '\u2028', '\x85', '\x7f', '\ufeff'),
  }),
);
const anyDocument = fc.dictionary(
  oddText.filter((key) => !/^(0|[1-9]\d*)$/.test(key)),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      oddText,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(oddText, tie('value'), { maxKeys: 4 }),
    ),
  })).value as fc.Arbitrary<JsonValue>,
  { maxKeys: 5 },
);
