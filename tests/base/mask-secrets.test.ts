import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../collector/base/json/json.ts';
import { createMasker } from '../../collector/base/mask-secrets.ts';
import { jsonValue } from '../json-values.ts';

const { mask, suspects } = createMasker();
const random = (length: number) => 'aB3dE5gH7jK9mN1pQ4sT6vX8zC2fR0yW'.repeat(4).slice(0, length);
// In two parts, so that this file itself holds nothing that looks like a token.
const tokens: [string, string][] = [
  ['github token', `gh${'p_'}${random(36)}`],
  ['github token', `github_${'pat_'}${random(40)}`],
  ['gitlab token', `gl${'pat-'}${random(20)}`],
  ['slack token', `xo${'xb-'}123456789012-${random(24)}`],
  ['npm token', `np${'m_'}${random(36)}`],
  ['anthropic key', `sk-${'ant-'}api03-${random(40)}`],
  ['openai key', `sk-${'proj-'}${random(48)}`],
  ['aws key id', `AK${'IA'}IOSFODNN7EXAMPLE`],
  ['google key', `AI${'za'}${random(35)}`],
  ['hugging face token', `h${'f_'}${random(34)}`],
  ['stripe key', `sk_${'live_'}${random(24)}`],
  ['wandb key', `wandb_${'v1_'}${random(40)}`],
  ['json web token', `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxMjM0In0.${random(40)}`],
  ['private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${random(64)}\n-----END RSA PRIVATE KEY-----`],
];

describe('masking', () => {
  it.each(tokens)('knows a %s in any text', (what, token) => {
    const details = { output: [`pushed with ${token} to origin`] };
    expect(suspects(JSON.stringify(details))).toBe(true);
    expect(mask(details)).toEqual({
      output: [`pushed with ‹masked: ${what}› to origin`].map((text) =>
        what === 'private key' ? '‹masked: private key›' : text,
      ),
    });
    expect(mask(`a ${token} b`)).toBe(`a ‹masked: ${what}› b`);
  });

  it.each([
    [{ password: 'hunter2' }, { password: '‹masked: secret›' }],
    [
      { db: { 'Api-Key': 'x1', PIN: 1, userPassword: 1234 } },
      { db: { 'Api-Key': '‹masked: secret›', PIN: 1, userPassword: '‹masked: secret›' } },
    ],
    [
      { secrets: { a: 'x', b: ['y'], c: true } },
      { secrets: { a: '‹masked: secret›', b: ['‹masked: secret›'], c: true } },
    ],
    [
      ['deploy', '--password=hunter2', '--host=a'],
      ['deploy', '--password=‹masked: secret›', '--host=a'],
    ],
    [
      ['deploy', '--api-key', 'abc', 'x'],
      ['deploy', '--api-key', '‹masked: secret›', 'x'],
    ],
    ['run --token abc --force', 'run --token ‹masked: secret› --force'],
    [
      'export NPM_TOKEN=abc; AWS_SECRET_ACCESS_KEY="def" x',
      'export NPM_TOKEN=‹masked: secret›; AWS_SECRET_ACCESS_KEY="‹masked: secret›" x',
    ],
    ['{"client_secret": "abc", "n": 1}', '{"client_secret": "‹masked: secret›", "n": 1}'],
    ['Password: hunter2', 'Password: ‹masked: secret›'],
    ['curl -H "Authorization: Bearer abc.def"', 'curl -H "Authorization: Bearer ‹masked: secret›"'],
    [
      'postgres://app:pa55@db/x and redis://:pa55@db',
      'postgres://app:‹masked: secret›@db/x and redis://:‹masked: secret›@db',
    ],
    [
      { output: ['MIIabc', `-----END ${'PRIVATE'} KEY-----`, 'done'] },
      { output: ['‹masked: private key›', '‹masked: private key›', 'done'] },
    ],
  ] as [JsonValue, JsonValue][])('hides the value in %j', (value, expected) => {
    expect(suspects(JSON.stringify(value))).toBe(true);
    expect(mask(value)).toEqual(expected);
  });

  it.each([
    { max_tokens: 4096, tokens: ['the', 'cat'], tokenizer: 'bpe', token_count: 7 },
    { passed: 12, pass: 'all', key: 'value', monkey: 'see', primary_key: 'id' },
    { password: null, token: true, secret: '', api_key: '$API_KEY' },
    'SyntaxError: Unexpected token: foo in JSON',
    'unexpected token } at 3; token: identifier expected',
    'PASSWORD=$PASSWORD TOKEN={{ secrets.TOKEN }} --password ***',
    'https://example.org/a:b@c and mailto:a@b.org, git@github.com:a/b.git',
    'sk-of-lower-case-words-only-is-a-name, task-skipping and risk-assessment-of-the-whole-project',
    ['npm', 'test', '--', '--token-limit', '5'],
  ] as JsonValue[])('leaves %j alone', (value) => {
    expect(mask(value)).toBe(value);
  });

  it('takes names of the user in keys, options and texts', () => {
    const own = createMasker(['customer.no']);
    const value = { Customer_No: 'K-17', args: ['--customer.no', 'K-17', 'customer.no=K-17'], other: 'K-17' };
    expect(own.suspects(JSON.stringify({ 'customer.no': 1 }))).toBe(true);
    expect(own.mask(value)).toEqual({
      Customer_No: '‹masked: secret›',
      args: ['--customer.no', '‹masked: secret›', 'customer.no=‹masked: secret›'],
      other: 'K-17',
    });
  });

  it('never changes what it was given, masks again without effect, and misses nothing it does not suspect', () => {
    fc.assert(
      fc.property(jsonValue({ maxDepth: 4 }), fc.constantFrom(...tokens), (value, [, token]) => {
        const details = { [token.slice(0, 3)]: value, password: token } as JsonValue;
        const before = JSON.stringify(details);
        const once = mask(details);
        expect(JSON.stringify(details)).toBe(before);
        expect(mask(once)).toEqual(once);
        const text = JSON.stringify(value);
        if (!suspects(text)) expect(mask(value as JsonValue)).toBe(value);
      }),
    );
  });
});
