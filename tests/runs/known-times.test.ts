import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoMicros } from '../../collector/base/time.ts';
import type { Finding } from '../../collector/formats/findings/finding.ts';
import type { Evidence } from '../../collector/runs/evidence.ts';
import { withKnownTimes } from '../../collector/runs/known-times.ts';
import { readBook } from '../run-books.ts';

const benchmarks = (date: string) =>
  `window.BENCHMARK_DATA = {"entries":{"s":[{"commit":{"id":"0123456789abcdef","timestamp":"2026-01-02T03:04:05Z"},"date":${date},"tool":"go","benches":[{"name":"x","value":1,"unit":"ns/op"}]}]}}`;

describe('a time that is in no calendar', () => {
  it('is told of, and the run is shown without it', async () => {
    const { runs, findings } = await readBook({
      'bench/data.js': benchmarks('1e300'),
      'junit.xml':
        '<testsuite name="s" timestamp="2026-01-02T03:04:05Z" time="1e308"><testcase name="a"/></testsuite>',
    });
    expect(runs).toMatchObject([
      { key: 'bench/data.js/s/0123456789ab', atUs: undefined, metrics: { 'x (ns/op)': 1 } },
      {
        key: 'junit.xml',
        startedAtUs: Date.parse('2026-01-02T03:04:05Z') * 1000,
        endedAtUs: undefined,
        durationMs: undefined,
        metrics: { tests: 1 },
      },
    ]);
    expect(findings.map(({ code, file, found }) => [code, file, found])).toEqual([
      ['bad-time', 'bench/data.js', '1e+303 microseconds since 1970'],
      ['bad-time', 'junit.xml', 'Infinity microseconds since 1970, a duration of Infinity'],
    ]);
  });

  it('never comes through, and all others do', () => {
    const us = fc.oneof(fc.double(), fc.integer(), fc.constant(253_402_300_800e6));
    fc.assert(
      fc.property(us, us, us, (startedAtUs, atUs, durationMs) => {
        const evidence: Evidence = {
          source: 'junit',
          file: 'junit.xml',
          folder: '',
          prefix: '',
          says: {
            startedAtUs,
            roughDurationMs: durationMs,
            span: { fromUs: atUs, durationMs },
            history: [{ atUs, word: 'done', status: 'completed' }],
          },
        };
        const findings: Finding[] = [];
        const told = withKnownTimes(evidence, (finding) => findings.push(finding));
        const { says } = told;
        for (const each of [
          says.startedAtUs,
          says.history![0]?.atUs,
          says.span && says.span.fromUs! + says.span.durationMs * 1000,
        ])
          if (each !== undefined) expect(isoMicros(Math.round(each))).toMatch(/^\d{4}-\d\d-\d\dT/);
        expect(told === evidence).toBe(findings.length === 0);
      }),
    );
  });
});
