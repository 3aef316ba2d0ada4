import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { readJunit } from '../../../collector/formats/results/junit.ts';
import { metricName } from '../../../collector/formats/results/measured.ts';

function read(...texts: string[]) {
  const findings: Finding[] = [];
  const files = texts.map((text, at) => ({ path: `${at}.xml`, text }));
  const run = readJunit(files, (finding) => findings.push(finding));
  const values = Object.fromEntries((run?.values ?? []).map((each) => [metricName(each), each.value]));
  return { run, values, findings };
}

const pytest = `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="5.5" timestamp="2025-02-16T15:43:35.573283+00:00" hostname="box">
<properties><property name="git.commit" value="45D78258e495044a551046f50604da3c893052ce"/></properties>
<testcase classname="tests.test_a" name="test_fast" time="0.001" />
<testcase classname="tests.test_a" name="test_bad[1 &lt; 2]" time="1.25"><failure message="assert 1 &gt; 2&#10;more">def test_bad():
    ...</failure></testcase>
<testcase classname="tests.test_a" name="test_setup" time="0.5"><error>boom
trace</error></testcase>
<testcase classname="tests.test_a" name="test_later" time="9"><skipped type="pytest.skip" message="not now"/></testcase>
</testsuite></testsuites>`;

describe('readJunit', () => {
  it('counts tests by what came of them, and tells the slowest and those that failed', () => {
    const { run, values, findings } = read(pytest);
    expect(findings).toEqual([]);
    expect(values).toEqual({
      tests: 4,
      passed: 1,
      failures: 1,
      errors: 1,
      skipped: 1,
      'time (s)': 5.5,
      'tests.test_a::test_bad[1 < 2] (s)': 1.25,
      'tests.test_a::test_setup (s)': 0.5,
      'tests.test_a::test_fast (s)': 0.001,
    });
    expect(run).toMatchObject({
      status: 'failed',
      startedAtUs: Date.parse('2025-02-16T15:43:35.573Z') * 1000 + 283,
      durationMs: 5500,
      zoneless: false,
      commit: '45d78258e495044a551046f50604da3c893052ce',
      error: '2 of 4 tests did not pass: tests.test_a::test_bad[1 < 2]: assert 1 > 2',
      facts: [
        ['Suites', 'pytest'],
        ['Host', 'box'],
        ['Failed 1', 'test_bad[1 < 2]: assert 1 > 2'],
        ['Failed 2', 'test_setup: boom'],
      ],
    });
  });

  it('puts the reports of several classes together, with the earliest time and the sum of durations', () => {
    const suite = (name: string, at: string, time: string) =>
      `<testsuite name="${name}" time="${time}" timestamp="${at}" tests="1"><testcase classname="${name}" name="works" time="${time}"/></testsuite>`;
    const { run, values } = read(
      suite('a.B', '2024-01-01T00:00:10', '1,000.5'),
      suite('a.C', '2024-01-01T00:00:05', '2'),
    );
    expect(run).toMatchObject({
      status: 'completed',
      startedAtUs: Date.parse('2024-01-01T00:00:05Z') * 1000,
      zoneless: true,
      error: undefined,
    });
    expect(values).toEqual({
      tests: 2,
      passed: 2,
      failures: 0,
      errors: 0,
      skipped: 0,
      'time (s)': 1002.5,
      'a.B::works (s)': 1000.5,
      'a.C::works (s)': 2,
    });
  });

  it('takes the numbers of a report that lists no test, and nested suites once', () => {
    const { values } = read(
      '<testsuites><testsuite name="a" tests="3" failures="1" time="3"><testsuite name="b" tests="3" failures="1" time="3"/></testsuite></testsuites>',
    );
    expect(values).toMatchObject({ tests: 3, passed: 2, failures: 1, 'time (s)': 3 });
    expect(
      read('<testsuites tests="2" time="4"><testsuite tests="2" time="9"/></testsuites>').values,
    ).toMatchObject({
      tests: 2,
      'time (s)': 4,
    });
  });

  it('keeps to the fifty slowest tests and names twenty that failed', () => {
    const cases = Array.from(
      { length: 70 },
      (_, at) => `<testcase name="t${at}" time="${at / 10}"><failure/></testcase>`,
    );
    const { run, values } = read(`<testsuite>${cases.join('')}</testsuite>`);
    expect(Object.keys(values)).toHaveLength(6 + 50);
    expect([values['t69 (s)'], values['t20 (s)'], values['t19 (s)']]).toEqual([6.9, 2, undefined]);
    expect(run!.facts).toHaveLength(21);
    expect(run!.facts.at(-1)).toEqual(['Failed 21', '50 more, in the file']);
  });

  it('counts what is whole in a report that ends in the middle, and says where', () => {
    const cut = pytest.slice(0, pytest.indexOf('<testcase classname="tests.test_a" name="test_later"') + 20);
    const { values, findings } = read(cut);
    expect(values).toMatchObject({ tests: 3, failures: 1, errors: 1, passed: 1 });
    expect(findings).toMatchObject([
      { code: 'wrong-shape', severity: 'warning', file: '0.xml', line: 8 },
      { code: 'wrong-shape', line: 8, expected: '</testcase>', found: 'the end of the file' },
    ]);
  });

  it.each([
    ['<html><testcase name="a"/></html>', 'wrong-schema', '<html>'],
    ['', 'empty-file', 'no text'],
    ['text', 'wrong-schema', 'text'],
  ])('finds no tests in %j and says so', (text, code, found) => {
    const { run, findings } = read(text);
    expect(run).toBeUndefined();
    expect(findings).toMatchObject([{ code, found }]);
  });
});
