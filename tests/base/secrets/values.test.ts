import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { createMasker } from '../../../collector/base/mask-secrets.ts';

const { mask, suspects } = createMasker();
const note = '‹masked: secret›';

// References of shells and workflows, on purpose as they are written there.
const dollar = '$';

describe('placeholders', () => {
  it.each([
    '$NAME',
    `${dollar}{NAME}`,
    `${dollar}{oc.env:NAME}`,
    '***',
    '<name>',
    '<your token>',
    note,
    '{{ x }}',
    '{{secrets.TOKEN}}',
    '%NAME%',
    `${dollar}{{ secrets.X }}`,
    '$USER:$PASS',
    '$password',
    'null',
    'true',
    '[REDACTED]',
    '…',
  ])('%s stands for a secret and stays', (value) => {
    const all = { password: value, list: ['--token', value], text: `password: ${value}\nAPI_KEY="${value}"` };
    expect(mask(all)).toBe(all);
  });

  it.each([
    '$ecret!',
    '$ecret',
    '$Passw0rd',
    '(brackets)',
    '*star*',
    '%percent',
    '{curly',
    '{curly}',
    '<3you',
    '<a><b>',
    '‹odd',
    '***x',
    `${dollar}{TOKEN:-hunter2}`,
    '$A$b!',
    '{{x}}y',
    '<name>x',
    '$(cat key)',
    '%NAME%x',
    `${note}x`,
  ])('%s only begins like one and goes', (value) => {
    expect(mask({ password: value })).toEqual({ password: note });
    expect(mask(['--token', value])).toEqual(['--token', note]);
    expect(mask(`secret="${value}" x`)).toBe(`secret="${note}" x`);
    expect(mask(`password: ${value}`)).toBe(`password: ${note}`);
  });
});

