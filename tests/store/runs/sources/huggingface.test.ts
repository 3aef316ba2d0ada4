import { describe, expect, it } from 'vitest';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { readBook } from '../../../run-books.ts';

const state = (step: number, more: object = {}) =>
  JSON.stringify({
    best_metric: 0.4,
    best_model_checkpoint: './out/checkpoint-2',
    epoch: step / 2,
    global_step: step,
    max_steps: 4,
    num_train_epochs: 2,
    is_local_process_zero: true,
    train_batch_size: 8,
    trial_name: null,
    log_history: [
      { epoch: 0.5, step: 1, loss: 1.5, learning_rate: 0.1 },
      { epoch: 1, step: 2, eval_loss: 0.5, eval_runtime: 3 },
      ...(step > 2 ? [{ epoch: 2, step: 4, loss: 0.25, learning_rate: 0 }] : []),
    ],
    ...more,
  });

describe('what the Trainer of Hugging Face leaves', () => {
  it('is one run: its history, settings, results, and its checkpoints as artifacts', async () => {
    const { root, runs, findings } = await readBook({
      'out/checkpoint-2/trainer_state.json': state(2),
      'out/checkpoint-4/trainer_state.json': state(4),
      'out/trainer_state.json': state(4),
      'out/all_results.json': '{"epoch": 2.0, "eval_loss": 0.5, "train_samples": 100}',
      'out/eval_results.json': '{"eval_loss": 0.5}',
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'out',
        status: 'completed',
        params: { max_steps: 4, num_train_epochs: 2, train_batch_size: 8 },
        metrics: { loss: 0.25, eval_loss: 0.5, epoch: 2, train_samples: 100 },
        artifacts: [
          { id: 'checkpoint-2', type: 'checkpoint' },
          { id: 'checkpoint-4', type: 'checkpoint' },
        ],
        origin: { facts: [['Best model', 'checkpoint-2 (0.4)']] },
        files: [{ kind: 'huggingface', path: 'out/trainer_state.json' }],
      },
    ]);
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(series.map(({ name, steps, values }) => [name, steps, values])).toEqual([
      ['epoch', [1, 2, 4], [0.5, 1, 2]],
      ['loss', [1, 4], [1.5, 0.25]],
      ['learning_rate', [1, 4], [0.1, 0]],
      ['eval_loss', [2], [0.5]],
      ['eval_runtime', [2], [3]],
    ]);
  });

  it('goes on with the checkpoint before where the last one is broken, and says so', async () => {
    const { runs, findings } = await readBook({
      'out/checkpoint-2/trainer_state.json': state(2),
      'out/checkpoint-4/trainer_state.json': state(4).slice(0, 300),
    });
    expect(runs).toMatchObject([{ key: 'out', status: 'unknown', metrics: { loss: 1.5 } }]);
    expect(findings).toMatchObject([{ code: 'broken-json', file: 'out/checkpoint-4/trainer_state.json' }]);
  });

  it('is a run where only results are left, and none where a file holds something else', async () => {
    const { runs, findings } = await readBook({
      'a/eval_results.json': '{"eval_accuracy": 0.75}',
      'b/trainer_state.json': '{"state": "of something else"}',
    });
    expect(runs).toMatchObject([{ key: 'a', metrics: { eval_accuracy: 0.75 } }]);
    expect(findings).toMatchObject([
      { code: 'wrong-schema', severity: 'note', file: 'b/trainer_state.json' },
    ]);
  });

  it('ended where the summary of the training was logged, however many steps were planned', async () => {
    const { runs } = await readBook({
      'a/trainer_state.json': state(3, {
        log_history: [
          { step: 3, loss: 1 },
          { step: 3, train_runtime: 12.5 },
        ],
      }),
    });
    expect(runs).toMatchObject([{ status: 'completed', durationMs: 12_500 }]);
  });
});
