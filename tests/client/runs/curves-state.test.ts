import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CurvesState,
  curvesParameters,
  parseCurvesState,
  toggled,
  zoomed,
} from '../../../src/client/runs/curves/state.ts';

function addressOf(state: CurvesState): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(curvesParameters(state)))
    for (const value of values) parameters.append(name, value);
  return parameters;
}

describe('what a reader has chosen for curves', () => {
  it('is nothing at first, and an address without anything', () => {
    const state = parseCurvesState(new URLSearchParams());
    expect(state).toEqual({
      axis: 'step',
      smooth: 0,
      difference: false,
      beside: '',
      log: new Set(),
      earlier: new Set(),
      windows: {},
    });
    expect(addressOf(state).toString()).toBe('');
  });

  it('has a window as exact as it is narrow', () => {
    const zoom = 'zoom=step%3A1234567..1234587.25';
    expect(addressOf(parseCurvesState(new URLSearchParams(zoom))).toString()).toBe(zoom);
  });

  it('comes back from its address, whatever metrics are called', () => {
    const state = fc.record<CurvesState>({
      axis: fc.constantFrom('step', 'time', 'epoch'),
      smooth: fc.integer({ min: 0, max: 99 }).map((hundredths) => hundredths / 100),
      difference: fc.boolean(),
      beside: fc.constantFrom('', 'before', 'best'),
      log: fc.array(fc.string({ unit: 'grapheme' })).map((names) => new Set(names)),
      earlier: fc.array(fc.string()).map((names) => new Set(names)),
      windows: fc.record(
        { step: fc.constant([10, 200.5] as const), time: fc.constant([-1, 9e9] as const) },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(state, (chosen) => {
        expect(parseCurvesState(new URLSearchParams(addressOf(chosen).toString()))).toEqual(chosen);
      }),
    );
  });

  it('counts as not chosen where it makes no sense', () => {
    const state = parseCurvesState(
      new URLSearchParams(
        'x=__proto__&smooth=7&minus=B&zoom=step:9..1&zoom=day:1..2&zoom=time:a..b&zoom=epoch',
      ),
    );
    expect(state).toMatchObject({ axis: 'step', smooth: 0.99, difference: false, windows: {} });
  });

  it('switches names in and out without touching what was', () => {
    const before = new Set(['a']);
    expect([...toggled(before, 'b', true)]).toEqual(['a', 'b']);
    expect([...toggled(before, 'a', false)]).toEqual([]);
    expect([...before]).toEqual(['a']);
  });

  it('zooms around a place, and is the whole again at the end', () => {
    expect(zoomed(undefined, [0, 100], 50, 0.5)).toEqual([25, 75]);
    expect(zoomed([25, 75], [0, 100], 30, 0.5)).toEqual([27.5, 52.5]);
    expect(zoomed([25, 75], [0, 100], 50, 2)).toBeUndefined();
    expect(zoomed([0, 50], [0, 100], 0, 2)).toBeUndefined();
    expect(zoomed([0, 20], [0, 100], 0, 2)).toEqual([0, 40]);
  });
});
