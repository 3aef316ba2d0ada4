import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellsOfTime } from '../../../collector/operations/rerun/results.ts';
import { isWithin, type RunResults, verdictOf } from '../../../collector/operations/rerun/verdict.ts';

const options = { tolerance: 1e-3, doubts: [], ended: undefined, isLeftOut: tellsOfTime };

function results(
  metrics: Record<string, number>,
  outputs: Record<string, string | undefined> = {},
): RunResults {
  return {
    exitCode: 0,
    metrics: new Map(Object.entries(metrics)),
    outputs: new Map(Object.entries(outputs)),
  };
}

const verdict = (a: RunResults, b: RunResults, more = {}) => verdictOf(a, b, { ...options, ...more }).verdict;

describe('the verdict on a rerun', () => {
  it.each([
    ['same', { loss: 0.5 }, { loss: 0.5 }],
    ['same', { loss: Number.NaN }, { loss: Number.NaN }],
    ['within tolerance', { loss: 0.5 }, { loss: 0.5004 }],
    ['different', { loss: 0.5 }, { loss: 0.51 }],
    ['different', { loss: 1e-7 }, { loss: 3e-7 }],
    ['different', { loss: Number.POSITIVE_INFINITY }, { loss: 1 }],
    ['different', { loss: 1 }, { loss: Number.NaN }],
    ['different', { loss: 1 }, {}],
    ['different', {}, { loss: 1 }],
    ['inconclusive', {}, {}],
    ['inconclusive', { epoch_seconds: 1 }, { epoch_seconds: 2 }],
  ] as const)('is "%s" for %o and %o', (expected, before, after) => {
    expect(verdict(results(before), results(after))).toBe(expected);
  });

  it('takes an output of another digest for different, and what only the rerun has for nothing', () => {
    const before = results({}, { model: 'sha256:a' });
    expect(verdict(before, results({}, { model: 'sha256:a', more: 'sha256:b' }))).toBe('same');
    expect(verdict(before, results({}, { model: 'sha256:b' }))).toBe('different');
    expect(verdict(before, results({}))).toBe('different');
    expect(verdict(before, { ...before, exitCode: 1 })).toBe('different');
  });

  it('is inconclusive for every doubt, whatever the results are', () => {
    const [one, other] = [results({ loss: 1 }), results({ loss: 2 })];
    const doubts = ['Data is not what it was.'];
    expect(verdictOf(one, one, { ...options, doubts })).toMatchObject({
      verdict: 'inconclusive',
      reasons: doubts,
    });
    expect(verdictOf(one, other, { ...options, doubts }).reasons).toEqual([
      ...doubts,
      'loss: 1 then, 2 now.',
    ]);
    const ended = 'The rerun was ended by SIGINT.';
    expect(verdictOf(one, other, { ...options, ended }).reasons).toEqual([ended]);
  });

  it('takes every number for equal to itself, in both directions alike, and within a larger tolerance too', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), (a, b, tolerance) => {
        expect(isWithin(a, a, 0)).toBe(true);
        expect(isWithin(a, b, tolerance)).toBe(isWithin(b, a, tolerance));
        if (isWithin(a, b, tolerance)) expect(isWithin(a, b, tolerance * 2 + 1e-9)).toBe(true);
      }),
    );
  });

  it.each(['epoch_seconds', 'time', 'train/samples_per_second', 'epochTime', 'fps', 'eta'])(
    'leaves out %s',
    (name) => {
      expect(tellsOfTime(name)).toBe(true);
    },
  );

  it.each(['loss', 'timely', 'second_order', 'mean_reward', 'val/accuracy', 'betas'])(
    'compares %s',
    (name) => {
      expect(tellsOfTime(name)).toBe(false);
    },
  );
});
