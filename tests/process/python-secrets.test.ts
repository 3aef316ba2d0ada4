import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../collector/base/json/json.ts';
import { createMasker } from '../../collector/base/mask-secrets.ts';
import { commandRules } from '../../collector/base/secrets/commands.ts';
import { nameRules } from '../../collector/base/secrets/names.ts';
import { secretShapes } from '../../collector/base/secrets/shapes.ts';
import { expandExample } from '../base/secrets/expand-example.ts';
import { temporaryFolder } from '../helpers.ts';
import { python, runPython } from './python.ts';

const script = `
import json, sys
from daybook._secrets import Masker
given = json.load(sys.stdin)
masker = Masker(given["names"])
print(json.dumps([[masker.mask(each), masker.mask_texts(each)] for each in given["values"]]))
`;

// A reference as shells write it.
const dollar = '$';
const pieces = [
  `${dollar}{A}`,
  ...nameRules.flatMap(({ examples, counterExamples }) => [...examples, ...counterExamples]),
  ...'= : := => " \' ` \\ \\" \\n , ; & { } [ ] < > | - -- -p ? # @ :// ://u:p@h / $A ‹masked: secret›'.split(
    ' ',
  ),
  ...[
    '\n',
    '\n  ',
    ' ',
    '  ',
    '\t',
    'x9',
    'hunter2',
    'q7Zw9xKv0123',
    '12',
    'basic',
    'morning run',
    'null',
    '***',
  ],
  ...[
    'curl -u a:b',
    'docker login -p pw',
    'export ',
    '"name": ',
    '"value": "v"',
    '<password>',
    'Cookie',
    'Bearer ',
  ],
  ...['customer number', 'ümlaut', '𝒳', '\u00a0', '---', '# ', '- ', "b'", 'f"', '""', "'''"],
];

/** Everything that the tables of the collector say, texts put together at random, and values of every kind around them. */
function values(): JsonValue[] {
  const fixed = [
    ...secretShapes.flatMap(({ example, counterExample }) => [example, counterExample].map(expandExample)),
    ...commandRules.flatMap(({ example, counterExample }) => [example, counterExample]),
  ];
  const texts = fc.sample(
    fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((all) => all.join('')),
    { numRuns: 3000, seed: 7 },
  );
  const member = fc.constantFrom<JsonValue>(
    'hunter2',
    'basic',
    12,
    1.5,
    true,
    null,
    '',
    '$TOKEN',
    ['a', 'b'],
    { a: 'x' },
  );
  const names = pieces.filter((piece) => /^\w/.test(piece));
  const objects = fc.sample(fc.dictionary(fc.constantFrom(...names, 'fail', 'name', 'value'), member), {
    numRuns: 1500,
    seed: 8,
  });
  const lists = fc.sample(
    fc.array(fc.constantFrom('--token', '-p', 'mysql', 'abc', '--pass', 'x=y', ...fixed.slice(0, 4)), {
      maxLength: 6,
    }),
    { numRuns: 500, seed: 9 },
  );
  const around = fixed.map((each) => ({ text: `see ${each} there`, [each]: { deep: [each] } }));
  return [...fixed, ...texts, ...objects, ...lists, ...around];
}

describe.skipIf(python === undefined)('secrets, from Python (skipped without python3)', () => {
  it.each([[[]], [['customer number', 'Kd-Nr.']]])(
    'are masked as the collector masks them, with names %j',
    (names) => {
      const given = values();
      const masked = JSON.parse(
        runPython(['-c', script], {
          cwd: temporaryFolder(),
          input: JSON.stringify({ names, values: given }),
        }),
      ) as JsonValue[][];
      const { mask, maskTexts } = createMasker(names);
      const wrong = given
        .map((value, at) => ({ value, python: masked[at], ours: [mask(value), maskTexts(value)] }))
        .filter(({ python: theirs, ours }) => JSON.stringify(theirs) !== JSON.stringify(ours));
      expect(wrong.slice(0, 12)).toEqual([]);
      expect(given.some((value, at) => JSON.stringify(value) !== JSON.stringify(masked[at]![0]))).toBe(true);
    },
  );
});
