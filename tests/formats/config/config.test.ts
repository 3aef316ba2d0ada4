import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultConfig, parseConfig } from '../../../collector/formats/config/config.ts';
import { configSchema } from '../../../collector/formats/config/schema.ts';
import { readYamlText } from '../../../collector/formats/yaml/text.ts';
import { jsonValue } from '../../json-values.ts';

/** Config and, per finding, "line path: found -> hint". */
async function read(text: string) {
  const { config, findings } = await parseConfig(text, 'daybook.yaml');
  return {
    config,
    told: findings.map(({ line, path, found, hint }) => `${line} ${path}: ${found} -> ${hint}`),
    expected: findings.map(({ expected }) => expected),
  };
}

const leftOut = 'Correct the value; it is left out until then.';

describe('parseConfig', () => {
  it('gives the defaults for an empty file and one of comments', async () => {
    for (const text of ['', '\n', '# nothing\n', '---\n']) {
      expect(await parseConfig(text, 'daybook.yaml')).toEqual({ config: defaultConfig(), findings: [] });
    }
  });

  it('reads everything a book can say', async () => {
    const { config, told } = await read(`
title: My book
imports: { worker: "time=ts,type=event.name" }
schedule: { cron: "*/30 * * * *", tolerance: 25m }
books: { gpu: ../gpu, here: . }
durability: batch
actionFiles: true
redaction: { keys: [customer_number] }
exec: { sample: 5s }
retention: { count: 500, age: 90d, thin: true }
archive: { by: 64MB, keep: 30d }
sync: { branch: daybook, history: 90d, runs: { metrics: 20 MB, code: true } }
site: { title: Shown, repository: "https://example.org/a/b", snapshotPages: 10, patches: false }
probes:
  - { name: load, command: [node, -v], timeout: 5s }
  - { name: version, file: version.json, as: text }
  - { name: data, glob: "data/**" }
`);
    expect(told).toEqual([]);
    expect(config).toEqual({
      title: 'My book',
      books: [
        { name: 'gpu', folder: '../gpu' },
        { name: 'here', folder: '.' },
      ],
      alerts: { afterAction: false, rules: [] },
      trends: { by: [], better: {}, fields: [] },
      budgets: [],
      imports: { worker: { time: 'ts', type: 'event.name' } },
      schedule: { kind: 'cron', cron: '*/30 * * * *', toleranceMs: 1_500_000 },
      durability: 'batch',
      actionFiles: true,
      redaction: { keys: ['customer_number'] },
      mayPublish: [],
      receipts: { environment: [], dirty: 'allow' },
      exec: { sampleMs: 5000 },
      runs: { exclude: [], places: [], deleted: false },
      retention: { count: 500, ageMs: 90 * 86_400_000, thin: true },
      archive: { by: 64_000_000, keepMs: 30 * 86_400_000 },
      sync: {
        branch: 'daybook',
        historyMs: 90 * 86_400_000,
        runs: { metricsBytes: 20_000_000, code: true },
      },
      site: {
        badges: [],
        leaveOut: [],
        title: 'Shown',
        repository: 'https://example.org/a/b',
        snapshotPages: 10,
        runPages: 1000,
        versionPages: 500,
        patches: false,
        fileProtocol: true,
      },
      probes: [
        { name: 'load', kind: 'command', command: ['node', '-v'], as: undefined, timeoutMs: 5000 },
        { name: 'version', kind: 'file', file: 'version.json', as: 'text', timeoutMs: 10_000 },
        { name: 'data', kind: 'glob', glob: ['data/**'], timeoutMs: 10_000 },
      ],
    });
  });

  it('reads the template that init writes, as it is and with every comment of a setting removed', async () => {
    const template = readFileSync(new URL('../../../templates/daybook.yaml', import.meta.url), 'utf8');
    expect((await read(template)).told).toEqual([]);
    const all = template.replace(/^# (?=( *- | +)?[A-Za-z]+: ?\S*|[a-z]+:$)/gm, '');
    const yaml = all
      .split('\n')
      .filter((text) => /^\s*(#|$|- \w+:|\w+:)/.test(text))
      .join('\n');
    const { told, config } = await read(yaml);
    expect(told).toEqual([]);
    expect(config.probes.length).toBeGreaterThan(1);
  });

  it('names the setting that was meant, with its line, and uses the rest', async () => {
    const { config, told } = await read(
      'titel: x\nsite:\n  snapshotpages: 3\ndurability: synk\nactionFiles: true\n',
    );
    expect(told).toEqual([
      '1 titel: "titel" -> Did you mean "title"?',
      '3 site.snapshotpages: "snapshotpages" -> Did you mean "snapshotPages"?',
      '4 durability: "synk" -> Did you mean "sync"?',
    ]);
    expect(config).toEqual({ ...defaultConfig(), actionFiles: true });
  });

  it('leaves out what is wrong in a list and keeps its neighbours, with lines of the text as it stands', async () => {
    const { config, told } = await read(`probes:
  - { name: a, command: x, timeout: 10x }
  - 7
  - { name: git, file: x }
  - { name: b, file: x, glob: y }
  - { nme: c, file: z }
  - { name: a, glob: "*" }
  - { name: d, glob: "*", as: json }
  - { name: 1x, file: z }
  - { name: e, file: z }
`);
    expect(config.probes.map(({ name }) => name)).toEqual(['a', 'e']);
    expect(config.probes[0]?.timeoutMs).toBe(10_000);
    expect(told.map((text) => text.split(':')[0])).toEqual([
      '2 probes[0].timeout',
      '3 probes[1]',
      '4 probes',
      '5 probes[3]',
      '6 probes[4].nme',
      '6 probes[4].name',
      '7 probes',
      '8 probes[6]',
      '9 probes[7].name',
    ]);
    expect(told[2]).toContain('"git", which is a built-in section');
    expect(told[6]).toContain('"a", which is used twice');
  });

  it.each([
    ['schedule: "61 * * * *"', 'an interval or a cron expression (Invalid value for minute: 61)'],
    ['schedule: 10s', 'an interval or a cron expression (an interval shorter than a minute)'],
    ['schedule: { every: 1h, cron: "* * * * *" }', 'either cron or every'],
    ['schedule: {}', 'either cron or every'],
    ['schedule: [1]', 'an interval, a cron expression, or a map with cron or every'],
    ['site: { repository: "javascript:alert(1)" }', 'an http(s) address'],
    ['site: { snapshotPages: 0 }', 'at least 1'],
    ['site: { runPages: 0 }', 'at least 1'],
    [
      'site: { address: "example.org/a" }',
      'the http(s) address of the folder that the dashboard is published in',
    ],
    [
      'site: { address: "https://a@example.org/" }',
      'the http(s) address of the folder that the dashboard is published in',
    ],
    ['site: { leaveOut: [feed] }', 'one of badges, feeds, markdown, image, sitemap'],
    ['site: { badges: [{ field: a, metric: b }] }', 'exactly one of field, metric and action'],
    ['exec: { sample: 10ms }', 'a duration from "1s" to "1h", such as "5s"'],
    ['receipts: { environment: ["A B"] }', 'the name of an environment variable'],
    ['runs: { exclude: [1] }', 'a value of type string'],
    ['retention: { count: 0 }', 'at least 1'],
    ['retention: { age: soon }', 'a duration such as "10s" or "30 minutes"'],
    ['retention: { thin: sometimes }', 'a value of type boolean'],
    ['retention: { counts: 1 }', 'a setting Daybook knows'],
    ['site: 5', 'a value of type object'],
    ['title: ""', 'some text'],
    ['- a', 'a map of settings'],
    ['just words', 'a map of settings'],
  ])('refuses %s and says what was expected', async (text, expected) => {
    const { config, expected: said } = await read(text);
    expect(said).toEqual([expected]);
    expect(config).toEqual(defaultConfig());
  });

  it('tells a key given twice, a tag and broken YAML, each with its line', async () => {
    expect((await read('title: a\ntitle: b\n')).told).toEqual([
      `2 undefined: the key "title" is given twice, first in line 1 -> Correct this place; what could be read of the rest is used.`,
    ]);
    expect((await read('title: !!js/function x\n')).told[0]).toMatch(/^1 undefined: Unresolved tag/);
    expect((await read('title: a\nsite: [\n')).told.join('\n')).toMatch(
      /^2 undefined: the bracket \[ is not closed/m,
    );
    expect((await read('title: 5\n')).told).toEqual([`1 title: 5 -> ${leftOut}`]);
  });

  it('does not let keys of the prototype through', async () => {
    const { config, told } = await read('__proto__: { title: x }\nconstructor: 1\n');
    expect(told).toHaveLength(2);
    expect(config.title).toBeUndefined();
    expect(({} as { title?: string }).title).toBeUndefined();
  });

  it('never fails, whatever the text, and finds nothing wrong without saying so', async () => {
    const keys = fc.constantFrom(
      'title',
      'schedule',
      'probes',
      'site',
      'durability',
      'actionFiles',
      'redaction',
      'x',
      '__proto__',
    );
    const value = jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, value, { noNullPrototype: true }), async (settings) => {
        const { config, findings } = await parseConfig(JSON.stringify(settings), 'd');
        const isDefault = JSON.stringify(config) === JSON.stringify(defaultConfig());
        if (findings.length === 0) expect(configSchema.safeParse(settings).success).toBe(true);
        if (findings.length === 0 && isDefault)
          expect(Object.values(settings).every((one) => !isSetting(one))).toBe(true);
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => void (await parseConfig(text, 'd'))),
      { numRuns: 150 },
    );
  });
});

/** Whether a value says something: {} and [] and the default values do not. */
function isSetting(value: unknown): boolean {
  return typeof value === 'string' && value !== 'os';
}

describe('hostile YAML', () => {
  const many = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join('');
  const laughs = `a: &a [x,x]\n${many(30, (i) => `k${i}: &k${i} [*${i === 0 ? 'a' : `k${i - 1}`},*${i === 0 ? 'a' : `k${i - 1}`}]\n`)}`;
  it.each([
    ['quotes', '"'.repeat(100_000)],
    ['anchors', many(15_000, (i) => `- &a${i} x\n`)],
    ['keys', many(15_000, (i) => `k${i}: x\n`)],
    ['nesting in flow', '['.repeat(100_000)],
    ['nesting in a line', '? '.repeat(50_000)],
    ['nesting in blocks', many(500, (i) => `${' '.repeat(i)}a:\n`)],
    ['laughs', laughs],
    ['size', 'x'.repeat(300_000)],
  ])('is over in seconds: %s', (_name, text) => {
    const before = process.cpuUsage();
    readYamlText(text);
    // What it computes itself: other programs on the machine may take any time.
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  });

  it('is refused for size, depth and aliases, with the reason', () => {
    expect(readYamlText(laughs).problems[0]?.message).toMatch(/alias/i);
    expect(readYamlText('['.repeat(100)).problems[0]?.message).toMatch(/64 levels/);
    expect(readYamlText('x'.repeat(300_000)).problems[0]?.message).toMatch(/256 KiB/);
  });

  it('keeps large numbers exact, words as words and dates as text', () => {
    expect(
      readYamlText('a: 12345678901234567890\nb: no\nc: 2026-01-06T11:29:03Z\nd: .nan\ne: 0o17\n').value,
    ).toEqual({
      a: '12345678901234567890',
      b: 'no',
      c: '2026-01-06T11:29:03Z',
      d: 'NaN',
      e: 15,
    });
  });
});

describe('the schema', () => {
  it('describes every setting and becomes JSON Schema', () => {
    const schema = z.toJSONSchema(configSchema) as { properties: Record<string, { description?: string }> };
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, { description?: string }> };
      for (const [name, child] of Object.entries(properties ?? {}))
        if (!child.description) undescribed.push(`${path}.${name}`);
      for (const [name, child] of Object.entries(node)) visit(child, `${path}.${name}`);
    };
    visit(schema, '');
    expect(undescribed).toEqual([]);
    expect(Object.keys(schema.properties)).toEqual([
      'title',
      'schedule',
      'probes',
      'durability',
      'actionFiles',
      'redaction',
      'receipts',
      'exec',
      'runs',
      'retention',
      'archive',
      'sync',
      'alerts',
      'trends',
      'budgets',
      'imports',
      'site',
      'books',
    ]);
  });
});

describe('redaction', () => {
  it.each([
    ['redaction: off', 'off', 0],
    ['redaction: on', { keys: [] }, 0],
    ['redaction:\n  keys: [customer_number]', { keys: ['customer_number'] }, 0],
    ['redaction: maybe', { keys: [] }, 1],
    ['redaction:\n  kyes: [a]', { keys: [] }, 1],
    ['redaction: {mask: off, allow: [github-token]}', 'off', 0],
    ['redaction: {allow: [runs/old/**]}', { keys: [] }, 0],
  ])('%j is read, and a mistake in it leaves masking on', async (text, redaction, findings) => {
    const read = await parseConfig(text, 'daybook.yaml');
    expect(read.config.redaction).toEqual(redaction);
    expect(read.findings).toHaveLength(findings);
  });

  it('names what a build may publish', async () => {
    const { config } = await parseConfig(
      'redaction: {mask: off, allow: [github-token, old/**]}',
      'daybook.yaml',
    );
    expect(config.mayPublish).toEqual(['github-token', 'old/**']);
    expect((await parseConfig('redaction: off', 'daybook.yaml')).config.mayPublish).toEqual([]);
  });
});
