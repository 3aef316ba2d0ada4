import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../collector/formats/config/config.ts';
import { readShare } from '../../../collector/formats/config/share.ts';

describe('trends in daybook.yaml', () => {
  it('says what series are made of, what is better, and what counts as a change', async () => {
    const text =
      'trends:\n  by: [model]\n  better: {gap: down, "runs/a/iou": up}\n  fields: [git.commits]\n  window: 50\n  confirmations: 5\n  smallest: 2.5 %\n';
    const { config, findings } = await parseConfig(text, 'daybook.yaml');
    expect(findings).toEqual([]);
    expect(config.trends).toEqual({
      by: ['model'],
      better: { gap: 'min', 'runs/a/iou': 'max' },
      fields: ['git.commits'],
      window: 50,
      confirmations: 5,
      smallest: 0.025,
    });
  });

  it('leaves out what is wrong, and says so with its line', async () => {
    const text = 'trends:\n  smallest: 5\n  windw: 50\n  better: {gap: less}\n';
    const { config, findings } = await parseConfig(text, 'daybook.yaml');
    expect(config.trends).toEqual({ by: [], better: {}, fields: [] });
    expect(findings.map(({ path, line, hint }) => [path, line, hint])).toEqual(
      expect.arrayContaining([
        ['trends.windw', 3, 'Did you mean "window"?'],
        ['trends.smallest', 2, expect.any(String)],
        ['trends.better.gap', 4, expect.any(String)],
      ]),
    );
  });
});

describe('readShare', () => {
  it('reads per cent and nothing else', () => {
    expect(['5%', '2.5 %', '100%', '5', '0%', '-1%', '2000%', 'x%'].map(readShare)).toEqual([
      0.05,
      0.025,
      1,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
