import { describe, expect, it } from 'vitest';
import { readBook } from '../../../run-books.ts';

const entry = (commit: string, value: number, unit = 'ns/iter') => ({
  commit: { id: commit.repeat(40), message: 'm', timestamp: '2024-01-01T00:00:00Z' },
  date: 1_717_061_963_631,
  tool: 'cargo',
  benches: [{ name: 'fib', value, unit }],
});
const dataJs = (...entries: object[]) =>
  `window.BENCHMARK_DATA = ${JSON.stringify({ entries: { Rust: entries } })}`;

describe('results', () => {
  it('are a run for each commit, with the unit in the name of each metric', async () => {
    const { runs, findings } = await readBook({
      'dev/bench/data.js': dataJs(entry('a', 5), entry('b', 6, 'us/iter')),
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'dev/bench/data.js/Rust/aaaaaaaaaaaa',
        name: 'aaaaaaa',
        identifier: 'Rust',
        status: 'completed',
        atUs: 1_717_061_963_631_000,
        metrics: { 'fib (ns/iter)': 5 },
        directions: { 'fib (ns/iter)': 'min' },
        origin: { commit: 'a'.repeat(40) },
      },
      { metrics: { 'fib (us/iter)': 6 } },
    ]);
  });

  it('are told apart where a file has a name twice', async () => {
    const twice = { ...entry('a', 1), benches: [1, 2, 3].map((value) => ({ name: 'x', value })) };
    const { runs } = await readBook({ 'bench/data.js': dataJs(twice) });
    expect(runs[0]!.metrics).toEqual({ x: 1, 'x #2': 2, 'x #3': 3 });
  });
});
