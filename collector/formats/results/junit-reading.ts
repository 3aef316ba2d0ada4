import { type ParsedTime, parseTime } from '../../base/time.ts';

/** One test, and what came of it. */
export interface TestCase {
  /** With its class in front, where it has one that is not part of it. */
  name: string;
  /** Without the class. */
  title: string;
  seconds: number | undefined;
  state: 'passed' | 'failed' | 'error' | 'skipped';
  /** Why it did not pass, in one line. */
  message: string | undefined;
}

/** What reports of tests say, put together. */
export interface JunitReport {
  name: string | undefined;
  /** The names of the outermost suites. */
  suites: string[];
  cases: TestCase[];
  /** Numbers of tests as they are written, of use where none is listed. */
  written: Record<'tests' | 'failures' | 'errors' | 'skipped', number>;
  seconds: number | undefined;
  startedAt: ParsedTime | undefined;
  host: string | undefined;
  commit: string | undefined;
}

type Attributes = Readonly<Record<string, string>>;

const mostMessage = 300;
/** Names under which reports tell the commit. */
const commitNames =
  /^(?:git[._-]?)?(?:commit|revision|sha)(?:[._-]?(?:id|hash|sha))?$|^(?:ci_commit|github)_sha$/i;

/** Puts together what reports of tests hold, element by element. */
export class JunitReading {
  readonly #report: JunitReport = {
    name: undefined,
    suites: [],
    cases: [],
    written: { tests: 0, failures: 0, errors: 0, skipped: 0 },
    seconds: undefined,
    startedAt: undefined,
    host: undefined,
    commit: undefined,
  };
  #suiteDepth = 0;
  #isCounted = false;
  #hasTotal = false;
  #case: TestCase | undefined;
  #why: string | undefined;

  open(name: string, attributes: Attributes): void {
    if (name === 'testsuites') this.#openAll(attributes);
    else if (name === 'testsuite') this.#openSuite(attributes);
    else if (name === 'testcase') this.#case = caseOf(attributes);
    else if (name === 'property') this.#addProperty(attributes);
    else if (this.#case !== undefined) this.#setState(this.#case, name, attributes);
  }

  /** A test whose end is missing may have failed: it is left out. */
  close(name: string, isWhole: boolean): void {
    if (name === 'testsuite') this.#suiteDepth -= 1;
    else if (name === 'testsuites') this.#isCounted = false;
    else if (name === 'testcase' && this.#case !== undefined) {
      if (isWhole) this.#report.cases.push(this.#case);
      this.#case = undefined;
    } else if (this.#case !== undefined && this.#why !== undefined) {
      this.#case.message ??= firstLine(this.#why);
      this.#why = undefined;
    }
  }

  text(piece: string): void {
    if (this.#why !== undefined && this.#why.length < mostMessage) this.#why += piece.slice(0, mostMessage);
  }

  /** What the reports came to; undefined where there was none. */
  finish(): JunitReport | undefined {
    const report = this.#report;
    const isReport = report.suites.length > 0 || report.cases.length > 0 || report.name !== undefined;
    if (!isReport) return undefined;
    const known = report.cases.flatMap(({ seconds }) => seconds ?? []);
    if (known.length > 0) report.seconds ??= known.reduce((sum, each) => sum + each, 0);
    return report;
  }

  #openAll(attributes: Attributes): void {
    this.#report.name ??= attributes['name'] ?? '';
    const seconds = secondsIn(attributes['time']);
    this.#isCounted = attributes['tests'] !== undefined;
    if (this.#isCounted) this.#addWritten(attributes);
    this.#addTime(attributes);
    if (seconds !== undefined) this.#report.seconds = (this.#report.seconds ?? 0) + seconds;
    this.#hasTotal = seconds !== undefined;
  }

  #openSuite(attributes: Attributes): void {
    this.#suiteDepth += 1;
    this.#addTime(attributes);
    this.#report.host ??= attributes['hostname'] || undefined;
    if (this.#suiteDepth > 1) return;
    this.#report.suites.push(attributes['name'] ?? '');
    if (!this.#isCounted) this.#addWritten(attributes);
    const seconds = secondsIn(attributes['time']);
    if (!this.#hasTotal && seconds !== undefined)
      this.#report.seconds = (this.#report.seconds ?? 0) + seconds;
  }

  #addWritten(attributes: Attributes): void {
    const { written } = this.#report;
    for (const name of ['tests', 'failures', 'errors', 'skipped'] as const)
      written[name] += Number.parseInt(attributes[name] ?? '0', 10) || 0;
  }

  #addTime({ timestamp }: Attributes): void {
    const time = timestamp === undefined ? undefined : parseTime(timestamp);
    const { startedAt } = this.#report;
    if (time !== undefined && (startedAt === undefined || time.us < startedAt.us))
      this.#report.startedAt = time;
  }

  #addProperty({ name = '', value = '' }: Attributes): void {
    if (this.#case === undefined && commitNames.test(name) && /^[0-9a-f]{7,40}$/i.test(value))
      this.#report.commit ??= value.toLowerCase();
  }

  #setState(test: TestCase, name: string, attributes: Attributes): void {
    const state = states[name];
    if (state === undefined) return;
    if (rank[state] <= rank[test.state]) return;
    test.state = state;
    test.message = attributes['message'] ? firstLine(attributes['message']) : undefined;
    this.#why = '';
  }
}

const states: Readonly<Record<string, TestCase['state']>> = {
  failure: 'failed',
  error: 'error',
  skipped: 'skipped',
};
const rank = { passed: 0, skipped: 1, failed: 2, error: 3 };

function caseOf({ name = '', classname = '', time }: Attributes): TestCase {
  const isPart = classname === '' || name.startsWith(classname) || classname.endsWith(name);
  return {
    name: (isPart ? name || classname : `${classname}::${name}`).trim(),
    title: (name || classname).trim(),
    seconds: secondsIn(time),
    state: 'passed',
    message: undefined,
  };
}

/** "0.132", and "1,234.5" as Surefire writes it. */
function secondsIn(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replaceAll(',', ''));
  return Number.isFinite(value) ? value : undefined;
}

function firstLine(text: string): string | undefined {
  return text.trim().split('\n', 1)[0]!.trim().slice(0, mostMessage) || undefined;
}
