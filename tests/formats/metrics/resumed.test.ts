import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsReading } from '../../../collector/formats/metrics/metrics.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import { resumeNote } from '../../../collector/runs/resumes.ts';

type Line = Record<string, unknown>;

function read(lines: readonly Line[]) {
  const reading = new MetricsReading('m', (finding) => {
    throw new Error(finding.found);
  });
  for (const [at, line] of lines.entries()) reading.addLine(Buffer.from(JSON.stringify(line)), at + 1, true);
  const { series } = reading.finish();
  return {
    counted: (name = 'loss') => points(plainSeries(series.get(name)!)),
    earlier: (name = 'loss') =>
      points(plainSeries(series.get(name)!).resumed?.earlier ?? { steps: [], values: [] }),
    note: resumeNote(
      [...series.values()].map(({ name, values, resumed }) => ({
        name,
        count: values.length,
        last: values.at(-1)!,
        ...(resumed === undefined ? {} : { resumed: { ...resumed, earlier: resumed.earlier.values.length } }),
      })),
    ),
  };
}

const points = ({ steps, values }: { steps: number[]; values: number[] }) =>
  steps.map((step, at) => [step, values[at]]);

/** An attempt: steps from one to another, whose values name attempt and step. */
function attempt(number: number, from: number, to: number, of: (step: number) => Line = () => ({})): Line[] {
  return Array.from({ length: to - from + 1 }, (_, at) => ({
    step: from + at,
    loss: number + (from + at) / 1000,
    ...of(from + at),
  }));
}

describe('a run that was resumed', () => {
  it('counts from its later attempt, keeps the earlier, and says where it began again', () => {
    const { counted, earlier, note } = read([...attempt(1, 1, 6), ...attempt(2, 4, 7)]);
    expect(counted()).toEqual([
      [1, 1.001],
      [2, 1.002],
      [3, 1.003],
      [4, 2.004],
      [5, 2.005],
      [6, 2.006],
      [7, 2.007],
    ]);
    expect(earlier()).toEqual([
      [4, 1.004],
      [5, 1.005],
      [6, 1.006],
    ]);
    expect(note).toBe('resumed at step 4');
  });

  it('counts the last of several attempts at each step, also where one ended before the one before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 6, max: 30 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (attempts) => {
          let furthest = 50;
          const lines = attempt(1, 0, furthest);
          const last = new Map(lines.map(({ step, loss }) => [step as number, loss]));
          for (const [at, [back, length]] of attempts.entries()) {
            const from = Math.max(0, furthest - back);
            const begun = attempt(at + 2, from, from + length);
            for (const step of last.keys()) if (step >= from) last.delete(step);
            for (const { step, loss } of begun) last.set(step as number, loss);
            lines.push(...begun);
            furthest = from + length;
          }
          const { counted, earlier } = read(lines);
          expect(counted()).toEqual([...last]);
          expect(counted().length + earlier().length).toBe(lines.length);
        },
      ),
    );
  });

  it('sets aside what other metrics of the earlier attempt say, from the first line of the new one on', () => {
    const validated = (number: number) => (step: number) =>
      step % 10 === 0 ? { val: number + step / 1000 } : {};
    const lines = [...attempt(1, 1, 63, validated(1)), ...attempt(2, 41, 55, validated(2))];
    const { counted, earlier, note } = read(lines);
    expect(counted('val').map(([, value]) => value)).toEqual([1.01, 1.02, 1.03, 1.04, 2.05]);
    expect(earlier('val').map(([, value]) => value)).toEqual([1.05, 1.06]);
    expect(counted()).toHaveLength(55);
    expect(note).toBe('resumed at step 41');
  });

  it('keeps what did not change from one attempt to the next', () => {
    const constant = () => ({ lr: 0.1 });
    const lines = [
      ...attempt(1, 1, 63, constant),
      ...attempt(2, 41, 55, constant),
      ...attempt(3, 50, 100, constant),
    ];
    const { counted } = read(lines);
    expect(counted('lr').map(([step]) => step)).toEqual(counted().map(([step]) => step));
    expect(counted()).toHaveLength(100);
  });

  it('does so where train and validation stand on lines of their own, and where a metric does not come again', () => {
    const lines = attempt(1, 1, 20).flatMap((line) => [
      line,
      ...((line['step'] as number) % 5 === 0 ? [{ step: line['step'], val: 1 }] : []),
    ]);
    const { counted, earlier } = read([...lines, ...attempt(2, 12, 14)]);
    expect(counted('val').map(([step]) => step)).toEqual([5, 10]);
    expect(earlier('val').map(([step]) => step)).toEqual([15, 20]);
    expect(counted()).toHaveLength(14);
  });

  it('leaves alone what counts its steps otherwise', () => {
    const epochs = attempt(1, 1, 300).flatMap((line) =>
      (line['step'] as number) % 100 === 0 ? [line, { step: (line['step'] as number) / 100, f1: 1 }] : [line],
    );
    const whole = read(epochs);
    expect(whole.note).toBeUndefined();
    expect(whole.counted('f1')).toHaveLength(3);
    // The epochs begin again, the steps do not.
    const { counted } = read([...epochs, { step: 2, f1: 2 }, ...attempt(2, 301, 310)]);
    expect(counted()).toHaveLength(310);
    expect(counted('f1')).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('may count in epochs, at several places, and by coarser steps than before', () => {
    const epoch = (number: number, value: number) => ({ epoch: number, loss: value });
    expect(read([epoch(1, 9), epoch(2, 8), epoch(3, 7), epoch(2, 6), epoch(3, 5), epoch(1, 4)]).note).toBe(
      'resumed at epochs 2 and 1',
    );
    const { counted } = read([
      ...attempt(1, 1, 60),
      { step: 45, loss: 9 },
      { step: 60, loss: 8 },
      { step: 75, loss: 7 },
    ]);
    expect(counted().slice(-4)).toEqual([
      [44, 1.044],
      [45, 9],
      [60, 8],
      [75, 7],
    ]);
  });
});

