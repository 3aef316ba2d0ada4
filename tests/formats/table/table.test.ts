import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import { seriesOfTable, stepColumnOf } from '../../../collector/formats/table/series.ts';
import { readTable } from '../../../collector/formats/table/table.ts';

function table(text: string) {
  const findings: Finding[] = [];
  return { table: readTable(text, 'x.csv', (finding) => findings.push(finding)), findings };
}

function series(text: string, step?: string) {
  const findings: Finding[] = [];
  const report = (finding: Finding) => findings.push(finding);
  const read = seriesOfTable(readTable(text, 'x.csv', report)!, 'x.csv', report, step);
  const points = [...read.record.series.values()].map((each) => {
    const { name, steps, values } = plainSeries(each);
    return [name, steps, values];
  });
  return { points, step: read.step, record: read.record, findings };
}

describe('a table', () => {
  it.each([
    ['commas', 'a,b\n1,2\n', ','],
    ['tabs', 'a\tb\n1\t2\n', '\t'],
    ['semicolons, with decimal commas in cells', 'a;b\n1;"2,5"\n', ';'],
    ['a byte order mark, spaces and empty lines', '\ufeff  a ,  b\r\n\r\n 1 , 2 \r\n', ','],
  ])('is read with %s', (_, text, delimiter) => {
    expect(table(text).table).toMatchObject({ columns: ['a', 'b'], delimiter });
  });

  it('keeps what stands between quotation marks, and names columns that have none or the same', () => {
    expect(table('name,,a,a\n"x, ""y""\nz",1,2,3\n').table).toEqual({
      columns: ['name', 'column 2', 'a', 'a (2)'],
      rows: [['x, "y"\nz', '1', '2', '3']],
      delimiter: ',',
    });
  });

  it('reads rows that are too short or too long, and says where the first is', () => {
    const { table: read, findings } = table('a,b\n1,2\n3\n4,5,6\n');
    expect(read?.rows).toEqual([['1', '2'], ['3'], ['4', '5', '6']]);
    expect(findings).toMatchObject([{ line: 3, found: '2 rows that have not, the first of 1' }]);
  });

  it('is read without quotation marks where one is missing, and says so', () => {
    const { table: read, findings } = table('a,b\n1,"2\n3,4\n');
    expect(read?.rows).toEqual([
      ['1', '"2'],
      ['3', '4'],
    ]);
    expect(findings).toMatchObject([{ code: 'wrong-shape', expected: expect.stringContaining('in pairs') }]);
  });

  it('is none where there is no line of names', () => {
    expect(table('').table).toBeUndefined();
    expect(table('\n \n').table).toBeUndefined();
  });

  it('never fails, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', '\t', ' ', 'é', '\0') }),
        (text) => {
          const { table: read } = table(text);
          if (read !== undefined) seriesOfTable(read, 'x.csv', () => undefined);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives back the numbers that were written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noDefaultInfinity: true, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (values) => {
          const text = `step,v\n${values.map((value, at) => `${at},${value}`).join('\n')}\n`;
          expect(series(text).points).toEqual([
            ['v', values.map((_, at) => at), values.map((value) => Number(String(value)))],
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the series of a table', () => {
  it('are its columns of numbers, by the first usual name of a step', () => {
    const { points, step } = series('epoch,step,loss,lr\n0,10,0.5,1e-3\n0,20,nan,inf\n');
    expect(step).toBe('step');
    expect(points).toEqual([
      ['epoch', [10, 20], [0, 0]],
      ['loss', [10, 20], [0.5, Number.NaN]],
      ['lr', [10, 20], [0.001, Number.POSITIVE_INFINITY]],
    ]);
  });

  it('have no point where a cell is empty, and a row without a step stands with the one before', () => {
    const { points } = series('step,train,val\n0,1,\n1,2,\n1,,5\n,,7\n');
    expect(points).toEqual([
      ['train', [0, 1], [1, 2]],
      ['val', [1, 1], [5, 7]],
    ]);
  });

  it('are by the column that was named; else rows are counted where no column is a step', () => {
    expect(series('batch,loss\n5,1\n6,2\n', 'Batch').points).toEqual([['loss', [5, 6], [1, 2]]]);
    expect(series('batch,loss\n5,1\n6,2\n')).toMatchObject({
      step: undefined,
      points: [
        ['batch', [0, 1], [5, 6]],
        ['loss', [0, 1], [1, 2]],
      ],
    });
    expect(stepColumnOf({ columns: ['Epoch', 'iter'], rows: [['one', '1']], delimiter: ',' })).toBe('iter');
  });

  it('take a column of times for times, and one of durations for a metric', () => {
    expect(series('step,time,loss\n0,1700000000,1\n1,1700000001,2\n').record).toMatchObject({
      firstAtUs: 1_700_000_000_000_000,
      lastAtUs: 1_700_000_001_000_000,
    });
    expect(series('epoch,time,loss\n0,12.5,1\n').points.map(([name]) => name)).toEqual(['time', 'loss']);
  });

  it('tell attempts of a run that was resumed apart', () => {
    const { record } = series('epoch,loss\n0,5\n1,4\n2,3\n1,3.5\n2,2\n');
    expect(record.series.get('loss')).toMatchObject({ resumed: { by: 'epoch', at: [1] } });
  });

  it('leave out columns of something else, and say so', () => {
    const { points, findings } = series('step,note,loss\n0,good,1\n');
    expect(points.map(([name]) => name)).toEqual(['loss']);
    expect(findings).toMatchObject([{ severity: 'note', found: 'columns that hold something else: note' }]);
  });
});
