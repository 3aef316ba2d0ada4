import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { MetricsReading } from '../../../collector/formats/metrics/metrics.ts';
import { isMetricName, serializeMetrics } from '../../../collector/formats/metrics/points.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import { jsonValue } from '../../json-values.ts';

function read(lines: readonly (string | Buffer)[]) {
  const findings: Finding[] = [];
  const reading = new MetricsReading('m', (finding) => findings.push(finding));
  for (const [index, line] of lines.entries()) {
    const bytes = Buffer.from(line);
    reading.addLine(bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes, index + 1, true);
  }
  return { record: reading.finish(), findings };
}

const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 1e-300));
const metricName = fc
  .oneof(fc.string(), fc.constantFrom('loss', 'val/loss', 'AVG- AUC', 'a.b', 'constructor'))
  .filter(isMetricName);
const point = fc.record({
  id: fc.uuid(),
  step: fc.option(fc.integer(), { nil: undefined }),
  epoch: fc.option(fc.integer({ min: 0 }), { nil: undefined }),
  time: fc.constant('2025-12-22T02:20:57.454420Z'),
  values: fc.dictionary(metricName, number, { minKeys: 1, maxKeys: 5 }),
});

describe('a line of metrics', () => {
  it('counts whole where a number in it is one that JSON does not have', () => {
    const { record, findings } = read([
      '{"step":1,"loss":nan,"acc":0.2}',
      '{"step":2,"loss":-nan(ind),"acc":0.3}',
      '{"step":3,"loss":-inf,"acc":0.4}',
      '{"step":4,"loss":"-nan","acc":0.5}',
    ]);
    expect(findings).toEqual([]);
    expect([...record.series.get('acc')!.values]).toEqual([0.2, 0.3, 0.4, 0.5]);
    expect([...record.series.get('loss')!.values]).toEqual([Number.NaN, Number.NaN, -Infinity, Number.NaN]);
  });

  it('is read as what was written, whatever names and numbers it has', () => {
    fc.assert(
      fc.property(point, (given) => {
        const { record, findings } = read([serializeMetrics(given)]);
        expect(findings).toEqual([]);
        const values = Object.entries(given.values).map(([name, value]) => [
          name,
          Object.is(value, -0) ? 0 : value,
        ]);
        const got = [...record.series.values()].filter(({ name }) => name !== 'epoch');
        expect(got.map(({ name, values: [value] }) => [name, value])).toEqual(values);
        expect([...got[0]!.steps]).toEqual([given.step ?? given.epoch ?? 0]);
        expect([...got[0]!.timesUs!]).toEqual([1766370057454420]);
      }),
    );
  });

  it('that was written twice is one point, and a spliced one is none', () => {
    const first = serializeMetrics({ id: 'a', time: '2025-12-22T02:20:57.454420Z', values: { loss: 0.25 } });
    const second = serializeMetrics({ id: 'b', time: '2025-12-22T02:20:58.454420Z', values: { loss: 0.5 } });
    const spliced = first.toString().replace('0.25', '0.35');
    const { record, findings } = read([first, second, first, spliced]);
    expect([...record.series.get('loss')!.values]).toEqual([0.25, 0.5]);
    expect(findings.map(({ code, line }) => [code, line])).toEqual([['bad-checksum', 4]]);
  });

  it('loses nothing and invents nothing when a byte of it changes', () => {
    const line = serializeMetrics({
      id: 'a',
      time: '2025-12-22T02:20:57.454420Z',
      step: 3,
      values: { loss: 0.25, iou: Number.NaN },
    });
    fc.assert(
      fc.property(fc.nat(line.length - 2), fc.integer({ min: 32, max: 126 }), (at, byte) => {
        fc.pre(line[at] !== byte);
        const changed = Buffer.from(line);
        changed[at] = byte;
        const { record, findings } = read([changed]);
        // Only the name of the checksum itself can change without being noticed: then it is a line without one.
        if (record.lines === 1) expect(changed.toString()).not.toContain(',"_crc":"');
        else expect(findings.length).toBe(1);
      }),
      { numRuns: 4000 },
    );
  });

  it.each([
    ['{"step":5,"epoch":1,"loss":1}', [5], undefined],
    ['{"global_step":6,"loss":1}', [6], undefined],
    ['{"epoch":7,"loss":1}', [7], undefined],
    ['{"loss":1}', [0], undefined],
    ['{"_step":8,"_timestamp":1766370057.5,"_runtime":3,"loss":1}', [8], 1766370057500000],
    ['{"timestamp":"2025-12-22T02:20:57","loss":1}', [0], 1766370057000000],
    ['{"time":12.5,"loss":1}', [0], undefined],
  ])('%s has step and time', (line, steps, atUs) => {
    const { record } = read([line]);
    expect([...record.series.keys()].filter((name) => name !== 'epoch')).toEqual(['loss']);
    expect(plainSeries(record.series.get('loss')!)).toMatchObject({ steps, timesUs: [atUs] });
  });

  it('is never a reason to throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.json(),
            jsonValue().map((value) => JSON.stringify(value)),
          ),
        ),
        (lines) => {
          const { record } = read(lines);
          expect(record.lines).toBeLessThanOrEqual(lines.length);
        },
      ),
    );
  });
});
