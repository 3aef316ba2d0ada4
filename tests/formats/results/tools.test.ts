import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readCriterion } from '../../../collector/formats/results/criterion.ts';
import { readGoBench } from '../../../collector/formats/results/go-bench.ts';
import { readHyperfine } from '../../../collector/formats/results/hyperfine.ts';
import { readK6 } from '../../../collector/formats/results/k6.ts';
import { readLighthouse } from '../../../collector/formats/results/lighthouse.ts';
import { type MeasuredRun, metricName } from '../../../collector/formats/results/measured.ts';
import { readPytestBenchmark } from '../../../collector/formats/results/pytest-benchmark.ts';

type Report = (finding: Finding) => void;

/** The first run of a file, its values with what is better, and what was found reading it. */
function read(reader: (report: Report) => MeasuredRun | MeasuredRun[] | undefined) {
  const findings: Finding[] = [];
  const runs = [reader((finding) => findings.push(finding)) ?? []].flat();
  const valuesOf = (run: MeasuredRun | undefined) =>
    (run?.values ?? []).map((each) => [metricName(each), each.value, each.better]);
  return { run: runs[0], runs, values: valuesOf(runs[0]), valuesOf, findings };
}
const json =
  (reader: (text: string, file: string, report: Report) => MeasuredRun | undefined) => (value: unknown) =>
    read((report) => reader(typeof value === 'string' ? value : JSON.stringify(value), 'x.json', report));

describe('pytest-benchmark', () => {
  const parse = json(readPytestBenchmark);
  const benchmark = (fullname: string, median: unknown) => ({ fullname, stats: { median, mean: 9 } });
  const file = (...benchmarks: unknown[]) => ({
    machine_info: {
      processor: '',
      machine: 'x86_64',
      system: 'Linux',
      python_version: '3.11.7',
      cpu: { brand_raw: 'AMD EPYC' },
    },
    commit_info: { id: '9d4e4206', time: '2026-11-28T05:18:20+00:00', dirty: true, branch: 'main' },
    benchmarks,
    datetime: '2026-11-28T05:20:55.858322+00:00',
    version: '5.3.0',
  });

  it('is the median of each benchmark, with commit, time and what it was measured on', () => {
    const { run, values, findings } = parse(file(benchmark('t.py::a', 0.25), benchmark('t.py::b', 2)));
    expect(findings).toEqual([]);
    expect(values).toEqual([
      ['t.py::a (s)', 0.25, 'min'],
      ['t.py::b (s)', 2, 'min'],
    ]);
    expect(run).toMatchObject({
      atUs: Date.parse('2026-11-28T05:20:55.858Z') * 1000 + 322,
      commit: '9d4e4206',
      environment: { processor: 'AMD EPYC', os: 'Linux', arch: 'x86_64', python: '3.11.7' },
    });
    expect(run!.facts).toContainEqual(['Work tree', 'with changes']);
  });

  it('has the time of the commit where it has no other, and tells of what is no benchmark', () => {
    const { datetime: _datetime, ...undated } = file({ name: 'a' }, benchmark('b', 1));
    const { run, values, findings } = parse(undated);
    expect(run!.atUs).toBe(Date.parse('2026-11-28T05:18:20Z') * 1000);
    expect(values).toEqual([['b (s)', 1, 'min']]);
    expect(findings).toMatchObject([{ code: 'wrong-shape', file: 'x.json', found: 'a' }]);
  });
});

describe('hyperfine', () => {
  const parse = json(readHyperfine);

  it('is the median of each command, without a time', () => {
    const { run, values, findings } = parse({
      results: [
        { command: 'sleep 0.1', mean: 0.2, median: 0.1, times: [0.1], exit_codes: [0] },
        { command: 'false', mean: 0.5, exit_codes: [1] },
        { mean: 1 },
      ],
    });
    expect(values).toEqual([
      ['sleep 0.1 (s)', 0.1, 'min'],
      ['false (s)', 0.5, 'min'],
    ]);
    expect(run).toMatchObject({ status: 'completed', facts: [['Failed now and then', 'false']] });
    expect(run!.atUs).toBeUndefined();
    expect(findings).toMatchObject([{ code: 'wrong-shape', found: 'none' }]);
  });

  it('says which line of a broken file is wrong', () => {
    expect(parse('{"results": [\n{"command": }\n]}').findings).toMatchObject([
      { code: 'broken-json', line: 2, expected: expect.stringContaining('hyperfine') },
    ]);
    expect(parse('[]').findings).toMatchObject([{ code: 'wrong-schema' }]);
  });
});

