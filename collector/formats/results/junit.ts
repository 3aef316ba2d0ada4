import { plural } from '../../base/format/words.ts';
import { JunitReading, type JunitReport, type TestCase } from './junit-reading.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import type { Report } from './read-json.ts';
import { readXmlFile } from './xml-file.ts';

/** So many of the slowest tests are metrics of their own, and so many of those that failed are named. */
const mostTests = 50;
const mostFailed = 20;

const expected = {
  what: 'a report of tests (JUnit XML)',
  roots: ['testsuites', 'testsuite'],
  hint: 'The tests that can be read are counted; run them again for a whole report.',
};

/** Reads reports of tests (JUnit XML), all of them as one run; undefined where none of them is one. */
export function readJunit(
  files: readonly { path: string; text: string }[],
  report: Report,
): MeasuredRun | undefined {
  const reading = new JunitReading();
  for (const file of files) readXmlFile(file, expected, reading, report);
  const found = reading.finish();
  return found === undefined ? undefined : runOf(found);
}

function runOf(report: JunitReport): MeasuredRun {
  const { cases, seconds, startedAt, host, commit, name, suites } = report;
  const counts = countsOf(report);
  const failed = cases.filter(({ state }) => state === 'failed' || state === 'error');
  const isFailed = counts.failures + counts.errors > 0;
  return {
    status: isFailed ? 'failed' : 'completed',
    startedAtUs: startedAt?.us,
    zoneless: startedAt?.zoneless,
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    commit,
    error: isFailed ? errorOf(counts, failed[0]) : undefined,
    values: [
      { name: 'tests', value: counts.tests },
      { name: 'passed', value: counts.tests - counts.failures - counts.errors - counts.skipped },
      { name: 'failures', value: counts.failures, better: 'min' },
      { name: 'errors', value: counts.errors, better: 'min' },
      { name: 'skipped', value: counts.skipped },
      ...(seconds === undefined ? [] : [timeOf('time', seconds)]),
      ...slowest(cases),
    ],
    facts: [
      ...fact('Tests', name),
      ...fact('Suites', suitesText(suites)),
      ...fact('Host', host),
      ...failedFacts(failed),
    ],
  };
}

function countsOf({ cases, written }: JunitReport): JunitReport['written'] {
  if (cases.length === 0) return written;
  const count = (state: TestCase['state']) => cases.filter((each) => each.state === state).length;
  return {
    tests: cases.length,
    failures: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function failedFacts(failed: readonly TestCase[]): [string, string][] {
  const named = failed.slice(0, mostFailed).map(({ title, message }) => withReason(title, message));
  const more = failed.length > mostFailed ? [`${failed.length - mostFailed} more, in the file`] : [];
  return [...named, ...more].map((text, at) => [`Failed ${at + 1}`, text]);
}

function slowest(cases: readonly TestCase[]): Measured[] {
  return cases
    .filter(({ seconds, state }) => seconds !== undefined && seconds > 0 && state !== 'skipped')
    .sort((a, b) => b.seconds! - a.seconds!)
    .slice(0, mostTests)
    .map(({ name, seconds }) => timeOf(name, seconds!));
}

function timeOf(name: string, value: number): Measured {
  return { name, unit: 's', value, better: 'min' };
}

function errorOf({ tests, failures, errors }: JunitReport['written'], first: TestCase | undefined): string {
  const sum = `${failures + errors} of ${plural(tests, 'test')} did not pass`;
  return first === undefined ? sum : `${sum}: ${withReason(first.name, first.message)}`;
}

function withReason(name: string, message: string | undefined): string {
  return message === undefined ? name : `${name}: ${message}`;
}

function suitesText(suites: readonly string[]): string | undefined {
  const named = suites.filter((name) => name !== '');
  return named.length > 3 ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more` : named.join(', ');
}

function fact(name: string, value: string | undefined): [string, string][] {
  return value === undefined || value === '' ? [] : [[name, value]];
}
