import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const sweep = (with_: (at: number) => Record<string, string>) =>
  temporaryBook(Object.assign({}, ...[0, 1, 2, 3, 4, 5].map(with_)));
const swept = () =>
  sweep((at) => ({
    [`runs/sweep/run_${at}/config.yaml`]: `lr: 0.0${(at % 3) + 1}\nmodel: ${at % 2 ? 'vit' : 'resnet'}\nseed: ${at}\nwidth: 64\n`,
    [`runs/sweep/run_${at}/metrics.jsonl`]: `{"step":1,"loss":0.${at}5,"acc":0.${at}2,"epochs":9,"system/cpu":${at}}\n`,
  }));

describe('columns of daybook runs', () => {
  it('shows what tells the runs apart: parameters that vary and main metrics', async () => {
    const { out } = await run(swept(), ['runs', '--sort', '-acc', '--limit', '3']);
    expect(out).toMatchInlineSnapshot(`
      "status          key               loss   acc    lr  model   seed
      ? not recorded  runs/sweep/run_5  0.55  0.52  0.03  vit        5
      ? not recorded  runs/sweep/run_4  0.45  0.42  0.02  resnet     4
      ? not recorded  runs/sweep/run_3  0.35  0.32  0.01  vit        3
      "
    `);
    // Among the listed ones, not in the whole book.
    const { out: few } = await run(swept(), ['runs', '--where', 'model = vit AND lr = 0.02']);
    expect(few.split('\n')[0]!.trim().split(/ +/)).toEqual(['status', 'key', 'loss', 'acc']);
  });

  it('shows as many columns as the terminal has room for, and names the others', async () => {
    const at = (columns: number) => run(swept(), ['runs', '--sort', 'key'], { columns });
    const heads = async (columns: number) => (await at(columns)).out.split('\n')[0]!.trim().split(/ +/);
    expect(await heads(200)).toEqual(['status', 'key', 'loss', 'acc', 'lr', 'model', 'seed']);
    expect(await heads(48)).toEqual(['status', 'key', 'loss', 'lr']);
    const { out, problem } = await at(48);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(48);
    expect(problem).toContain('No room for acc, model, seed: --columns or a wider terminal shows them.');
    expect(await heads(48)).toEqual(await heads(48));
    // Whatever is asked for is shown.
    const { out: asked } = await run(swept(), ['runs', '--columns', 'key,lr,seed,model,acc,loss'], {
      columns: 40,
    });
    expect(asked.split('\n')[0]!.trim().split(/ +/)).toEqual(['key', 'lr', 'seed', 'model', 'acc', 'loss']);
  });

  it.each([
    ['--sort', 'acc'],
    ['--sort', 'metrics.acc'],
    ['--columns', 'key,acc'],
    ['--where', 'acc > 0.5'],
  ])('explains that no run has a metric: %s %s', async (...argv) => {
    const bare = sweep((at) => ({ [`a${at}/run.lock`]: `config: {lr: 0.${at}}\n` }));
    const { problem, exitCode } = await run(bare, ['runs', ...argv]);
    expect(exitCode).toBe(2);
    expect(problem).toContain('No metric is recorded in these 6 runs.');
    expect(problem).toContain('metrics.jsonl');
    expect(problem).toContain('Parameters are lr.');
    const { problem: other } = await run(swept(), ['runs', '--sort', 'quality']);
    expect(other).toContain(
      'Metrics are loss, acc, epochs, system/cpu. Parameters are lr, model, seed, width.',
    );
  });
});
