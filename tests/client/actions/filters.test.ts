import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionary } from '../../../src/client/actions/dictionary.ts';
import { type Filter, type FilteredStore, matchRows } from '../../../src/client/actions/filters.ts';
import { type kindParts, RowKinds } from '../../../src/client/actions/kinds.ts';
import type { MatchedRows } from '../../../src/client/actions/matched-rows.ts';
import { formatViewState, parseViewState } from '../../../src/client/actions/view-state.ts';

interface SampleRow {
  time: number;
  status: number;
  type: number;
  run: number;
  writer: number;
  word: number;
}

const names = ['', 'a', 'b', 'c', 'd', 'e'];

/** A store in which only the rows from `from` on are loaded, in parts as they come. */
function storeOf(rows: readonly SampleRow[], from = 0, parts = 1): FilteredStore {
  const kinds = new RowKinds();
  const known = dictionary();
  for (const name of names.slice(1)) known.codeOf(name);
  const kind = new Uint32Array(rows.length);
  const columns = {
    time: Float64Array.from(rows, ({ time }) => time),
    took: new Float32Array(rows.length),
    kind,
  };
  const step = Math.max(1, Math.ceil((rows.length - from) / parts));
  for (let end = rows.length; end > from; end -= step) {
    const start = Math.max(from, end - step);
    const column = (part: (typeof kindParts)[number]) => ({
      codes: Uint32Array.from(rows.slice(start, end), (row) => row[part]),
      texts: names,
    });
    kinds.take(
      {
        status: column('status'),
        type: column('type'),
        run: column('run'),
        writer: column('writer'),
        word: column('word'),
      },
      { status: known, type: known, run: known, writer: known, word: known },
      kind.subarray(start, end),
    );
  }
  return {
    columns,
    kinds,
    loadedFrom: () => from,
    statuses: names,
    types: known,
    runs: known,
    writers: known,
  };
}

const sample = [
  [10, 1, 1, 1],
  [20, 2, 1, 2],
  [30, 1, 2, 1],
  [40, 2, 2, 2],
].map(([time = 0, status = 0, type = 0, run = 0]) => ({ time, status, type, run, writer: 1, word: 0 }));

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

const listed = (rows: MatchedRows) => Array.from({ length: rows.count }, (_, at) => rows.at(at));

function match(change: Partial<Filter>, store = storeOf(sample)) {
  const { rows, facets } = matchRows(store, filter(change));
  const places = Uint16Array.from(store.columns.kind, (_, row) => row);
  const counts = new Uint32Array(places.length);
  rows.countAt(places, counts, store.loadedFrom());
  const inTime = [...counts.keys()].filter((row) => counts[row] === 1).reverse();
  return {
    rows: listed(rows),
    type: [...facets.type].slice(0, 3),
    status: [...facets.status].slice(0, 3),
    inTime,
  };
}

describe('matching rows', () => {
  it('gives all loaded rows, newest first, where nothing is asked', () => {
    expect(match({}, storeOf(sample, 1))).toEqual({
      rows: [3, 2, 1],
      type: [0, 1, 2],
      status: [0, 1, 2],
      inTime: [3, 2, 1],
    });
  });

  it('counts a facet as if it asked nothing itself', () => {
    const { rows, type, status } = match({ status: new Set([2]), type: new Set([2]) });
    expect(rows).toEqual([3]);
    expect(type).toEqual([0, 1, 1]);
    expect(status).toEqual([0, 1, 1]);
  });

  it('takes the beginning of a time in and the end not, and shows the timeline what the other filters leave', () => {
    const { rows, inTime } = match({ time: { fromUs: 20, toUs: 40 }, status: new Set([1]) });
    expect(rows).toEqual([2]);
    expect(inTime).toEqual([2, 0]);
  });

  it('asks for found text, and finds nothing for a value that does not occur', () => {
    expect(match({ text: Uint8Array.of(0, 1, 1, 0) }).rows).toEqual([2, 1]);
    expect(match({ type: new Set([-1]) }).rows).toEqual([]);
  });

  it('keeps to the text that was found when it was asked', () => {
    const text = Uint8Array.of(0, 1, 0, 0);
    const { rows } = matchRows(storeOf(sample), filter({ text }));
    text.fill(1);
    expect(listed(rows)).toEqual([1]);
  });

  it('comes to what looking at every row comes to', () => {
    const code = fc.integer({ min: 0, max: 5 });
    const row = fc.record({
      time: fc.nat(40),
      status: code,
      type: code,
      run: code,
      writer: code,
      word: code,
    });
    const chosen = fc.oneof(
      fc.constant<number[]>([]),
      fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 4 }),
    );
    const asked = fc.record({ status: chosen, type: chosen, run: chosen, writer: chosen });
    const facets = ['status', 'type', 'run', 'writer'] as const;
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        // So many rows that there are several blocks of them.
        fc.constantFrom(1, 1, 1, 300),
        fc.record({
          loaded: fc.double({ min: 0, max: 1, noNaN: true }),
          parts: fc.integer({ min: 1, max: 4 }),
        }),
        asked,
        fc.option(fc.record({ fromUs: fc.nat(40), toUs: fc.nat(40) }), { nil: undefined }),
        fc.option(fc.integer({ min: 2, max: 5 }), { nil: undefined }),
        (few, times, { loaded, parts }, sets, time, every) => {
          const rows = Array.from({ length: times }, () => few)
            .flat()
            .sort((a, b) => a.time - b.time);
          const from = Math.floor(rows.length * loaded);
          const store = storeOf(rows, from, parts);
          const text = every && Uint8Array.from(rows, (_, at) => (at % every === 0 ? 1 : 0));
          const found = matchRows(store, {
            ...filter({ time, text: text || undefined }),
            ...Object.fromEntries(facets.map((name) => [name, new Set(sets[name])])),
          });
          const others = (at: number) =>
            at >= from &&
            (time === undefined || (rows[at]!.time >= time.fromUs && rows[at]!.time < time.toUs)) &&
            (!text || text[at] === 1);
          const holds = (at: number, name: (typeof facets)[number]) =>
            sets[name].length === 0 || sets[name].includes(rows[at]![name]);
          const wanted = [...rows.keys()]
            .filter((at) => others(at) && facets.every((name) => holds(at, name)))
            .reverse();
          expect(listed(found.rows)).toEqual(wanted);
          expect(wanted.slice(-40).map((at) => found.rows.positionOf(at))).toEqual(
            wanted.map((_, at) => at).slice(-40),
          );
          expect([
            found.rows.at(wanted.length),
            found.rows.at(-1),
            found.rows.positionOf(rows.length),
          ]).toEqual([-1, -1, -1]);
          for (const name of facets) {
            const counts = new Uint32Array(names.length);
            for (const at of rows.keys())
              if (others(at) && facets.every((one) => one === name || holds(at, one)))
                counts[rows[at]![name]]! += 1;
            expect(found.facets[name]).toEqual(counts);
          }
        },
      ),
    );
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
