import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import { coverageRun, FileCoverage, type Reached } from './coverage.ts';
import type { MeasuredRun } from './measured.ts';
import type { Report } from './read-json.ts';

const mostFindings = 5;
const hint = 'All other lines are read; run the tests again for a whole report.';

/** Reads coverage as lcov has it; undefined where it tells of no file. Several records of one file are put together. */
export function readLcov(text: string, file: string, report: Report): MeasuredRun | undefined {
  const files = new Map<string, FileCoverage>();
  let current: FileCoverage | undefined;
  let broken = 0;
  const tell = (code: Finding['code'], line: number | undefined, expected: string, found: string) =>
    report({ code, severity: 'warning', file, ...(line && { line }), expected, found, hint });
  const lines = text.split('\n');
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line === 'end_of_record') current = undefined;
    else if (line.startsWith('SF:')) {
      const path = line.slice(3);
      current = files.get(path) ?? new FileCoverage();
      files.set(path, current);
    } else if (!isRead(line, current)) {
      broken += 1;
      if (broken <= mostFindings)
        tell(
          'wrong-shape',
          at + 1,
          'a record of lcov, as "DA:<line>,<hits>" behind "SF:<file>"',
          showText(line),
        );
    }
  }
  if (broken > mostFindings)
    tell('wrong-shape', undefined, 'records of lcov', `${broken - mostFindings} more lines that are none`);
  if (files.size === 0) {
    tell(
      text.trim() === '' ? 'empty-file' : 'wrong-schema',
      undefined,
      'coverage by lcov, with "SF:<file>"',
      'no file',
    );
    return undefined;
  }
  if (current !== undefined) tell('truncated', lines.length, '"end_of_record"', 'the end of the file');
  return coverageRun(files);
}

/** Takes one line; false where it is none of lcov's, or holds no numbers. */
function isRead(line: string, file: FileCoverage | undefined): boolean {
  const colon = line.indexOf(':');
  const [kind, rest] = [line.slice(0, colon), line.slice(colon + 1)];
  if (ignored.has(kind)) return true;
  const take = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return take !== undefined && file !== undefined && take(file, rest);
}

const ignored: ReadonlySet<string> = new Set(['TN', 'VER', 'FN', 'FNL', 'FNA', 'MCDC', 'MCF', 'MCH']);

/** The sum of one kind, as "LF:12". */
const sum =
  (of: 'lines' | 'branches' | 'functions', part: 'covered' | 'all') => (file: FileCoverage, rest: string) => {
    const value = countIn(rest);
    if (value !== undefined) file[of][part] = value;
    return value !== undefined;
  };

const kinds: Readonly<Record<string, (file: FileCoverage, rest: string) => boolean>> = {
  DA: (file, rest) => {
    const [line = '', hits = ''] = rest.split(',');
    return countIn(line) !== undefined && isAdded(file.lines, line, hits);
  },
  BRDA: (file, rest) => {
    const at = rest.lastIndexOf(',');
    const taken = rest.slice(at + 1);
    return at > 0 && isAdded(file.branches, rest.slice(0, at), taken === '-' ? '0' : taken);
  },
  FNDA: (file, rest) => {
    const at = rest.indexOf(',');
    return at > 0 && isAdded(file.functions, rest.slice(at + 1), rest.slice(0, at));
  },
  LF: sum('lines', 'all'),
  LH: sum('lines', 'covered'),
  BRF: sum('branches', 'all'),
  BRH: sum('branches', 'covered'),
  FNF: sum('functions', 'all'),
  FNH: sum('functions', 'covered'),
};

function isAdded(reached: Reached, name: string, hits: string): boolean {
  const count = countIn(hits);
  if (count !== undefined) reached.add(name, count > 0);
  return count !== undefined;
}

/** Counters that ran over are negative in some reports: such a line was not reached. */
function countIn(text: string): number | undefined {
  return /^\s*-?\d+(?:\.\d+)?(?:e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}
