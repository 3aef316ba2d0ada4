import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import { differenceText } from '../../../src/data/snapshots/changes.ts';
import { noHabits, rankChanges } from '../../../src/data/snapshots/ranking.ts';
import { unchangedView } from '../../../src/data/snapshots/unchanged.ts';

describe('differences that are more than old and new', () => {
  const rowsOf = (before: never, after: never) =>
    differences({ x: before }, { x: after }).map((change) => differenceText(change));

  it('show a changed text by words, what stayed folded', () => {
    const long = 'It was deployed by hand after all of the nightly tests had passed on every machine, to';
    const [row] = rowsOf(`${long} staging` as never, `${long} production` as never);
    expect(row!.words).toEqual([
      { kind: 'same', text: '… every machine, to ' },
      { kind: 'removed', text: 'staging' },
      { kind: 'added', text: 'production' },
    ]);
    expect(row!.afterWhole).toContain('nightly tests');
    expect(rowsOf('stable' as never, 'degraded' as never)[0]!.words).toBeUndefined();
    expect(rowsOf(1 as never, 'one' as never)[0]!.words).toBeUndefined();
  });

  it('tell moved elements in a sentence, places counted from one', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const [one, ...others] = rowsOf(names as never, [...names.slice(1), 'a'] as never);
    expect([one!.kind, one!.path, one!.after, one!.amount]).toEqual([
      'moved',
      'x',
      'a from place 1 to 8',
      '1 of 8 moved',
    ]);
    expect(others).toEqual([]);
    expect(rowsOf(names as never, names.toReversed() as never)[0]!.after).toMatch(/, and 4 more$/);
  });

  it('rank a new order as news, but not that of processes', () => {
    const order = (key: string, ...ids: (number | string)[]) => ({ list: ids.map((id) => ({ [key]: id })) });
    const ranked = (before: never, after: never) => rankChanges(differences(before, after), noHabits);
    expect(ranked(order('name', 'a', 'b') as never, order('name', 'b', 'a') as never).telling).toHaveLength(
      1,
    );
    expect(ranked(order('pid', 1, 2) as never, order('pid', 2, 1) as never).readings).toHaveLength(1);
  });

  it('count what is the same by section, and nothing that differs', () => {
    const before = { git: { head: 'a', branch: 'main' }, disk: { free: 1 }, n: [1, 2] };
    const after = { git: { head: 'b', branch: 'main' }, disk: { free: 2 }, n: [1, 2], x: {} };
    expect(unchangedView(before, after)).toEqual({
      count: 3,
      sections: [
        { name: 'n', count: 2 },
        { name: 'git', count: 1 },
      ],
    });
  });
});
