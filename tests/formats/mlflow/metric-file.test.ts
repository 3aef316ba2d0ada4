import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import { readMetricText, seriesOf } from '../../../collector/formats/mlflow/metric-file.ts';

function read(text: string) {
  const findings: Finding[] = [];
  const points = readMetricText(text, 'm', (finding) => findings.push(finding));
  return {
    findings,
    points,
    series: points.values.length === 0 ? undefined : plainSeries(seriesOf('m', points)),
  };
}

describe('the file of a metric', () => {
  it('has a time in milliseconds, a value and a step a line', () => {
    const { series, findings } = read('1704117267257 0.0857 5\n1704117414249 4.6e-2 11\n');
    expect(findings).toEqual([]);
    expect(series).toMatchObject({
      values: [0.0857, 0.046],
      steps: [5, 11],
      timesUs: [1704117267257000, 1704117414249000],
    });
  });

  it('had no steps before version 1, and seconds: the values are counted', () => {
    expect(read('1543881218 1\n1543881219 2\n').series).toMatchObject({
      steps: [0, 1],
      timesUs: [1543881218000000, 1543881219000000],
    });
  });

  it('says 0 for each step that was not given: the values are counted then', () => {
    expect(read('1704117267257 1 0\n1704117267258 2 0\n1704117267259 3 0\n').series!.steps).toEqual([
      0, 1, 2,
    ]);
    expect(read('1704117267257 1 0\n1704117267258 2 1\n').series!.steps).toEqual([0, 1]);
  });

  it('may name a dataset behind the step', () => {
    expect(read('1704117267257 0.5 3 iris 9f3a\n').series).toMatchObject({ values: [0.5], steps: [3] });
  });

  it('has what is no number, as Python and others write it', () => {
    const { series } = read('1 nan 0\n1 inf 1\n1 -inf 2\n1 NaN 3\n1 Infinity 4\n');
    expect(series!.values).toEqual([Number.NaN, Infinity, -Infinity, Number.NaN, Infinity]);
  });

  it('keeps several values of a step, and sets aside what a resumed run went through before', () => {
    expect(read('1704117267001 1 1\n1704117267002 2 1\n1704117267003 3 2\n').series!.steps).toEqual([
      1, 1, 2,
    ]);
    const resumed = read(
      ['1 10', '2 20', '3 30', '2 21', '3 31', '4 41']
        .map((each, at) => `${1704117267000 + at} ${each.split(' ').reverse().join(' ')}\n`)
        .join(''),
    );
    expect(resumed.series).toMatchObject({ steps: [1, 2, 3, 4], values: [10, 21, 31, 41] });
    expect(resumed.series!.resumed).toMatchObject({ at: [2], earlier: { values: [20, 30] } });
  });

  it('is read but for the lines that are none, which are told once', () => {
    const { series, findings } = read(
      '1704117267257 0.5 0\nhello\n12\n1704117267258 x 1\n1704117267259 0.25 2\n',
    );
    expect(series!.values).toEqual([0.5, 0.25]);
    expect(findings).toMatchObject([
      { code: 'wrong-shape', line: 2, found: '3 lines that are none, the first "hello"' },
    ]);
  });

  it('gives back every value as it was logged, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noDefaultInfinity: true, noNaN: true }), { minLength: 1 }),
        (values) => {
          const text = values.map((value, at) => `${1704117267000 + at} ${value} ${at + 1}\n`).join('');
          expect(read(text).points.values).toEqual(values.map((value) => (Object.is(value, -0) ? 0 : value)));
        },
      ),
    );
  });

  it('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void read(text)));
  });
});
