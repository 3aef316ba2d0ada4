import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mlflowRunFiles } from '../../collector/documents/mlflow-files.ts';
import { readMetricText } from '../../collector/formats/mlflow/metric-file.ts';
import { facts } from './facts.ts';

const series = (name: string, values: number[]) => ({
  name,
  values: Float64Array.from(values),
  steps: Float64Array.from(values, (_, at) => at),
  timesUs: undefined,
});

describe('files of a run for MLflow', () => {
  it('have every point, NaN and infinities too, as our own reader of them reads it', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (values) => {
        const files = mlflowRunFiles(facts({}), [series('loss', values)], '1');
        const read = readMetricText(files.get('metrics/loss')!, 'loss', ({ found }) =>
          expect.unreachable(found),
        );
        expect([...read.values].map((value) => value + 0)).toEqual(values.map((value) => value + 0));
        expect([...read.steps]).toEqual(values.map((_, at) => at));
      }),
    );
  });

  it('have names that stay below the folder of the run, and no two that take the same place', () => {
    const names = [
      '../../up',
      'a/b',
      'a',
      'a/b/c',
      'a?',
      'a*',
      '',
      '.',
      'é/ü',
      'ü'.repeat(249),
      `${'ü'.repeat(249)}!`,
    ];
    const params = Object.fromEntries(names.map((name, at) => [name, at]));
    const files = mlflowRunFiles(facts({ params }), [], '1');
    const paths = [...files.keys()].filter((path) => path.startsWith('params/'));
    expect(paths).toHaveLength(names.length);
    for (const path of paths) {
      expect(path).not.toMatch(/(^|\/)\.{0,2}(\/|$)/);
      expect(paths.filter((other) => other.startsWith(`${path}/`))).toEqual([]);
    }
    const longest = Math.max(
      ...paths.flatMap((path) => path.split('/').map((part) => Buffer.byteLength(part))),
    );
    expect(longest).toBeLessThanOrEqual(255);
    expect(paths.map((path) => files.get(path))).toEqual(names.map((_, at) => String(at)));
  });
});
