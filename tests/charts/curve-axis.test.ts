import { describe, expect, it } from 'vitest';
import { placesOn, type RunClock, spanOn } from '../../src/charts/curve-axis.ts';

const epochs = { name: 'epoch', steps: [0, 100, 200], values: [0, 1, 2], timesUs: [null, null, null] };
const clock: RunClock = { startUs: 1_000_000, epochs };

describe('spanOn', () => {
  it('is the window itself where steps are the axis', () => {
    expect(spanOn('step', [10, 20], clock)).toEqual({ by: 'steps', from: 10, to: 20 });
  });

  it('counts times from the start of the run, and has none where that is not known', () => {
    expect(spanOn('time', [500, 1500], clock)).toEqual({ by: 'timesUs', from: 1_500_000, to: 2_500_000 });
    expect(spanOn('time', [0, 1], { ...clock, startUs: undefined })).toBeUndefined();
  });

  it('finds the steps of epochs, such that their places are the window again', () => {
    const span = spanOn('epoch', [0.25, 1.5], clock)!;
    const course = { name: 'loss', steps: [span.from, span.to], timesUs: [null, null], values: [0, 0] };
    const places = placesOn('epoch', course, clock);
    expect(places[0]).toBeCloseTo(0.25);
    expect(places[1]).toBeCloseTo(1.5);
    expect(spanOn('epoch', [8, 9], clock)).toBeUndefined();
    expect(spanOn('epoch', [0, 1], { ...clock, epochs: undefined })).toBeUndefined();
  });
});
