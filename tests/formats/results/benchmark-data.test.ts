import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readBenchmarkData } from '../../../collector/formats/results/benchmark-data.ts';

function read(text: string) {
  const findings: Finding[] = [];
  const runs = readBenchmarkData(text, 'bench/data.js', (finding) => findings.push(finding));
  return { runs, findings };
}

const entry = (at: number, benches: object[] = [{ name: 'fib', value: at, unit: 'ns/iter' }]) => ({
  commit: {
    author: { name: 'Ada', email: 'ada@example.org' },
    id: `${at}`.repeat(40).slice(0, 40),
    message: 'Make it faster\n\nLong story.',
    timestamp: '2024-05-30T09:32:54+09:30',
    url: 'https://example.org/c',
  },
  date: 1_717_061_963_631,
  tool: 'cargo',
  benches,
});
const script = (entries: object, lead = 'window.BENCHMARK_DATA = ') =>
  `${lead}${JSON.stringify({ lastUpdate: 1, repoUrl: 'x', entries }, undefined, 2)}`;

describe('readBenchmarkData', () => {
  it('makes a run of each entry, with commit, time and values', () => {
    const { runs, findings } = read(script({ 'Rust Benchmark': [entry(1)] }));
    expect(findings).toEqual([]);
    expect(runs).toEqual([
      {
        id: 'Rust Benchmark/111111111111',
        name: '1111111',
        group: 'Rust Benchmark',
        status: 'completed',
        atUs: 1_717_061_963_631_000,
        zoneless: false,
        commit: '1'.repeat(40),
        description: 'Make it faster',
        values: [{ name: 'fib', unit: 'ns/iter', value: 1, better: 'min' }],
        facts: [
          ['Author', 'Ada'],
          ['Committed', '2024-05-30T09:32:54+09:30'],
          ['Link', 'https://example.org/c'],
          ['Tool', 'cargo'],
        ],
      },
    ]);
  });

  it.each([
    ['cargo', 'ns/iter', 'min'],
    ['pytest', 'iter/sec', 'max'],
    ['benchmarkjs', 'ops/sec', 'max'],
    ['jmh', 'ops/s', 'max'],
    ['go', 'B/op', 'min'],
    ['go', 'auxMetricUnits', undefined],
    ['catch2', 'us', 'min'],
    ['customBiggerIsBetter', 'ms', 'max'],
    ['customSmallerIsBetter', 'points', 'min'],
  ])('knows what is better: %s, %s', (tool, unit, better) => {
    const { runs } = read(script({ s: [{ ...entry(1, [{ name: 'a', value: 1, unit }]), tool }] }));
    expect(runs[0]!.values[0]!.better).toBe(better);
  });

  it('tells apart what was measured twice on one commit, and takes the time of the commit where no other is', () => {
    const { date: _date, ...undated } = entry(2);
    const { runs } = read(script({ s: [entry(2), undated] }));
    expect(runs.map(({ id }) => id)).toEqual(['s/222222222222', 's/222222222222-2']);
    expect(runs[1]!.atUs).toBe(Date.parse('2024-05-30T00:02:54Z') * 1000);
  });

  it.each(['', 'window.BENCHMARK_DATA=', 'const data =\n', 'var BENCHMARK_DATA = '])(
    'reads it behind %j, with or without a semicolon',
    (lead) => {
      for (const end of ['', ';\n'])
        expect(read(script({ s: [entry(1)] }, lead) + end)).toMatchObject({ runs: [{}], findings: [] });
    },
  );

  it('reads every whole entry of a damaged file, and says which line is wrong', () => {
    const text = script({ a: [entry(1), entry(2)], b: [entry(3), entry(4)] });
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('"2222'));
    const merged = lines.toSpliced(at, 0, '<<<<<<< HEAD').join('\n');
    const { runs, findings } = read(merged);
    expect(runs.map(({ id }) => id)).toEqual(['a/111111111111', 'b/333333333333', 'b/444444444444']);
    expect(findings).toMatchObject([{ code: 'broken-json', file: 'bench/data.js', line: at + 1 }]);
  });

  it('names entries and benches that are none, and reads the others', () => {
    const { runs, findings } = read(
      script({
        s: [
          7,
          entry(1, [
            { name: 'a', value: 'fast' },
            { name: 'b', value: 2 },
          ]),
        ],
        t: {},
      }),
    );
    expect(runs).toMatchObject([{ values: [{ name: 'b', value: 2, unit: undefined }] }]);
    expect(findings.map(({ expected }) => expected)).toEqual([
      'a list of entries for the suite "t"',
      'entry 1 of "s" with commit and benches',
      'benches with name and value in entry 2 of "s"',
    ]);
  });

  it('never runs what it reads', () => {
    const { runs, findings } = read('globalThis.wasRun = true; window.BENCHMARK_DATA = {"entries":{}}');
    expect([runs, findings.length, 'wasRun' in globalThis]).toEqual([[], 1, false]);
  });

  it('finds no entry in a part of a file that is not whole in it, wherever it was cut', () => {
    const text = script({ a: [entry(1), entry(2)], b: [entry(3)] });
    fc.assert(
      fc.property(fc.nat(text.length - 3), (at) => {
        const { runs, findings } = read(text.slice(0, at));
        const whole = [1, 2, 3].filter((each) => {
          const start = text.indexOf(`"${String(each).repeat(40)}"`);
          return text.indexOf('\n      }', start) + 8 <= at;
        });
        expect(runs.map(({ commit }) => Number(commit![0]))).toEqual(whole);
        expect(findings.length).toBeGreaterThan(0);
      }),
    );
  });
});
