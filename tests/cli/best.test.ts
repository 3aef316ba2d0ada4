import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const book = join(import.meta.dirname, '../fixtures/runs-book');
const at = (...argv: string[]) => run(book, [...argv, '--dir', book]);

function sweep(): string {
  const files: Record<string, string> = {};
  for (const seed of [1, 2, 3, 4]) {
    files[`runs/${seed}/config.yaml`] = `lr: ${seed < 3 ? 0.1 : 0.2}\nseed: ${seed}\n`;
    files[`runs/${seed}/metrics.jsonl`] = `{"step":1,"acc":0.${seed}5,"gap":${seed}}\n`;
  }
  return temporaryBook(files);
}

describe('daybook best', () => {
  it('lists the best first, says by what, and what was left out', async () => {
    const { out, problem, exitCode } = await at('best', 'iou');
    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['key', 'iou'],
      ['demo/experiment_data', '0.89'],
      ['experiments/20250720-175542-My_Experiment', '0.395899'],
      [''],
    ]);
    expect(problem).toContain('more of iou is better, as its name says');
    expect(problem).toContain(
      '3 runs that failed, stopped or have not ended are left out (--with-failed takes them in)',
    );
    expect((await at('best', 'iou', '--with-failed')).out).toContain('unet_cfd');
  });

  it('prints JSON with what is better and who says so', async () => {
    const { out } = await at('best', 'iou', '--min', '--limit', '1', '--json');
    expect(JSON.parse(out)).toMatchObject({
      metric: 'iou',
      direction: 'min',
      direction_from: 'asked',
      left_out: 3,
      runs: [{ value: expect.closeTo(0.3959, 4), key: 'experiments/20250720-175542-My_Experiment' }],
    });
  });

  it('has to be told what is better, and says so', async () => {
    const { problem, exitCode } = await run(sweep(), ['best', 'gap']);
    expect(exitCode).toBe(2);
    expect(problem).toContain('Say --min or --max');
    expect((await run(sweep(), ['best', 'gap', '--min', '--max'])).exitCode).toBe(2);
    const { out } = await run(sweep(), ['best', 'gap', '--min'], { columns: 40 });
    expect(out.split('\n')[1]).toMatch(/^runs\/1 +1 /);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('finds nothing where no run fulfils the condition', async () => {
    const { problem, exitCode } = await run(sweep(), ['best', 'acc', '--where', 'lr > 9']);
    expect(exitCode).toBe(3);
    expect(problem).toContain('No run that fulfils the condition ended well with a number for "acc".');
  });
});

describe('daybook runs --group-by', () => {
  it('shows one line a group, with mean, deviation and best', async () => {
    const { out, problem } = await run(sweep(), [
      'runs',
      '--group-by',
      'lr',
      '--columns',
      'acc',
      '--sort',
      '-acc',
    ]);
    expect(out).toMatchInlineSnapshot(`
      " lr  n          acc  best acc
      0.2  2  0.4 ± 0.071      0.45
      0.1  2  0.2 ± 0.071      0.25
      "
    `);
    expect(problem).toContain('2 groups');
  });

  it('drops what finds no room, and names it', async () => {
    const { out, problem } = await run(sweep(), ['runs', '--group-by', 'lr'], { columns: 40 });
    expect(out.split('\n')[0]!.trim().split(/ {2,}/)).toEqual(['lr', 'n', 'acc', 'best acc']);
    expect(problem).toContain('No room for gap');
  });

  it('prints groups as JSON', async () => {
    const { out } = await run(sweep(), ['runs', '--group-by', 'lr', '--where', 'seed < 4', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      by: ['lr'],
      left_out: 0,
      groups: [
        { values: { lr: 0.1 }, n: 2, measures: { gap: { mean: 1.5, best: null } } },
        {
          values: { lr: 0.2 },
          n: 1,
          measures: { acc: { mean: 0.35, deviation: null, best: { value: 0.35 } } },
        },
      ],
    });
  });
});
