// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations are what this file is about.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasMembers, type JsonObject, type JsonValue } from '../../../collector/base/json/json.ts';
import { resolveConfig } from '../../../collector/formats/interpolation/resolve.ts';
import { dumpPython, formatFloat, parsePython, toPython } from '../../../collector/formats/python/json.ts';
import { serializeReceipt } from '../../../collector/formats/receipts/text.ts';
import { notationOf } from '../../../collector/formats/yaml/cursor.ts';
import { readPlainYaml } from '../../../collector/formats/yaml/plain.ts';

const variables: Record<string, string> = { DATA_DIR: '/data', EMPTY: '', HOST: 'h-1', NUMBER: '12' };
const known = (name: string) => (Object.hasOwn(variables, name) ? { value: variables[name]! } : 'unset');
const resolve = (config: JsonObject) => resolveConfig(config, known);

interface Case {
  yaml: string;
  value: string;
  resolved?: JsonValue;
  error?: string;
}

describe('resolveConfig beside OmegaConf', () => {
  const path = process.env['DAYBOOK_OMEGACONF_CASES'] ?? fixture('interpolations.json');
  const cases = casesOf(path);

  it('has cases of both kinds', () => {
    expect(cases.filter(({ error }) => error === undefined).length).toBeGreaterThan(60);
    expect(cases.filter(({ error }) => error !== undefined).length).toBeGreaterThan(10);
  });

  it.each(cases)('$value', ({ yaml, value, expected }) => {
    const { config, unresolved } = resolve(readPlainYaml(yaml, true).value as JsonObject);
    const reasons = unresolved.filter(({ place }) => place === 'z').map(({ reason }) => reason);
    if (expected === undefined) {
      expect(reasons.length).toBe(1);
      expect(config['z']).toBe(escaped(value));
    } else {
      expect(reasons).toEqual([]);
      expect(asPython(config, 'z')).toBe(expected);
    }
  });
});

describe('resolveConfig', () => {
  it('keeps the text of what it resolved, and says why something was not', () => {
    const config = { a: { x: '${b}' }, b: [1, '${nope}'], c: 'plain' };
    expect(resolve(config)).toEqual({
      config: { a: { x: '\\${b}' }, b: [1, '\\${nope}'], c: 'plain' },
      texts: { 'a.x': '\\${b}', 'b[1]': '\\${nope}' },
      unresolved: [
        { place: 'a.x', text: '${b}', reason: 'there is no "nope"' },
        { place: 'b[1]', text: '${nope}', reason: 'there is no "nope"' },
      ],
    });
    expect(resolve({ c: 'plain' }).config).toEqual({ c: 'plain' });
  });

  it('leaves a variable that may not be recorded as it is written', () => {
    const { config, unresolved } = resolveConfig({ a: '${oc.env:TOKEN}/x' }, () => 'withheld');
    expect(config).toEqual({ a: '\\${oc.env:TOKEN}/x' });
    expect(unresolved[0]!.reason).toBe('the variable TOKEN is not among those that are recorded');
  });

  it('escapes what stays so that OmegaConf reads the text itself', () => {
    for (const text of ['${nope}', 'a\\${nope}${nope}', '\\\\${nope}']) {
      const { config } = resolve({ a: text });
      expect(resolve(config).config).toEqual({ a: text });
    }
  });

  it('writes numbers as they were written where they were looked up', () => {
    const { value } = readPlainYaml('one: 1.0\nbig: 18446744073709551616\nz: ["${one}", "${big}"]\n', true);
    expect(serializeReceipt(resolve(value as JsonObject).config)).toContain(
      'z:\n- 1.0\n- 18446744073709551616\n',
    );
  });

  it('ends on configurations that multiply or repeat themselves', () => {
    const config: JsonObject = { a0: 'x'.repeat(1000), loop: ['${loop}'], me: '${me}' };
    for (let level = 1; level < 30; level++)
      config[`a${level}`] = `\${a${level - 1}}\${a${level - 1}}\${a${level - 1}}`;
    const { unresolved } = resolve(config);
    expect(unresolved.map(({ place }) => place)).toContain('me');
    expect(unresolved.map(({ place }) => place)).toContain('loop[0]');
    expect(unresolved.map(({ place }) => place)).toContain('a29');
    expect(resolve({ a: `${'${'.repeat(500)}` }).unresolved.length).toBe(1);
  });
});

const escaped = (text: string) => text.replace(/(\\*)\$\{/g, '$1$1\\${');

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/omegaconf/${name}`, import.meta.url));
}

/** The expected value as the text Python gives, where 1 and 1.0 differ. */
function casesOf(file: string): (Case & { expected: string | undefined })[] {
  const texts = readFileSync(file, 'utf8');
  const exact = parsePython(texts.replace(/\b(NaN|-?Infinity)\b(?=[,\s\]}])/g, '"$1"')) as Map<
    string,
    never
  >[];
  return (JSON.parse(texts.replace(/(?<=[[:,\s])(NaN|-?Infinity)\b(?=[,\s\]}])/g, '"$1"')) as Case[]).map(
    (each, at) => ({
      ...each,
      expected: each.error === undefined ? dumpPython(exact[at]!.get('resolved')!) : undefined,
    }),
  );
}

function asPython(holder: JsonObject | JsonValue[], key: string | number): string {
  const value = (holder as JsonObject)[key]!;
  const written = notationOf(holder, key);
  if (typeof value === 'number')
    return Number.isInteger(value) && written === undefined ? String(value) : formatFloat(value);
  if (Array.isArray(value)) return `[${value.map((_, at) => asPython(value, at)).join(',')}]`;
  if (!hasMembers(value)) return dumpPython(toPython(value));
  return `{${Object.keys(value)
    .map((name) => `${dumpPython(name)}:${asPython(value, name)}`)
    .join(',')}}`;
}
