import { describe, expect, it } from 'vitest';
import { createMasker } from '../../../collector/base/mask-secrets.ts';
import { commandRules } from '../../../collector/base/secrets/commands.ts';
import { judgeName, nameRules } from '../../../collector/base/secrets/names.ts';
import { findShapes, hasShape } from '../../../collector/base/secrets/shape-rules.ts';
import { secretShapes } from '../../../collector/base/secrets/shapes.ts';
import { expandExample } from './expand-example.ts';

const { mask, suspects } = createMasker();

describe.each(secretShapes)('the shape $rule', ({ rule, example, counterExample, isSure }) => {
  const note = `‹masked: ${rule.replaceAll('-', ' ')}›`;
  const token = expandExample(example);

  it('is masked wherever it stands, and nothing beside it', () => {
    for (const around of [
      ['', ''],
      ['a ', ' b'],
      ['(', ')'],
      ['x="', '"'],
      ["['", "']"],
    ] as const) {
      const text = around.join(token);
      expect(suspects(text)).toBe(true);
      const clean = String(mask(text));
      expect(clean).toContain(note);
      expect(clean.startsWith(around[0]) && clean.endsWith(around[1])).toBe(true);
      expect(hasShape(clean)).toBe(false);
    }
  });

  it('is masked in JSON within JSON, behind an escaped line break', () => {
    const text = JSON.stringify({ out: JSON.stringify({ line: `first\n${token}\nlast`, n: 1 }) });
    const clean = String(mask(text));
    expect(clean).toContain(note);
    expect(clean).toContain('first');
    if (rule !== 'private-key' && rule !== 'putty-key') expect(JSON.parse(JSON.parse(clean).out).n).toBe(1);
  });

  it('leaves its counter-example alone', () => {
    expect(findShapes(expandExample(counterExample)).map(({ shape }) => shape.rule)).not.toContain(rule);
  });

  it('is found by the look for sure ones where it is one', () => {
    expect(hasShape(token, true)).toBe(isSure);
    // Asked twice, and after each other: looking leaves nothing behind.
    expect([hasShape(token), findShapes(token).length > 0, hasShape(token)]).toEqual([true, true, true]);
  });
});

it('every shape has a name of its own', () => {
  expect(new Set(secretShapes.map(({ rule }) => rule)).size).toBe(secretShapes.length);
});

describe.each(nameRules)('names that end in $endings', ({ verdict, endings, examples, counterExamples }) => {
  it.each(examples)('%s says what stands under it', (name) => {
    expect(judgeName(name, new Set())).toBe(verdict);
    const value = 'q7Zw9k-Secret, and more';
    expect(mask({ [name]: value })).toEqual({ [name]: '‹masked: secret›' });
    expect(mask(`${JSON.stringify({ [name]: value, n: 1 })}`)).toBe(`{"${name}":"‹masked: secret›","n":1}`);
    expect(mask(`--${name} "${value}" next`)).toBe(`--${name} "‹masked: secret›" next`);
    expect(suspects(name)).toBe(true);
  });

  it.each(counterExamples)('%s says nothing', (name) => {
    expect(judgeName(name, new Set())).toBeUndefined();
    const value = {
      [name]: 'x9-value, and more',
      args: [`--${name}`, 'x9'],
      text: `${name}=x9 and "${name}": "x9"`,
    };
    expect(mask(value)).toBe(value);
  });

  it('each ending is one', () => {
    for (const ending of endings) {
      const verdicts = [
        judgeName(ending, new Set()),
        judgeName(`my_${ending}`, new Set()),
        judgeName(`api_${ending}`, new Set()),
      ];
      expect(verdicts, ending).toContain(verdict);
    }
  });
});

describe.each(commandRules)('commands such as $example', ({ example, counterExample }) => {
  it('hide what stands behind the option, in texts and in lists', () => {
    expect(mask(example)).toBe(example.replace('hunter2', '‹masked: secret›'));
    const words = example.split(' ');
    expect(mask(words)).toEqual(words.map((word) => word.replace('hunter2', '‹masked: secret›')));
    expect(suspects(example)).toBe(true);
    expect(suspects(JSON.stringify(words))).toBe(true);
  });

  it('stay where nothing secret is said', () => {
    expect(mask(counterExample)).toBe(counterExample);
    const words = counterExample.split(' ');
    expect(mask(words)).toBe(words);
  });
});
