import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import { changedSections } from '../../../collector/base/difference/sections.ts';
import type { JsonValue } from '../../../collector/base/json/json.ts';
import { createOutput } from '../../../collector/cli/output.ts';
import { formatDifferences } from '../../../collector/cli/text/differences.ts';

function show(
  before: JsonValue,
  after: JsonValue,
  more: { full?: boolean; colour?: boolean; isText?: boolean } = {},
): string[] {
  const nowhere = { write: () => undefined };
  const env = more.colour === true ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
  const { palette } = createOutput(nowhere, nowhere, { env, json: false, quiet: false });
  const sections = changedSections(before, after, differences(before, after));
  return formatDifferences(sections, {
    palette,
    width: undefined,
    full: more.full ?? false,
    isText: more.isText ?? false,
  });
}

describe('differences on a terminal', () => {
  const before = {
    rail: { deployment: 'stable', note: 'deployed the api to staging by hand', free: 81.2, region: 'eu' },
    modules: [
      { name: 'core', version: '1.2' },
      { name: 'api', version: '1.0' },
      { name: 'web', version: '1.0' },
    ],
    'odd key': { 'a b': 1 },
    git: { head: 'a', branch: 'main' },
  };
  const after = {
    rail: {
      deployment: 'degraded',
      note: 'deployed the api to production by hand',
      free: 79.9,
      region: 'eu',
    },
    modules: [
      { name: 'web', version: '1.0' },
      { name: 'core', version: '1.3' },
      { name: 'db', version: '2.0' },
    ],
    'odd key': { 'a b': '1' },
    git: { head: 'a', branch: 'main' },
  };

  it('are grouped by section, what is the same is folded into counts', () => {
    expect(show(before, after)).toMatchInlineSnapshot(`
      [
        "rail  3 differences, 1 unchanged",
        "  deployment  stable → degraded",
        "  note        deployed the api to [-staging-]{+production+} by hand",
        "  free        81.2 → 79.9  −1.3 (−1.6 %)",
        "",
        "modules  4 differences, 3 unchanged",
        "  core.version  1.2 → 1.3",
        "  api           − {"name":"api","version":"1.0"}",
        "  db            + {"name":"db","version":"2.0"}",
        "  order         1 of 3 in another place: core from [0] to [1]",
        "",
        "odd key  1 difference",
        "  ["a b"]  1 → "1"",
        "",
        "unchanged: git (2 values)",
      ]
    `);
  });

  it('are struck and coloured only where there are colours', () => {
    const [, line, words] = show(before, after, { colour: true });
    expect(line).toContain('\u001b[2;9mstable\u001b[22;29m');
    expect(line).toContain('\u001b[32mdegraded\u001b[39m');
    expect(words).toContain('to \u001b[2;9mstaging\u001b[22;29m\u001b[32mproduction\u001b[39m by');
  });

  it('cut long values and long lists, and show all with full', () => {
    const long = {
      a: 'x'.repeat(500),
      b: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, at])),
    };
    const short = show({ a: 'short', b: {} }, long);
    expect(short.every((line) => line.length < 200)).toBe(true);
    expect(short.at(-1)).toBe('  … and 40 more differences; --full shows all');
    const full = show({ a: 'short', b: {} }, long, { full: true });
    expect(full.join('\n')).toContain('x'.repeat(500));
    expect(full.filter((line) => / k\d+ /.test(line))).toHaveLength(100);
  });

  it('never let recorded text steer the terminal', () => {
    const hostile = 'red \u001b[31m alert \u202e on the whole line';
    const lines = show(
      { 'k\u001b[2J': hostile, m: ['a\u0007', 'b'] },
      { 'k\u001b[2J': `${hostile}s`, m: ['b', 'a\u0007'] },
    );
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('name lines by their number in texts', () => {
    expect(
      show(['one', 'two of them', 'three'], ['one', 'two of us', 'three', 'four'], { isText: true }),
    ).toEqual([
      'text  2 differences, 2 lines unchanged',
      '  line 2  two of [-them-]{+us+}',
      '  line 4  + four',
    ]);
  });

  it('tell moved lines by their numbers', () => {
    expect(show(['a', 'b', 'c'], ['c', 'a', 'b'], { isText: true })[1]).toBe(
      '  order  1 of 3 in another place: "c" from line 3 to line 1',
    );
    expect(show([1, 2, 3], [3, 1, 2])[1]).toBe('  order  1 of 3 in another place: 3 from [2] to [0]');
  });

  it('list fields that changed as a whole together', () => {
    expect(show({ a: 1, b: 'x', c: { d: 1 } }, { a: 2, c: { d: 2 } })).toEqual([
      '  a  1 → 2  +1 (+100 %)',
      '  b  − x',
      '',
      'c  1 difference',
      '  d  1 → 2  +1 (+100 %)',
    ]);
  });

  it('say nothing of equal values but what was compared', () => {
    expect(show({ a: 1, b: 2 }, { a: 1, b: 2 })).toEqual(['unchanged: a, b (2 values)']);
  });
});