describe('lines out of order that are no resume', () => {
  it('are put where their time says', () => {
    const lines = attempt(1, 1, 9).map((line, at) => ({ ...line, time: `2026-01-01T00:00:0${at}Z` }));
    const moved = [...lines.slice(0, 3), ...lines.slice(5), ...lines.slice(3, 5)];
    const { counted, note } = read(moved);
    expect(note).toBeUndefined();
    expect(counted()).toEqual(read(lines).counted());
    // The attempt that was made later counts, wherever it stands.
    const again = attempt(2, 4, 6).map((line, at) => ({ ...line, time: `2026-01-01T00:01:0${at}Z` }));
    expect(read([...lines.slice(0, 3), ...again, ...lines.slice(3)]).counted()).toEqual(
      read([...lines, ...again]).counted(),
    );
  });

  it('are put between their neighbours where no line of theirs is there yet', () => {
    const { counted, note } = read([...attempt(1, 1, 3), ...attempt(1, 6, 9), ...attempt(1, 4, 5)]);
    expect(counted().map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(note).toBeUndefined();
  });

  it('count once where the same lines stand twice, as a merge leaves them', () => {
    const lines = attempt(1, 1, 6);
    for (const copy of [lines.slice(1, 4), lines.slice(2), [...lines.slice(3), ...attempt(1, 7, 8)]]) {
      const { counted, earlier, note } = read([...lines, ...copy]);
      expect(note).toBeUndefined();
      expect(earlier()).toEqual([]);
      expect(counted().map(([step]) => step)).toEqual(
        Array.from({ length: Math.max(6, copy.at(-1)!['step'] as number) }, (_, at) => at + 1),
      );
    }
  });

  it('of writers that go on side by side are all kept, in the order of their steps', () => {
    const lines = [5, 3, 6, 4, 7, 5, 8, 6, 9, 7].map((step, at) => ({ step, loss: at }));
    const { counted, note } = read(lines);
    expect(note).toBeUndefined();
    expect(counted().map(([step]) => step)).toEqual([3, 4, 5, 5, 6, 6, 7, 7, 8, 9]);
  });

  it('without steps are counted by their position', () => {
    const { counted, note } = read([{ loss: 3 }, { loss: 2 }, { loss: 3 }, { loss: 2 }]);
    expect(note).toBeUndefined();
    expect(counted().map(([step]) => step)).toEqual([0, 1, 2, 3]);
  });
});