describe('a value ends where its quotes or its line end', () => {
  it.each([
    ['DB_PASSWORD=correct horse, battery; staple', `DB_PASSWORD=${note}`],
    ['A=1\nDB_PASSWORD=a b & c\nB=2', `A=1\nDB_PASSWORD=${note}\nB=2`],
    ['PASSWORD=$PASSWORD ./run.sh', 'PASSWORD=$PASSWORD ./run.sh'],
    ['export TOKEN="a, b" && next', `export TOKEN="${note}" && next`],
    [`TOKEN='it'\\''s' next`, `TOKEN=${note} next`],
    ['SECRET_KEY="a\\"b c" next', `SECRET_KEY="${note}" next`],
    ['x --password a\\ b c', `x --password ${note} c`],
    ['--token=a,b;c d', `--token=${note} d`],
    ['run --token abc && run --password=def; x', `run --token ${note} && run --password=${note}; x`],
    ['https://h/p?token=a,b&n=1#top', `https://h/p?token=${note}&n=1#top`],
    ['Server=x;Password=a b, c;Database=y', `Server=x;Password=${note};Database=y`],
    ['password: a, b c # d', `password: ${note}`],
    ["password: 'it''s a' # c", `password: '${note}' # c`],
    ['  - {user: bob, password: abc, n: 1}', `  - {user: bob, password: ${note}, n: 1}`],
    ['password: |\n  one\n  two\nuser: bob', `password: |\n  ${note}\nuser: bob`],
    ['secrets:\n- one\n- two\nuser: bob', `secrets:\n${note}\nuser: bob`],
    ['X-Api-Key: a, b', `X-Api-Key: ${note}`],
    ['Cookie: a=b; c=d\nHost: h', `Cookie: ${note}\nHost: h`],
    ['curl -H "X-Api-Key: a, b" https://x', `curl -H "X-Api-Key: ${note}" https://x`],
    ["curl -H 'Authorization: Basic a b' x", `curl -H 'Authorization: Basic ${note}' x`],
    ['"--token", "a, b", "c"', `"--token", "${note}", "c"`],
    [`{'password': 'a, "b"', 'n': 1}`, `{'password': '${note}', 'n': 1}`],
    [
      '{"password": 1234, "secrets": {"a": ["x"]}, "n": 1}',
      `{"password": "${note}", "secrets": "${note}", "n": 1}`,
    ],
    ['<password>a b</password>', `<password>${note}</password>`],
    ['<add key="ApiKey" value="a b"/>', `<add key="ApiKey" value="${note}"/>`],
    [
      '- name: DB_PASSWORD\n  value: a b\n- name: X\n  value: y',
      `- name: DB_PASSWORD\n  value: ${note}\n- name: X\n  value: y`,
    ],
    ['machine h login bob password a,b', `machine h login bob password ${note}`],
    ["ALTER USER bob PASSWORD 'a b';", `ALTER USER bob PASSWORD '${note}';`],
    ["config['password'] = 'a b'", `config['password'] = '${note}'`],
    ['https://s3cr3tT0k3nVal@host/x', `https://${note}@host/x`],
    ['https://s3cr3tT0k3nVal:x-oauth-basic@host/x', `https://${note}:x-oauth-basic@host/x`],
    ['postgres://u:p@s/s@db/x', `postgres://u:${note}@db/x`],
  ])('%j', (text, expected) => {
    expect(mask(text)).toBe(expected);
    expect(mask(expected)).toBe(expected);
    expect(suspects(text) || text === expected).toBe(true);
  });

  it.each([
    'pass: 12, fail: 0',
    'PASS tests/session.test.ts (12 passed, 3 keys)',
    'PASS: test_abc123.sh',
    'auth: failed for user bob from 10.0.0.1',
    'author=bob compass=n bypass=x session_count=3 keys=a tokens=b authenticated=true monkey=x keyboard=y',
    'primary_key=id sort_key=at max_tokens=4096 pad_token=<pad>',
    'Error: token expired; password required; invalid password for user bob',
    'https://bob@host/x ssh://git@github.com/x http://h:8080/a@b https://jane.doe@h/x',
    'docker run -p 8080:80 image; mysql -u root -p shop; cp -p a b',
  ])('%j holds none', (text) => {
    expect(mask(text)).toBe(text);
  });

  it.each([
    { pass: 12, fail: 0 },
    { pass: 'most', fail: 'few' },
    { pass: '12/14' },
    { auth: 'basic', session: 'morning run 3', session_id: 'train-12' },
    { name: 'DB_HOST', value: 'x' },
  ] as JsonValue[])('%j is ordinary', (value) => {
    expect(mask(value)).toBe(value);
  });

  it.each([
    [{ pass: 'hunter2' }, { pass: note }],
    [
      { auth: 'dXNlcjpwYXNz', session: 's3ss10n-v4lue' },
      { auth: note, session: note },
    ],
    [{ auth: { user: 'bob', password: 'x' } }, { auth: { user: 'bob', password: note } }],
    [{ env: [{ name: 'DB_PASSWORD', value: 'x' }] }, { env: [{ name: 'DB_PASSWORD', value: note }] }],
  ] as [JsonValue, JsonValue][])('%j is not', (value, expected) => {
    expect(mask(value)).toEqual(expected);
  });

  it('whatever the value, in JSON nested up to three times nothing of it is left and the JSON is still JSON', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
        fc.integer({ min: 1, max: 3 }),
        (tail, levels) => {
          const secret = `q7Zw ${tail} 9xKv`;
          let text = JSON.stringify({ n: 1, password: secret, last: 'end' });
          for (let level = 1; level < levels; level++) text = JSON.stringify({ text, after: level });
          let read: Record<string, unknown> = JSON.parse(String(mask(text)));
          expect(JSON.stringify(read)).not.toContain('9xKv');
          for (let level = 1; level < levels; level++) read = JSON.parse(String(read['text']));
          expect(read).toEqual({ n: 1, password: note, last: 'end' });
        },
      ),
    );
  });

  it('masks again without effect', () => {
    const piece = fc.constantFrom(
      'password',
      'token',
      '=',
      ': ',
      '"',
      "'",
      '\\',
      ' ',
      ',',
      ';',
      '&',
      '\n',
      '{',
      '}',
      'x9',
      '$A',
      '<b>',
      '://',
      '@',
      '--',
      'curl -u a:b',
      'auth',
      note,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const once = mask(pieces.join(''));
        expect(mask(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile texts of a megabyte', () => {
  const pieces = [
    'token',
    'eyJ',
    '-eyJ',
    '://a:',
    '://',
    'password=',
    'password: ',
    'auth: ok ',
    '"password": [',
    '"secret":{',
    '-----BEGIN PRIVATE KEY-----',
    'a-',
    '--token ',
    'sk-',
    'curl ',
    'curl -u ',
    '\\',
    '\\"',
    '"',
    "'",
    ' ',
    '-',
    '.',
    '<password>',
    'SG.',
    'secrets:\n  ',
    '{{',
    '$',
    '‹',
    'sig=',
    'hooks.slack.com/services/',
    'name: token\n',
    '=',
    '&token=',
    ';Password=',
    'x@',
    'Bearer ',
  ];
  it.each(pieces)('%j again and again come to an end', (piece) => {
    // Quadratic time would be minutes: the limit of a test says no to that.
    expect(typeof mask(`key ${piece.repeat(1_000_000 / piece.length)}`)).toBe('string');
  });
});