describe('Go’s benchmarks', () => {
  const parse = (text: string) => read((report) => readGoBench(text, 'bench.txt', report));
  const head = 'goos: linux\ngoarch: amd64\npkg: example.org/x\ncpu: AMD EPYC\n';

  it('are values in all their units, by the median of all counts', () => {
    const { run, values, findings } = parse(
      `${head}BenchmarkFib-8   \t 100\t 30 ns/op\t 8 B/op\t 1 allocs/op\nBenchmarkFib-8\t100\t10 ns/op\t8 B/op\t1 allocs/op\nBenchmarkFib-8\t100\t20.5 ns/op\t8 B/op\t1 allocs/op\nBenchmarkCopy/n=1-8 \t5\t2.5 ns/op\t400.25 MB/s\nPASS\nok  \texample.org/x\t1.2s\n`,
    );
    expect(findings).toEqual([]);
    expect(values).toEqual([
      ['BenchmarkFib (ns/op)', 20.5, 'min'],
      ['BenchmarkFib (B/op)', 8, 'min'],
      ['BenchmarkFib (allocs/op)', 1, 'min'],
      ['BenchmarkCopy/n=1 (ns/op)', 2.5, 'min'],
      ['BenchmarkCopy/n=1 (MB/s)', 400.25, 'max'],
    ]);
    expect(run).toMatchObject({
      id: undefined,
      params: { gomaxprocs: 8 },
      environment: { processor: 'AMD EPYC', os: 'linux', arch: 'amd64' },
      atUs: undefined,
    });
    expect(run!.facts).toContainEqual(['Measured', '3 times']);
  });

  it('are a run for each commit that a file names, with its time', () => {
    const at = (commit: string, day: number, value: number) =>
      `commit: ${commit}\ncommit-time: 2016-02-0${day}T13:25:45-05:00\nBenchmarkA-1 1 ${value} ns/op\nBenchmarkA-2 1 3 ns/op\n`;
    const { runs, valuesOf } = parse(at('7cd9055', 1, 5) + at('8cd9055', 2, 6));
    expect(runs.map(({ id, commit, atUs }) => [id, commit, atUs])).toEqual([
      ['7cd9055', '7cd9055', Date.parse('2016-02-01T18:25:45Z') * 1000],
      ['8cd9055', '8cd9055', Date.parse('2016-02-02T18:25:45Z') * 1000],
    ]);
    expect(valuesOf(runs[1])).toEqual([
      ['BenchmarkA-1 (ns/op)', 6, 'min'],
      ['BenchmarkA-2 (ns/op)', 3, 'min'],
    ]);
  });

  it('are none in other texts, and that is said', () => {
    expect(parse('Benchmark results\nBenchmarkA fast\n')).toMatchObject({
      runs: [],
      findings: [{ code: 'wrong-schema' }],
    });
  });
});

describe('criterion', () => {
  const file = (path: string, value: unknown) => ({
    path: `target/criterion/${path}`,
    text: JSON.stringify(value),
  });

  it('is a run for each baseline, with the slope or else the mean', () => {
    const { runs, valuesOf, findings } = read((report) =>
      readCriterion(
        [
          file('fib/20/new/estimates.json', { mean: { point_estimate: 5 }, slope: { point_estimate: 4.5 } }),
          file('fib/20/new/benchmark.json', { full_id: 'fib/n 20' }),
          file('sort/new/estimates.json', { mean: { point_estimate: 7 }, slope: null }),
          file('sort/main/estimates.json', { mean: { point_estimate: 8 } }),
          file('bad/new/estimates.json', { mean: {} }),
        ],
        'target/criterion',
        report,
      ),
    );
    expect(runs.map(({ id }) => id)).toEqual([undefined, 'main']);
    expect(valuesOf(runs[0])).toEqual([
      ['fib/n 20 (ns/iter)', 4.5, 'min'],
      ['sort (ns/iter)', 7, 'min'],
    ]);
    expect(valuesOf(runs[1])).toEqual([['sort (ns/iter)', 8, 'min']]);
    expect(findings).toMatchObject([
      { code: 'wrong-schema', file: 'target/criterion/bad/new/estimates.json' },
    ]);
  });
});

