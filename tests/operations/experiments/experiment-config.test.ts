// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolations are part of what this file is about.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../collector/base/json/text.ts';
import { isSameValue } from '../../../collector/base/same-value.ts';
import { experimentConfig } from '../../../collector/operations/experiments/experiment-config.ts';
import { readRunConfig } from '../../../collector/operations/receipts/run-config.ts';
import { run } from '../../cli/run.ts';
import { temporaryBook } from '../../helpers.ts';

const env = { CRACKSEG_HOME: '/data/cracks', CRACKSEG_N: '12' };
const allowed = 'receipts: {environment: [CRACKSEG_HOME, CRACKSEG_N]}\n';

/** Configurations with the hash and summary that CrackSeg itself made of them (tests/fixtures/crackseg/generate.py). */
const cases = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/crackseg/configs.json'), 'utf8')) as {
    yaml?: string;
    json?: string;
    config_hash: string;
    config_summary: string | null;
  }[]
).map(({ yaml, json, ...expected }) => ({ text: (yaml ?? json)!, isJson: yaml === undefined, ...expected }));

describe('the configuration of an experiment', () => {
  it.each(cases.filter(({ isJson }) => !isJson).map((each) => [each.text.slice(0, 60), each] as const))(
    'has the hash and the summary of the original: %j',
    async (_, { text, config_hash, config_summary }) => {
      const root = temporaryBook({ 'daybook.yaml': allowed, 'c.yaml': text });
      const { hash, summary, notes } = await experimentConfig(root, readRunConfig('c.yaml', root), env);
      expect(hash).toBe(config_hash);
      expect(notes).toEqual([]);
      // Where a part is a text the original ends with an error.
      if (config_summary !== null) expect(isSameValue(summary, parseJson(config_summary))).toBe(true);
    },
  );

  it('is recorded by the command with floats as floats, and with how interpolations were written', async () => {
    const config =
      'lr: 2.0\nroot: ${oc.env:CRACKSEG_HOME}/img\nkey: ${oc.env:OTHER}\ntraining: {epochs: 1.0}\n';
    const root = temporaryBook({ 'daybook.yaml': allowed, 'c.yaml': config });
    const argv = ['experiment', 'start', 'e', '--config', 'c.yaml'];
    const { exitCode, problem } = await run(root, argv, { env: { ...env, OTHER: 'hidden-value' } });
    expect(exitCode).toBe(0);
    expect(problem).toContain('key is recorded as it is written');
    const [tracker, beside] = ['experiment_tracker.json', 'experiment_daybook.json'].map((name) =>
      readFileSync(join(root, 'e', name), 'utf8'),
    );
    expect(tracker).toMatch(/"epochs": 1\.0,/);
    expect(beside).toMatch(/"lr": 2\.0,\s+"root": "\/data\/cracks\/img"/);
    expect(beside).toContain('"root": "\\\\${oc.env:CRACKSEG_HOME}/img"');
    expect(tracker! + beside!).not.toContain('hidden-value');
  });

  it('that began again is another only where a value is', async () => {
    const root = temporaryBook({ 'c.yaml': 'lr: 2.0\na: ${lr}\n' });
    const beside = () => readFileSync(join(root, 'e/experiment_daybook.json'), 'utf8');
    for (let start = 0; start < 2; start++)
      await run(root, ['experiment', 'start', 'e', '--config', 'c.yaml']);
    expect(beside()).not.toContain('earlier');
  });
});
