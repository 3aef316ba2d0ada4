import { describe, expect, it } from 'vitest';
import { seriesOfRuns } from '../../../../collector/trends/of-runs.ts';
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

  it('lie in any data.js that says so', async () => {
    const { runs, findings } = await readBook({
      'perf/data.js': dataJs(entry('a', 1)),
      'src/data.js': 'export const data = {};',
      'data.js': '',
    });
    expect(findings).toEqual([]);
    expect(runs.map(({ key }) => key)).toEqual(['perf/data.js/Rust/aaaaaaaaaaaa']);
  });

  it('are told apart where a file has a name twice', async () => {
    const twice = { ...entry('a', 1), benches: [1, 2, 3].map((value) => ({ name: 'x', value })) };
    const { runs } = await readBook({ 'bench/data.js': dataJs(twice) });
    expect(runs[0]!.metrics).toEqual({ x: 1, 'x #2': 2, 'x #3': 3 });
  });

  it('of tests are found by name, and by what a file of another name begins with', async () => {
    const suite = (name: string) =>
      `<testsuite name="${name}"><testcase name="${name}" time="1"/></testsuite>`;
    const { runs, findings } = await readBook({
      'a/junit.xml': suite('a'),
      'b/results.xml': suite('b'),
      'c/results.xml': '<annotation/>',
      'surefire-reports/TEST-x.A.xml': suite('A'),
      'surefire-reports/TEST-x.B.xml': suite('B'),
      'report.xml': 'no xml',
      'examples/junit-basic.xml': suite('basic'),
      'examples/conventions.xml': suite('conventions'),
      'examples/pom.xml': '<project/>',
      'examples/coverage.xml': '<coverage line-rate="0.5"/>',
      'examples/feed.xml': '<rss/>',
      'feeds/conventions.xml': suite('not looked at'),
    });
    expect(findings).toEqual([]);
    expect(runs.map(({ key, metrics }) => [key, metrics['tests']])).toEqual([
      ['a/junit.xml', 1],
      ['b/results.xml', 1],
      ['examples/conventions.xml', 1],
      ['examples/coverage.xml', undefined],
      ['examples/junit-basic.xml', 1],
      ['surefire-reports', 2],
    ]);
    expect(runs.at(-1)!.files.map(({ path }) => path)).toEqual(['surefire-reports/TEST-x.A.xml']);
  });

  it('that were written again and again have one identifier, and a failed run of tests is a point of its series', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `reports/2024-01-${at + 10}/junit.xml`,
        `<testsuite name="s" timestamp="2024-01-${at + 10}T00:00:00Z" time="1"><testcase name="x" time="1">${at > 5 ? '<failure/>' : ''}</testcase></testsuite>`,
      ]),
    );
    const { runs } = await readBook(files);
    const series = seriesOfRuns(runs, { by: [], better: {} });
    const points = (name: string) =>
      series.find(({ key }) => key === `runs/reports/*/junit.xml/${name}`)?.points;
    expect(points('failures')?.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(points('x (s)')).toHaveLength(12);
    expect(points('duration')).toHaveLength(6);
  });

  it('in the folder of a run are part of it, told apart by the file where two have a name', async () => {
    const suite =
      '<testsuite name="s"><testcase name="x" time="1"/><testcase name="y" time="1"/></testsuite>';
    const { runs } = await readBook({
      'runs/1/run.lock': 'config:\n  lr: 0.1\ntimestamp: "2026-01-02T03:04:05"\n',
      'runs/1/junit-a.xml': suite,
      'runs/1/junit-b.xml': suite.replace('<testcase name="y" time="1"/>', ''),
      'runs/2/junit-a.xml': suite,
      'runs/2/junit-b.xml': suite,
    });
    expect(runs.map(({ key }) => key)).toEqual(['runs/1', 'runs/2/junit-a.xml', 'runs/2/junit-b.xml']);
    expect(runs[0]).toMatchObject({
      identifier: 'runs',
      name: '1',
      status: 'completed',
      params: { lr: 0.1 },
      directions: { failures: 'min' },
    });
    const tests = Object.entries(runs[0]!.metrics).filter(([name]) => name.startsWith('tests'));
    expect(tests).toEqual([
      ['tests', 1],
      ['tests (runs/1/junit-a.xml)', 2],
    ]);
  });

  it('of tools are found by name, and left alone where a name that others use holds something else', async () => {
    const pytest = '{"machine_info":{},"commit_info":{},"benchmarks":[{"name":"a","stats":{"median":1}}]}';
    const estimates = '{"mean":{"point_estimate":1}}';
    const { runs, findings } = await readBook({
      '.benchmarks/Linux-64bit/0001_a.json': pytest,
      '.benchmarks/Linux-64bit/0002_b.json': pytest,
      'data/0001_a.json': pytest,
      'bench/benchmark.json': pytest,
      'x/benchmark.json': '{"name": "settings of something"}',
      'x/k6.json': '{"scenarios": {}}',
      'x/summary.json': '{"metrics": {"a": {"value": 1}}}',
      'k6-out/summary.json': '{"metrics":{"vus":{"value":1}}}',
      'lighthouse.config.json': '{}',
      'bench.txt': 'notes about a bench',
      'target/criterion/a/new/estimates.json': estimates,
      'target/criterion/a/base/estimates.json': estimates,
      'target/criterion/a/change/estimates.json': estimates,
      'target/criterion/a/old/estimates.json': estimates,
    });
    expect(findings).toEqual([]);
    expect(runs.map(({ key, identifier }) => [key, identifier])).toEqual([
      ['.benchmarks/Linux-64bit/0001_a.json', '.benchmarks/Linux-64bit'],
      ['.benchmarks/Linux-64bit/0002_b.json', '.benchmarks/Linux-64bit'],
      ['bench/benchmark.json', 'bench/benchmark.json'],
      ['k6-out/summary.json', 'k6-out/summary.json'],
      ['target/criterion', 'target/criterion'],
      ['target/criterion/old', 'target/criterion'],
    ]);
  });
});