describe('k6', () => {
  const parse = json(readK6);

  it('is read as handleSummary is given it, a limit that was not kept being a failure', () => {
    const { run, values } = parse({
      state: { testRunDurationMs: 5000.5 },
      metrics: {
        http_req_duration: {
          type: 'trend',
          contains: 'time',
          values: { avg: 5, min: 1, med: 4, max: 9, 'p(95)': 8 },
          thresholds: { 'p(95)<5': { ok: false }, 'avg<9': { ok: true } },
        },
        http_reqs: { type: 'counter', contains: 'default', values: { count: 10, rate: 2.5 } },
        checks: { type: 'rate', values: { rate: 0.9, passes: 9, fails: 1 } },
        vus: { type: 'gauge', values: { value: 3, min: 1, max: 5 } },
      },
    });
    expect(values).toEqual([
      ['http_req_duration avg (ms)', 5, 'min'],
      ['http_req_duration med (ms)', 4, 'min'],
      ['http_req_duration p(95) (ms)', 8, 'min'],
      ['http_reqs', 10, undefined],
      ['http_reqs rate (/s)', 2.5, 'max'],
      ['checks', 0.9, 'max'],
      ['vus', 3, undefined],
    ]);
    expect(run).toMatchObject({
      status: 'failed',
      durationMs: 5000.5,
      error: 'limits that were not kept: http_req_duration p(95)<5',
    });
  });

  it('is read as --summary-export writes it, where "true" is a limit that was crossed', () => {
    const { run, values } = parse({
      metrics: {
        'http_req_waiting{a:b}': { avg: 5, med: 4, 'p(90)': 7, thresholds: { 'avg<9': false } },
        http_req_failed: { passes: 0, fails: 10, value: 0 },
      },
    });
    expect(run!.status).toBe('completed');
    expect(values).toEqual([
      ['http_req_waiting{a:b} avg (ms)', 5, 'min'],
      ['http_req_waiting{a:b} med (ms)', 4, 'min'],
      ['http_req_waiting{a:b} p(90) (ms)', 7, 'min'],
      ['http_req_failed', 0, 'min'],
    ]);
    expect(parse({ metrics: { a: { avg: 1, thresholds: { 'avg<1': true } } } }).run!.status).toBe('failed');
  });

  it('is not the settings of a test', () => {
    expect(parse({ scenarios: {} })).toMatchObject({ runs: [], findings: [{ severity: 'note' }] });
  });
});

describe('Lighthouse', () => {
  const parse = json(readLighthouse);
  const report = {
    lighthouseVersion: '12.0.0',
    requestedUrl: 'https://a.example/',
    finalDisplayedUrl: 'https://a.example/en',
    fetchTime: '2024-01-01T00:00:00.000Z',
    configSettings: { formFactor: 'mobile' },
    timing: { total: 12_000 },
    categories: { performance: { score: 0.92 }, pwa: { score: null } },
    audits: {
      'largest-contentful-paint': {
        scoreDisplayMode: 'numeric',
        numericValue: 1234.5,
        numericUnit: 'millisecond',
      },
      'cumulative-layout-shift': { scoreDisplayMode: 'numeric', numericValue: 0.01, numericUnit: 'unitless' },
      'network-rtt': { scoreDisplayMode: 'informative', numericValue: 3 },
    },
  };

  it('is the score of each category and each audit that is a number, of one page and device', () => {
    const { run, values } = parse(report);
    expect(values).toEqual([
      ['performance score', 0.92, 'max'],
      ['largest-contentful-paint (ms)', 1234.5, 'min'],
      ['cumulative-layout-shift', 0.01, 'min'],
    ]);
    expect(run).toMatchObject({
      group: 'https://a.example/en (mobile)',
      status: 'completed',
      startedAtUs: Date.parse('2024-01-01T00:00:00Z') * 1000,
      durationMs: 12_000,
    });
  });

  it('failed where it says why', () => {
    const runtimeError = { code: 'NO_FCP', message: 'The page did not paint anything.' };
    expect(parse({ ...report, runtimeError }).run).toMatchObject({
      status: 'failed',
      error: runtimeError.message,
    });
    expect(parse({ ...report, runtimeError: { code: 'NO_ERROR' } }).run!.status).toBe('completed');
  });

  it('is not every report', () => {
    expect(parse({ chunks: [] })).toMatchObject({ runs: [], findings: [{ code: 'wrong-schema' }] });
  });
});
