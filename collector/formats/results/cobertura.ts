import { coverageRun, FileCoverage, type Share, type Whole } from './coverage.ts';
import type { MeasuredRun } from './measured.ts';
import type { Report } from './read-json.ts';
import { readXmlFile } from './xml-file.ts';

type Attributes = Readonly<Record<string, string>>;

const expected = {
  what: 'coverage (Cobertura XML)',
  roots: ['coverage'],
  hint: 'What can be read of it counts; run the tests again for a whole report.',
};

/** Reads coverage as Cobertura and coverage.py have it; undefined where it is of another kind. */
export function readCobertura(file: { path: string; text: string }, report: Report): MeasuredRun | undefined {
  const files = new Map<string, FileCoverage>();
  let current: FileCoverage | undefined;
  let about: Attributes | undefined;
  let isClover = false;
  readXmlFile(
    file,
    expected,
    {
      open(name, attributes) {
        if (name === 'coverage') about ??= attributes;
        else if (name === 'project') isClover = true;
        else if (name === 'class') {
          const path = attributes['filename'] || attributes['name'] || '';
          current = files.get(path) ?? new FileCoverage();
          files.set(path, current);
        } else if (name === 'line' && current !== undefined) addLine(current, attributes);
      },
      close(name) {
        if (name === 'class') current = undefined;
      },
    },
    report,
  );
  if (about === undefined) return undefined;
  if (isClover || (files.size === 0 && about['line-rate'] === undefined)) {
    report({
      code: 'wrong-schema',
      severity: 'note',
      file: file.path,
      expected: `${expected.what}, with <class filename="…"> and line-rate`,
      found: isClover ? 'coverage as Clover has it' : 'neither',
      hint: 'Have the tests write Cobertura XML or lcov as well; nothing needs to be done if it is of another program.',
    });
    return undefined;
  }
  return { ...coverageRun(files, wholeOf(about, files.size === 0)), atUs: timeIn(about['timestamp']) };
}

/** The same line stands in its method and in its class. */
function addLine(file: FileCoverage, attributes: Attributes): void {
  const number = attributes['number'];
  const hits = Number(attributes['hits']);
  if (number === undefined || !Number.isFinite(hits)) return;
  file.lines.add(number, hits > 0);
  const [, covered, all] = /\((\d+)\/(\d+)\)/.exec(attributes['condition-coverage'] ?? '') ?? [];
  for (let at = 0; at < Math.min(Number(all ?? 0), mostBranches); at++)
    file.branches.add(`${number}/${at}`, at < Number(covered));
}

/** A line with more branches than that is damage. */
const mostBranches = 10_000;

/** What the report says of the whole: counts, or rates where nothing else is there. */
function wholeOf(about: Attributes, hasRatesAlone: boolean): Whole {
  const whole: Whole = {};
  const lines = shareIn(about, 'lines') ?? (hasRatesAlone ? rateIn(about['line-rate']) : undefined);
  const branches = shareIn(about, 'branches') ?? (hasRatesAlone ? rateIn(about['branch-rate']) : undefined);
  if (lines !== undefined) whole.lines = lines;
  if (branches !== undefined) whole.branches = branches;
  return whole;
}

function shareIn(about: Attributes, name: string): Share | undefined {
  const [covered, all] = [Number(about[`${name}-covered`]), Number(about[`${name}-valid`])];
  return Number.isFinite(covered) && all > 0 ? { covered, all } : undefined;
}

function rateIn(text: string | undefined): Share | undefined {
  const rate = Number(text);
  return text === undefined || !Number.isFinite(rate) ? undefined : { covered: rate, all: 1, isRate: true };
}

/** Seconds or milliseconds since 1970: programs differ. */
function timeIn(text: string | undefined): number | undefined {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !(value > 1e8 && value < 1e14)) return undefined;
  return Math.round(value > 1e11 ? value * 1000 : value * 1e6);
}
