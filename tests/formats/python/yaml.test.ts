import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../collector/base/json/exact-number.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { jsonText, parseJson } from '../../../collector/base/json/text.ts';
import { resolveConfig } from '../../../collector/formats/interpolation/resolve.ts';
import { omegaConfYaml, withFloats } from '../../../collector/formats/python/yaml.ts';
import { readPlainYaml } from '../../../collector/formats/yaml/plain.ts';

/** What OmegaConf itself made of each (tests/fixtures/crackseg/generate.py). */
const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/crackseg/configs.json', import.meta.url), 'utf8'),
) as { yaml?: string; json?: string; dumped: string }[];

const environment: Record<string, string> = { CRACKSEG_HOME: '/data/cracks', CRACKSEG_N: '12' };

describe('omegaConfYaml', () => {
  it('has enough to compare with', () => {
    expect(cases.length).toBeGreaterThan(80);
  });

  it.each(cases.map((each, at) => [at, (each.yaml ?? each.json)!.slice(0, 60), each] as const))(
    'writes what OmegaConf writes: %i %j',
    (_at, _text, { yaml, json, dumped }) => {
      const given = (yaml === undefined ? parseJson(json!) : readPlainYaml(yaml, true).value) as JsonObject;
      const { config } = resolveConfig(given, (name) => ({ value: environment[name]! }));
      expect(omegaConfYaml(config)).toBe(dumped);
    },
  );

  it('tells floats from ints where a library says so', () => {
    const config = { a: 2, b: new ExactNumber('2.0'), c: 1e-7, d: new ExactNumber('12345678901234567890') };
    expect(omegaConfYaml(config)).toBe('a: 2\nb: 2.0\nc: 1.0e-07\nd: 12345678901234567890\n');
  });
});

describe('withFloats', () => {
  it('keeps in JSON what was a float in YAML', () => {
    const { value } = readPlainYaml('a: 2.0\nb: [1, 5., {c: -0.0}]\nd: 1.0e+5\ne: 0.5\n0: x\n', true);
    const config = withFloats(value as JsonObject);
    expect(jsonText(config)).toBe('{"0":"x","a":2.0,"b":[1,5.0,{"c":-0.0}],"d":1.0e+5,"e":0.5}');
    expect(omegaConfYaml(config)).toBe('0: x\na: 2.0\nb:\n- 1\n- 5.0\n- c: -0.0\nd: 100000.0\ne: 0.5\n');
  });
});
