import { describe, expect, it } from 'vitest';
import { type Filter, matchRows } from '../../../src/client/actions/filters.ts';
import type { Columns } from '../../../src/client/actions/store.ts';
import { formatViewState, parseViewState } from '../../../src/client/actions/view-state.ts';

const columns: Columns = {
  time: Float64Array.of(10, 20, 30, 40, 50),
  status: Uint8Array.of(0, 1, 0, 1, 255),
  type: Uint32Array.of(1, 1, 2, 2, 0),
  run: Uint32Array.of(0, 1, 0, 1, 0),
  writer: Uint32Array.of(1, 1, 1, 1, 0),
  took: new Float32Array(5),
  word: new Uint32Array(0),
};
const sizes = { status: 2, type: 3, run: 2, writer: 2 };

function filter(change: Partial<Filter>): Filter {
  return {
    status: new Set(),
    type: new Set(),
    run: new Set(),
    writer: new Set(),
    time: undefined,
    text: undefined,
    ...change,
  };
}

function match(change: Partial<Filter>) {
  const inTime: number[] = [];
  const { rows, facets, loaded } = matchRows(columns, sizes, filter(change), 0, (row) => inTime.push(row));
  return { rows: [...rows], type: [...facets.type], status: [...facets.status], loaded, inTime };
}

describe('matching rows', () => {
  it('gives all loaded rows, newest first, where nothing is asked', () => {
    expect(match({})).toEqual({
      rows: [3, 2, 1, 0],
      type: [0, 2, 2],
      status: [2, 2],
      loaded: 4,
      inTime: [3, 2, 1, 0],
    });
  });

  it('counts a facet as if it asked nothing itself', () => {
    const { rows, type, status } = match({ status: new Set([1]), type: new Set([2]) });
    expect(rows).toEqual([3]);
    expect(type).toEqual([0, 1, 1]);
    expect(status).toEqual([1, 1]);
  });

  it('takes the beginning of a time in and the end not, and shows the timeline what the other filters leave', () => {
    const { rows, inTime } = match({ time: { fromUs: 20, toUs: 40 }, status: new Set([0]) });
    expect(rows).toEqual([2]);
    expect(inTime).toEqual([2, 0]);
  });

  it('asks for found text, and finds nothing for a value that does not occur', () => {
    expect(match({ text: Uint8Array.of(0, 1, 1, 0, 1) }).rows).toEqual([2, 1]);
    expect(match({ type: new Set([-1]) }).rows).toEqual([]);
  });
});

describe('the view in the address', () => {
  const state = {
    facets: { status: ['failed', 'aborted'], type: ['a, b & c=d'], run: ['train/0412'], writer: [] },
    fromUs: Date.UTC(2026, 9, 12) * 1000,
    toUs: Date.UTC(2026, 10, 20, 16, 18) * 1000 + 1,
    text: 'größe "x"',
    action: 'action_20251222_022057_454420~9e07d31f',
  };

  it('survives the way through an address, in the query and in the fragment', () => {
    const query = formatViewState(state);
    expect(parseViewState(`?${query}`, '')).toEqual(state);
    expect(parseViewState('?status=failed', `#${query}`)).toEqual(state);
  });

  it('is empty where nothing is asked, and ignores what it does not know', () => {
    expect(formatViewState(parseViewState('?foo=1&from=yesterday', '#find'))).toBe('');
  });

  it('says whole days as days', () => {
    expect(formatViewState(state)).toContain('from=2026-10-12&to=2026-11-20T16:18:00.000001Z');
  });
});
