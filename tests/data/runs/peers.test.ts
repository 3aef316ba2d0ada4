import { describe, expect, it } from 'vitest';
import { type PeerRun, peerGroup } from '../../../src/data/runs/peers.ts';
import type { RunColumn } from '../../../src/data/runs/types.ts';

const member = (name: string, metrics: Record<string, number>, given: Partial<PeerRun> = {}): PeerRun => ({
  slug: `runs-${name}`,
  name,
  status: 'completed',
  stale: undefined,
  metrics,
  hasCurves: true,
  ...given,
});
const column = (name: string, given: Partial<RunColumn> = {}): RunColumn => ({
  kind: 'metric',
  name,
  type: 'number',
  count: 4,
  distinct: 4,
  same: undefined,
  min: 0,
  max: 1,
  ...given,
});
const subject = (one: PeerRun, given = {}) => ({
  slug: one.slug,
  metrics: { ...one.metrics },
  parents: [],
  parentSlugs: [],
  ...given,
});

/** Newest first. */
const members = [
  member('d', { loss: 0.3, acc: 0.7, size: 5, epoch: 9 }),
  member('c', { loss: 0.1, acc: 0.9, size: 4, epoch: 4 }, { status: 'failed' }),
  member('b', { loss: 0.2, acc: 0.8, size: 7, epoch: 9 }),
  member('a', { loss: 0.4, acc: Number.NaN, size: 6, epoch: 8 }, { hasCurves: false }),
];
const columns = ['loss', 'acc', 'size', 'epoch'].map((name) => column(name));
const peersOf = peerGroup(members, columns);

describe('what a run is held against', () => {
  it('is the one before it, whatever became of that, and the best of those that ended well', () => {
    const { keys } = peersOf(subject(members[0]!));
    expect(keys.map(({ name, direction }) => [name, direction])).toEqual([
      ['loss', 'min'],
      ['acc', 'max'],
      ['size', undefined],
    ]);
    expect(keys[0]).toMatchObject({
      value: 0.3,
      previous: { name: 'c', value: 0.1 },
      best: { name: 'b', value: 0.2 },
    });
    // Nothing says what is better of a size.
    expect(keys[2]).toMatchObject({ previous: { value: 4 }, best: undefined });
  });

  it('is another run also where this one is the best', () => {
    const { keys } = peersOf(subject(members[2]!));
    expect(keys[0]).toMatchObject({ value: 0.2, previous: { name: 'a' }, best: { name: 'd', value: 0.3 } });
    // The one before it has no number there.
    expect(keys[1]).toMatchObject({ previous: undefined, best: { name: 'd', value: 0.7 } });
  });

  it('is nothing for the first of all, and where what is better is disputed', () => {
    expect(peersOf(subject(members[3]!)).keys[0]).toMatchObject({ previous: undefined });
    const disputed = peerGroup(members, [column('loss', { disputed: true })]);
    expect(disputed(subject(members[0]!)).keys[0]).toMatchObject({ name: 'loss', best: undefined });
    const recorded = peerGroup(members, [column('size', { direction: 'min' })]);
    const size = recorded(subject(members[0]!)).keys.find(({ name }) => name === 'size');
    expect(size?.best).toMatchObject({ name: 'a', value: 6 });
  });

  it('can be drawn beside it where it has curves', () => {
    const parents = [
      { key: 'x', name: 'data', kind: 'data' as const, path: undefined },
      { key: 'y', name: 'stage', kind: 'stage' as const, path: undefined },
    ];
    const { beside } = peersOf(subject(members[0]!, { parents, parentSlugs: ['data-1', 'stage-1'] }));
    expect(beside).toEqual([
      { word: 'previous', slug: 'runs-c', name: 'c' },
      { word: 'best', slug: 'runs-b', name: 'b', of: 'loss' },
      { word: 'parent', slug: 'stage-1', name: 'stage' },
    ]);
    expect(peersOf(subject(members[2]!)).beside.map(({ word }) => word)).toEqual(['best']);
    expect(
      peersOf(subject(members[2]!, { parents: [parents[1]], parentSlugs: ['runs-a'] })).beside.map(
        ({ word }) => word,
      ),
    ).toEqual(['best']);
    // It has no curve that they could be drawn beside.
    expect(peersOf(subject(members[3]!, { parents, parentSlugs: ['data-1', 'stage-1'] })).beside).toEqual([]);
  });

  it('is known of a run that no other has the name of', () => {
    const { keys, beside } = peerGroup([], columns)(subject(members[0]!));
    expect(keys.map(({ name, previous, best }) => [name, previous, best])).toEqual([
      ['loss', undefined, undefined],
      ['acc', undefined, undefined],
      ['size', undefined, undefined],
    ]);
    expect(beside).toEqual([]);
  });
});
