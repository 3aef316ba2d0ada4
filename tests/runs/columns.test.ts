import { describe, expect, it } from 'vitest';
import { mostTelling, runColumns, tellingWeight } from '../../collector/runs/columns.ts';

const run = (
  params: Record<string, string | number>,
  metrics: Record<string, number> = {},
  directions: Record<string, 'min' | 'max'> = {},
) => ({ params, metrics, directions });

function telling(runs: ReturnType<typeof run>[], most = 9): Record<string, string[]> {
  const all = runColumns(runs);
  const of = (kind: 'param' | 'metric') =>
    mostTelling(
      all.filter((column) => column.kind === kind),
      tellingWeight,
      { among: runs.length, most },
    ).map(({ name }) => name);
  return { params: of('param'), metrics: of('metric') };
}

describe('columns that tell', () => {
  it('are parameters that vary, and metrics that do', () => {
    const runs = [1, 2, 3].map((seed) =>
      run({ seed, width: 64 }, { loss: seed / 10, epochs: 5, acc: 0.5 + seed }),
    );
    expect(telling(runs, 2)).toEqual({ params: ['seed'], metrics: ['loss', 'acc'] });
  });

  it('are those that most runs have, and of as many one whose direction is recorded', () => {
    const runs = [1, 2, 3, 4].map((at) =>
      run({}, { a: at, b: at, c: at, ...(at > 2 && { d: at }) }, { c: 'max' }),
    );
    expect(telling(runs, 1).metrics).toEqual(['c']);
    expect(telling(runs, 3).metrics).toEqual(['a', 'b', 'c']);
  });

  it('are none that were measured of the machine', () => {
    const runs = [1, 2, 3].map((at) => run({}, { 'system/cpu': at, 'system/memory': at, loss: at }));
    expect(telling(runs).metrics).toEqual(['loss']);
  });

  it('are two at most of those that few runs have', () => {
    const runs = Array.from({ length: 20 }, (_, at) =>
      run(at < 2 ? { a: at, b: at, c: at, seed: at } : { seed: at }),
    );
    expect(telling(runs).params).toEqual(['a', 'seed']);
  });

  it('are the same for the same runs, and survive names that objects inherit', () => {
    const runs = [1, 2].map((at) =>
      run(Object.assign(Object.create(null), { constructor: at, ['__proto__']: at })),
    );
    expect(telling(runs)).toEqual(telling(runs));
    expect(telling(runs).params).toContain('constructor');
  });
});
