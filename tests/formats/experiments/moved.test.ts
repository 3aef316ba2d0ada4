import { describe, expect, it } from 'vitest';
import { movedExperiment } from '../../../collector/formats/experiments/moved.ts';

const move = (path: string) => path.replace(/^runs\/a\//, 'runs/b/');
const moved = (value: unknown) =>
  JSON.parse(movedExperiment(JSON.stringify(value), { move, id: { from: 'a', to: 'b' } }));

describe('an experiment in another folder', () => {
  it('names its artifacts where they lie now, and leaves everything else', () => {
    const main = {
      experiment_id: 'a',
      description: 'runs/a/x',
      checkpoint_paths: ['runs/a/m.pt', 's3://b/m'],
      metric_files: [],
    };
    expect(moved(main)).toEqual({
      ...main,
      experiment_id: 'b',
      checkpoint_paths: ['runs/b/m.pt', 's3://b/m'],
    });
    const beside = {
      config: { out: 'runs/a/m.pt' },
      artifacts: [{ id: 'm', path: 'runs/a/m.pt' }, { id: 'n' }],
    };
    expect(moved(beside)).toEqual({ ...beside, artifacts: [{ id: 'm', path: 'runs/b/m.pt' }, { id: 'n' }] });
    expect(moved({ experiment_id: 'mine' })).toEqual({ experiment_id: 'mine' });
  });

  it('keeps numbers as they are written, and what is no JSON as it is', () => {
    expect(
      movedExperiment('{"lr": 1.0, "n": 9007199254740993}', { move, id: { from: 'a', to: 'b' } }),
    ).toContain('1.0,');
    expect(movedExperiment('{"half', { move, id: { from: 'a', to: 'b' } })).toBe('{"half');
  });
});
