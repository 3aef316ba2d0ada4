import { describe, expect, it } from 'vitest';
import type { BudgetRule } from '../../collector/formats/config/budgets.ts';
import { budgetName, holdBudget } from '../../collector/trends/budget.ts';
import type { TrendPoint, TrendSeries } from '../../collector/trends/series.ts';

const rule = (more: Partial<BudgetRule>): BudgetRule => ({
  name: undefined,
  subject: 'metric',
  of: 'val_loss',
  base: { kind: 'window', points: 20 },
  required: false,
  ...more,
});

function series(
  values: readonly number[],
  more: (at: number) => Partial<TrendPoint> = () => ({}),
): TrendSeries {
  const points = values.map((value, at) => ({
    atUs: at,
    value,
    id: `run_${at}`,
    environment: 'a',
    ...more(at),
  }));
  const direction = { better: 'min', from: 'name' } as const;
  return { key: 'runs/train/val_loss', kind: 'runs', name: 'val_loss', direction, points };
}

const level = Array.from({ length: 20 }, (_, at) => 1 + ((at % 5) - 2) / 100);
const every = () => true;
const states = (given: BudgetRule, of: TrendSeries, isOfBase: (point: TrendPoint) => boolean = every) =>
  holdBudget(given, of, isOfBase).map(({ state, reason }) => `${state}: ${reason}`);

describe('holdBudget', () => {
  it('holds limits against the newest value', () => {
    expect(states(rule({ most: 0.4, least: 0.1 }), series([0.9, 0.5]))).toEqual([
      'broken: 0.5 is above 0.4.',
      'held: 0.5 is at least 0.1.',
    ]);
    expect(states(rule({ least: 0.6 }), series([0.9, 0.5]))).toEqual(['broken: 0.5 is below 0.6.']);
    expect(states(rule({ most: 1 }), series([Number.NaN]))).toEqual(['no data: It has no value yet.']);
  });

  it('breaks where the newest is worse by more than the share, and by more than noise', () => {
    expect(states(rule({ regression: 0.05 }), series([...level, 1.2]))).toEqual([
      'broken: 1.2 against 1 (+20 %), the median of 20 before.',
    ]);
    expect(states(rule({ regression: 0.05 }), series([...level, 0.7]))[0]).toMatch(/^held/);
    expect(states(rule({ regression: 0.01 }), series([...level, 1.02]))).toEqual([
      'held: 1.02 against 1 (+2 %), the median of 20 before, which is within noise of 0.04818.',
    ]);
    const more = { ...series([...level, 0.7]), direction: { better: 'max', from: 'name' } as const };
    expect(states(rule({ regression: 0.05 }), more)[0]).toMatch(/^broken/);
  });

  it('compares with a branch: what is newest beside it, or on it the newest with those before', () => {
    const against = rule({ regression: 0.05, base: { kind: 'branch', name: 'main' } });
    const isMain = ({ branch }: TrendPoint) => branch === 'main';
    const branches = (at: number) => ({ branch: at === 20 ? 'topic' : 'main' });
    const told = holdBudget(against, series([...level, 1.3, 1], branches), isMain);
    expect(told).toMatchObject([{ state: 'broken', newest: { id: 'run_20', branch: 'topic' }, against: 1 }]);
    const onMain = holdBudget(
      against,
      series([...level, 1.3], () => ({ branch: 'main' })),
      isMain,
    );
    expect(onMain).toMatchObject([{ state: 'broken', newest: { id: 'run_20' } }]);
  });

  it('holds the newest of a branch that is checked out, though other branches were measured, too', () => {
    const against = rule({ regression: 0.05, base: { kind: 'branch', name: 'main' } });
    const isMain = ({ branch }: TrendPoint) => branch === 'main';
    const measured = series([1, ...level, 1.3], (at) => ({ branch: at === 0 ? 'topic' : 'main' }));
    expect(holdBudget(against, measured, isMain, true)).toMatchObject([
      { state: 'broken', newest: { id: 'run_21' }, against: 1 },
    ]);
  });

  it('compares with few values by the share alone, and says that noise is not known', () => {
    const against = rule({ regression: 0.05, base: { kind: 'version', name: 'v1' } });
    const isTagged = ({ tags = [] }: TrendPoint) => tags.includes('v1');
    const few = series([1, 1.1], (at) => (at === 0 ? { tags: ['v1'] } : {}));
    expect(states(against, few, isTagged)).toEqual([
      'broken: 1.1 against 1 (+10 %), the median of 1 of v1; how much noise there is, is not known.',
    ]);
  });

  it('says why nothing can be said', () => {
    const asked = rule({ regression: 0.05 });
    expect(states(asked, { ...series([...level, 2]), direction: undefined })[0]).toMatch(
      /^no data: Nothing says/,
    );
    expect(states(asked, series([1, 2]))).toEqual(['no data: Only 1 to compare with (the 20 before).']);
    const moved = series([...level, 2], (at) => ({ environment: at === 20 ? 'b' : 'a' }));
    expect(states(asked, moved)).toEqual([
      'no data: No value to compare with (the 20 before); 20 of other environments are not compared.',
    ]);
  });
});

describe('budgetName', () => {
  it('says what a rule says, or its name', () => {
    expect(budgetName(rule({ most: 0.4 }))).toBe('val_loss ≤ 0.4');
    expect(budgetName(rule({ name: 'quick', most: 0.4 }))).toBe('quick');
    expect(budgetName(rule({ subject: 'duration', of: 'build', most: 90_000 }))).toBe(
      'duration of build ≤ 1 min 30 s',
    );
    expect(budgetName(rule({ regression: 0.05, base: { kind: 'branch', name: 'main' } }))).toBe(
      'val_loss no more than 5 % worse than main',
    );
  });
});
