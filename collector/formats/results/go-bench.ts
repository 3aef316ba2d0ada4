import type { JsonObject } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { factOf } from './members.ts';
import type { Report } from './read-json.ts';
import { betterOfUnit } from './units.ts';

/** Lines that say what holds for those behind them: "goos: linux", "commit: 7cd9055". */
const setting = /^([a-z][^\s:A-Z]*):[ \t]*(.*)$/;
const result = /^(Benchmark\S*)[ \t]+(\d+)((?:[ \t]+\S+[ \t]+\S+)+)[ \t]*$/;
/** The number of processors, which Go puts behind each name. */
const processors = /-(\d+)$/;

interface Section {
  settings: Map<string, string>;
  /** Values by package, name and unit, one for each time it was measured. */
  values: Map<string, { name: string; unit: string; values: number[] }>;
}

/**
 * Reads what `go test -bench` prints: a run for each commit that a "commit:" line names, else one. What was measured several times
 * (-count) counts by its median.
 */
export function readGoBench(text: string, file: string, report: Report): MeasuredRun[] {
  const sections = new Map<string, Section>();
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const set = setting.exec(line);
    if (set !== null) settings.set(set[1]!, set[2]!.trim());
    const found = set === null ? result.exec(line) : null;
    if (found === null) continue;
    const commit = settings.get('commit') ?? '';
    const section = sections.get(commit) ?? { settings: new Map(), values: new Map() };
    sections.set(commit, section);
    for (const [name, value] of settings) section.settings.set(name, value);
    addValues(section, settings.get('pkg') ?? '', found as unknown as [string, string, string, string]);
  }
  if (sections.size === 0)
    report({
      code: 'wrong-schema',
      severity: 'note',
      file,
      expected: 'benchmarks as Go prints them: "BenchmarkFib-8  1000  1234 ns/op"',
      found: 'no line of them',
      hint: 'Nothing needs to be done if it holds something else.',
    });
  return [...sections].map(([commit, section]) =>
    runOf(section, sections.size > 1 ? commit.slice(0, 12) || 'no commit' : undefined),
  );
}

function addValues(
  { values }: Section,
  pkg: string,
  [, name, , rest]: [string, string, string, string],
): void {
  const words = rest.trim().split(/[ \t]+/);
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [value, unit] = [Number(words[at]), words[at + 1]!];
    if (!Number.isFinite(value)) continue;
    const key = `${pkg} ${name} ${unit}`;
    const known = values.get(key) ?? { name, unit, values: [] };
    known.values.push(value);
    values.set(key, known);
  }
}

function runOf({ settings, values }: Section, id: string | undefined): MeasuredRun {
  const all = [...values.values()];
  const counts = new Set(all.map(({ name }) => processors.exec(name)?.[1]));
  const [count] = counts;
  const isSame = counts.size === 1 && count !== undefined;
  const time = parseTime(settings.get('commit-time') ?? settings.get('date') ?? '');
  return {
    id,
    status: 'completed',
    atUs: time?.us,
    zoneless: time?.zoneless,
    commit: settings.get('commit'),
    environment: environmentOf(settings),
    params: isSame ? { gomaxprocs: Number(count) } : undefined,
    values: all.map((each): Measured => {
      const name = isSame ? each.name.replace(processors, '') : each.name;
      return { name, unit: each.unit, value: median(each.values), better: betterOfUnit(each.unit) };
    }),
    facts: [
      ...factOf('Package', settings.get('pkg')),
      ...factOf('Processor', settings.get('cpu')),
      ...factOf('System', [settings.get('goos'), settings.get('goarch')].filter(Boolean).join(' ')),
      ...factOf(
        'Measured',
        all[0] === undefined || all[0].values.length < 2 ? undefined : `${all[0].values.length} times`,
      ),
    ],
  };
}

function environmentOf(settings: ReadonlyMap<string, string>): JsonObject {
  const known = { processor: settings.get('cpu'), os: settings.get('goos'), arch: settings.get('goarch') };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
