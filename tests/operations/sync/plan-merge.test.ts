import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GitEntries, kindOf } from '../../../collector/operations/sync/book-files.ts';
import { type FileHere, type MergePlan, planMerge } from '../../../collector/operations/sync/plan-merge.ts';

const place = { prefix: '' };

function plan(
  ours: Record<string, string>,
  theirs: Record<string, string>,
  base: Record<string, string> = {},
) {
  return planMerge({
    ours: entries(ours),
    theirs: entries(theirs),
    bases: [entries(base)],
    kindOf: (path) => kindOf(place, path),
    isKept: () => false,
    isUnwanted: (path) => base[path] !== undefined && ours[path] === undefined,
    isTaken: () => false,
    isDropped: () => false,
    damaged: new Set(),
    joined: new Set(),
    isCopy: false,
  });
}

const entries = (files: Record<string, string>): GitEntries =>
  new Map(Object.entries(files).map(([path, oid]) => [path, { mode: '100644', oid }]));

/** What the work tree holds after a plan, carried out as it says: moves, then writes, which replace only what they name. */
function apply(ours: Record<string, string>, { moves, writes }: MergePlan): Record<string, string> {
  const files = { ...ours };
  for (const { from, to } of moves) {
    expect(files[to]).toBeUndefined();
    files[to] = files[from]!;
    if (!writes.has(from)) delete files[from];
  }
  for (const [path, { entry, over }] of writes) {
    expect(files[path]).toBe(over);
    files[path] = entry.oid;
  }
  return files;
}

const oids = (entries: ReadonlyMap<string, FileHere>) => [...entries.values()].map(({ oid }) => oid!);

describe('planMerge', () => {
  const name = 'snapshots/periodic_20260101_000000';

  it('gives ours the next name that nobody has: not theirs, not ours, not one of before', () => {
    const { entries, moves } = plan(
      { [`${name}.json`]: 'c' },
      { [`${name}.json`]: 'a', [`${name}_2.json`]: 'b' },
      { [`${name}_3.json`]: 'gone' },
    );
    expect(moves).toEqual([{ from: `${name}.json`, to: `${name}_4.json` }]);
    expect(oids(entries).sort()).toEqual(['a', 'b', 'c']);
  });

  it('counts on from the number a name has, and takes times for no numbers', () => {
    expect(plan({ [`${name}_2.json`]: 'b' }, { [`${name}_2.json`]: 'a' }).moves[0]?.to).toBe(
      `${name}_3.json`,
    );
    const log = 'snapshots/action_log-2026-10.jsonl.zst';
    expect(plan({ [log]: 'b' }, { [log]: 'a' }).moves[0]?.to).toBe(
      'snapshots/action_log-2026-10_2.jsonl.zst',
    );
  });

  it('makes no second copy of what the other side has under another name already', () => {
    const { moves, writes } = plan(
      { [`${name}.json`]: 'b' },
      { [`${name}.json`]: 'a', [`${name}_2.json`]: 'b' },
    );
    expect(moves).toEqual([]);
    expect([...writes.keys()].sort()).toEqual([`${name}.json`, `${name}_2.json`]);
  });

  it('moves a file of ours out of the way of a folder of theirs, and never writes into a file', () => {
    const { entries, moves } = plan({ 'snapshots/x': 'ours' }, { 'snapshots/x/y.csv': 'theirs' });
    expect(moves).toEqual([{ from: 'snapshots/x', to: 'snapshots/x_2' }]);
    expect([...entries.keys()].sort()).toEqual(['snapshots/x/y.csv', 'snapshots/x_2']);
    const other = plan({ 'snapshots/x/y.csv': 'ours' }, { 'snapshots/x': 'theirs' });
    expect(other.writes.size).toBe(0);
    expect(other.conflicts).toEqual(['snapshots/x/y.csv']);
  });

  it('keeps every content of both sides, whatever the names, and comes to rest', () => {
    const stem = fc.constantFrom(
      name,
      `${name}_2`,
      `${name}_3`,
      'snapshots/action_log-2025-01.jsonl',
      'snapshots/blobs/ab',
      'snapshots/blobs/ab_2',
      'snapshots/notes',
    );
    const path = fc.tuple(stem, fc.constantFrom('.json', '.zst', '.gz')).map((parts) => parts.join(''));
    const side = fc.dictionary(path, fc.constantFrom('a', 'b', 'c', 'd', 'e'), { noNullPrototype: true });
    fc.assert(
      fc.property(side, side, (ours, theirs) => {
        const first = plan(ours, theirs);
        const here = apply(ours, first);
        const all = new Set([...Object.values(ours), ...Object.values(theirs)]);
        expect(new Set(oids(first.entries))).toEqual(all);
        expect(new Set(Object.values(here))).toEqual(all);
        for (const [at, oid] of Object.entries(theirs)) expect(first.entries.get(at)?.oid).toBe(oid);
        const there = Object.fromEntries([...first.entries].map(([at, { oid }]) => [at, oid]));
        expect(here).toEqual(there);
        // Anyone who syncs after that changes nothing, and neither do those who come from the old state of the remote.
        for (const [start, base] of [
          [here, {}],
          [theirs, theirs],
          [here, theirs],
        ] as const) {
          const again = plan(start, there, base);
          expect(again.moves).toEqual([]);
          expect(apply(start, again)).toEqual(there);
          expect(Object.fromEntries([...again.entries].map(([at, { oid }]) => [at, oid]))).toEqual(there);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
