import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readCobertura } from '../../../collector/formats/results/cobertura.ts';
import { readLcov } from '../../../collector/formats/results/lcov.ts';
import { type MeasuredRun, metricName } from '../../../collector/formats/results/measured.ts';

function read(reader: (report: (finding: Finding) => void) => MeasuredRun | undefined) {
  const findings: Finding[] = [];
  const run = reader((finding) => findings.push(finding));
  const values = Object.fromEntries((run?.values ?? []).map((each) => [metricName(each), each.value]));
  return { run, values, findings };
}
const lcov = (text: string) => read((report) => readLcov(text, 'lcov.info', report));
const cobertura = (text: string) => read((report) => readCobertura({ path: 'coverage.xml', text }, report));

const record = `TN:
SF:src/a.ts
FN:1,(anonymous_0)
FNF:1
FNH:1
FNDA:3,(anonymous_0)
DA:1,3
DA:2,0
DA:3,1
LF:3
LH:2
BRDA:2,0,0,-
BRDA:2,0,1,5
BRF:2
BRH:1
end_of_record
`;

describe('lcov', () => {
  it('is how much of the whole and of each file was reached', () => {
    const { run, values, findings } = lcov(`${record}SF:src/b.ts\nLF:1\nLH:1\nend_of_record\n`);
    expect(findings).toEqual([]);
    expect(values).toEqual({
      'lines (%)': 75,
      'branches (%)': 50,
      'functions (%)': 100,
      lines: 4,
      branches: 2,
      functions: 1,
      files: 2,
      'src/a.ts lines (%)': (100 * 2) / 3,
      'src/a.ts branches (%)': 50,
      'src/b.ts lines (%)': 100,
    });
    expect(run).toMatchObject({ facts: [] });
    expect([run!.atUs, run!.status]).toEqual([undefined, undefined]);
  });

  it('puts several records of one file together', () => {
    const { values } = lcov(
      'SF:a\nDA:1,1\nDA:2,0\nend_of_record\nSF:a\nDA:1,0\nDA:2,4\nDA:3,-1\nend_of_record\n',
    );
    expect(values).toMatchObject({ files: 1, lines: 3, 'lines (%)': (100 * 2) / 3 });
  });

  it('leaves out where the files of a machine lie', () => {
    const of = (path: string) => `SF:${path}\nDA:1,1\nend_of_record\n`;
    const { run, values } = lcov(of('/home/a/src/x/a.ts') + of('/home/a/src/y.ts'));
    expect(Object.keys(values).slice(-2)).toEqual(['x/a.ts lines (%)', 'y.ts lines (%)']);
    expect(run!.facts).toEqual([['Folder', '/home/a/src/']]);
  });

  it('names lines that are none with their numbers, and reads all others', () => {
    const { values, findings } = lcov(`DA:1,1\n<<<<<<< HEAD\n${record}SF:c\nDA:1,x\nDA:2,1\n`);
    expect(values).toMatchObject({ files: 2, lines: 4 });
    expect(findings.map(({ code, line, found }) => [code, line, found])).toEqual([
      ['wrong-shape', 1, 'DA:1,1'],
      ['wrong-shape', 2, '<<<<<<< HEAD'],
      ['wrong-shape', 20, 'DA:1,x'],
      ['truncated', 22, 'the end of the file'],
    ]);
  });

  it('says where a file holds something else', () => {
    const { run, findings } = lcov('a\n'.repeat(9));
    expect(run).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual([...Array(6).fill('wrong-shape'), 'wrong-schema']);
    expect(lcov('').findings).toMatchObject([{ code: 'empty-file' }]);
  });
});

describe('Cobertura XML', () => {
  const classes = `<packages><package name="p"><classes>
    <class name="a.py" filename="a.py" line-rate="0.5"><methods><method><lines><line number="1" hits="2"/></lines></method></methods>
      <lines><line number="1" hits="2"/><line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class>
    <class name="b" filename="a.py"><lines><line number="2" hits="1"/><line number="3" hits="0"/></lines></class>
  </classes></package></packages>`;

  it('is read by file, with the time that it holds', () => {
    const { run, values, findings } = cobertura(
      `<?xml version="1.0" ?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd"><coverage version="7.4" timestamp="1700000000123" lines-valid="4" lines-covered="3" line-rate="0.75" branches-covered="0" branches-valid="0">${classes}</coverage>`,
    );
    expect(findings).toEqual([]);
    expect(run!.atUs).toBe(1_700_000_000_123_000);
    expect(values).toEqual({
      'lines (%)': 75,
      'branches (%)': 50,
      lines: 4,
      branches: 2,
      files: 1,
      'a.py lines (%)': (100 * 2) / 3,
      'a.py branches (%)': 50,
    });
  });

  it('may have its time in seconds, no counts, or rates alone', () => {
    expect(cobertura(`<coverage timestamp="1700000000">${classes}</coverage>`)).toMatchObject({
      run: { atUs: 1_700_000_000_000_000 },
      values: { 'lines (%)': (100 * 2) / 3 },
    });
    expect(cobertura('<coverage line-rate="0.5"/>').values).toEqual({ 'lines (%)': 50, files: 0 });
  });

  it.each([
    ['<coverage generated="1" clover="3.2"><project timestamp="1"/></coverage>', 'coverage as Clover has it'],
    ['<coverage/>', 'neither'],
    ['<report name="jacoco"/>', '<report>'],
  ])('is not what %s is, and that is said', (text, found) => {
    const { run, findings } = cobertura(text);
    expect(run).toBeUndefined();
    expect(findings).toMatchObject([{ code: 'wrong-schema', severity: 'note', found }]);
  });
});
