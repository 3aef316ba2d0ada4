import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import type { Finding } from '../findings/finding.ts';
import { numberOf } from '../metrics/points.ts';
import { wholeEntries } from './benchmark-pieces.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { jsonIn, type Report } from './read-json.ts';
import { betterOfUnit } from './units.ts';

const what = 'window.BENCHMARK_DATA = {"entries": {"<suite>": [{commit, date, tool, benches}]}}';
const hint = 'The other entries are read; github-action-benchmark writes the file anew when it runs next.';
const mostFindings = 20;

/**
 * Reads a data.js of github-action-benchmark: each entry of a suite is a run, with a value for each benchmark. The script is read
 * as text and never run. Of a file that is damaged, every entry that is whole counts.
 */
export function readBenchmarkData(text: string, file: string, report: Report): MeasuredRun[] {
  const start = /^\s*(?:(?:window|self|globalThis)\.|(?:const|let|var)\s+)?[\w.]+\s*=(?=\s*\{)/.exec(
    text.slice(0, 1000),
  )?.[0];
  // Blanks in place of what is no JSON keep every line and column.
  const json = `${' '.repeat(start?.length ?? 0)}${text.slice(start?.length ?? 0)}`.replace(/;\s*$/, '');
  const suites = suitesIn(json, file, report);
  const findings = new Findings(file, report);
  const runs = [...suites].flatMap(([suite, entries]) => runsOf(suite, entries, findings));
  findings.finish();
  return runs;
}

function suitesIn(json: string, file: string, report: Report): [string, readonly JsonValue[]][] {
  let isBroken = false;
  const value = jsonIn(json, file, { what, hint }, (finding) => {
    isBroken = true;
    report(finding);
  });
  if (value === undefined) return isBroken ? wholeEntries(json) : [];
  const entries = isObject(value) ? value['entries'] : undefined;
  if (!isObject(entries)) {
    report(wrongShape(file, what, showText(json.trim())));
    return [];
  }
  return Object.entries(entries).flatMap(([suite, list]) => {
    if (Array.isArray(list)) return [[suite, list] as [string, JsonValue[]]];
    report(wrongShape(file, `a list of entries for the suite "${showText(suite)}"`, typeof list));
    return [];
  });
}

function runsOf(suite: string, entries: readonly JsonValue[], findings: Findings): MeasuredRun[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, at) => {
    const place = `entry ${at + 1} of "${showText(suite)}"`;
    if (!isObject(entry) || !Array.isArray(entry['benches'])) {
      findings.add(`${place} with commit and benches`, showText(jsonText(entry)));
      return [];
    }
    const commit = isObject(entry['commit']) ? entry['commit'] : {};
    const hash = textIn(commit, 'id');
    const short = hash?.slice(0, 12) ?? String(at + 1);
    // The same commit may be measured again.
    const times = (seen.get(short) ?? 0) + 1;
    seen.set(short, times);
    const id = `${suite}/${short}${times === 1 ? '' : `-${times}`}`;
    return [{ ...runOf(entry, commit, hash), id, group: suite, values: valuesOf(entry, place, findings) }];
  });
}

function runOf(entry: JsonObject, commit: JsonObject, hash: string | undefined): Omit<MeasuredRun, 'values'> {
  const written = textIn(commit, 'timestamp');
  const committed = written === undefined ? undefined : parseTime(written);
  const date = numberOf(entry['date']);
  const measured = date !== undefined && Number.isFinite(date) ? Math.round(date * 1000) : undefined;
  const author = isObject(commit['author']) ? commit['author'] : {};
  const message = textIn(commit, 'message')?.split('\n', 1)[0];
  return {
    name: hash?.slice(0, 7),
    status: 'completed',
    atUs: measured ?? committed?.us,
    zoneless: measured === undefined && committed?.zoneless === true,
    commit: hash,
    description: message === undefined ? undefined : message.slice(0, 300),
    facts: [
      ...fact('Author', textIn(author, 'name') ?? textIn(author, 'username')),
      ...fact('Committed', written),
      ...fact('Link', textIn(commit, 'url')),
      ...fact('Tool', textIn(entry, 'tool')),
    ],
  };
}

function valuesOf(entry: JsonObject, place: string, findings: Findings): Measured[] {
  const tool = textIn(entry, 'tool');
  return (entry['benches'] as JsonValue[]).flatMap((bench) => {
    const value = isObject(bench) ? numberOf(bench['value']) : undefined;
    const name = isObject(bench) ? textIn(bench, 'name') : undefined;
    if (!isObject(bench) || value === undefined || name === undefined) {
      findings.add(`benches with name and value in ${place}`, showText(jsonText(bench)));
      return [];
    }
    const unit = textIn(bench, 'unit');
    return [{ name, unit, value, better: betterBy(tool, unit) }];
  });
}

/** The two tools of one's own say it in their names, all others in their units. */
function betterBy(tool: string | undefined, unit: string | undefined): 'min' | 'max' | undefined {
  if (tool === 'customBiggerIsBetter') return 'max';
  if (tool === 'customSmallerIsBetter') return 'min';
  return betterOfUnit(unit);
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fact(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

function wrongShape(file: string, expected: string, found: string): Finding {
  return { code: 'wrong-shape', severity: 'warning', file, expected, found, hint };
}

/** Many entries can be wrong in one way. */
class Findings {
  #count = 0;
  readonly #file: string;
  readonly #report: Report;

  constructor(file: string, report: Report) {
    this.#file = file;
    this.#report = report;
  }

  add(expected: string, found: string): void {
    this.#count += 1;
    if (this.#count <= mostFindings) this.#report(wrongShape(this.#file, expected, found));
  }

  finish(): void {
    const more = this.#count - mostFindings;
    if (more > 0) this.#report(wrongShape(this.#file, 'entries as the others', `${more} more that are none`));
  }
}
