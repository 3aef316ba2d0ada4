import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { factOf, finiteIn, membersIn, objectIn, tellForeign, tellPart, textIn } from './members.ts';
import type { Report } from './read-json.ts';

const expected = {
  what: 'results of pytest-benchmark: {"machine_info", "commit_info", "benchmarks": [{"fullname", "stats"}]}',
  hint: 'Nothing of it is shown; run the benchmarks again for a whole file.',
};

/** Reads what pytest-benchmark saves: the median of each benchmark, with commit, time and machine. */
export function readPytestBenchmark(text: string, file: string, report: Report): MeasuredRun | undefined {
  const members = membersIn(text, file, expected, report);
  if (members === undefined) return undefined;
  const benchmarks = members['benchmarks'];
  if (!Array.isArray(benchmarks)) {
    tellForeign(file, expected.what, text, report);
    return undefined;
  }
  const [commit, machine] = [objectIn(members, 'commit_info'), objectIn(members, 'machine_info')];
  const written = textIn(members, 'datetime') ?? textIn(commit, 'time');
  const time = written === undefined ? undefined : parseTime(written);
  const processor = textIn(objectIn(machine, 'cpu'), 'brand_raw') ?? textIn(machine, 'processor');
  const python = textIn(machine, 'python_version');
  return {
    // What one machine saved is numbered, and has a name or a commit behind the number.
    group: /^(?:.*\/)?\.benchmarks\/[^/]+(?=\/)/.exec(file)?.[0],
    status: 'completed',
    atUs: time?.us,
    zoneless: time?.zoneless,
    commit: textIn(commit, 'id'),
    environment: environmentOf(machine, processor, python),
    values: benchmarks.flatMap((each) => valueOfBenchmark(each, file, report)),
    facts: [
      ...factOf('Branch', textIn(commit, 'branch')),
      ...factOf('Work tree', commit['dirty'] === true ? 'with changes' : undefined),
      ...factOf('Processor', processor),
      ...factOf('System', [textIn(machine, 'system'), textIn(machine, 'machine')].filter(Boolean).join(' ')),
      ...factOf('Python', python),
    ],
  };
}

function environmentOf(
  machine: JsonObject,
  processor: string | undefined,
  python: string | undefined,
): JsonObject {
  const known: [string, string | undefined][] = [
    ['processor', processor],
    ['os', textIn(machine, 'system')],
    ['arch', textIn(machine, 'machine')],
    ['python', python],
  ];
  return Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function valueOfBenchmark(benchmark: JsonValue, file: string, report: Report): Measured[] {
  const about = isObject(benchmark) ? benchmark : {};
  const name = textIn(about, 'fullname') ?? textIn(about, 'name');
  const stats = objectIn(about, 'stats');
  const value = finiteIn(stats, 'median') ?? finiteIn(stats, 'mean');
  if (name !== undefined && value !== undefined) return [{ name, unit: 's', value, better: 'min' }];
  tellPart(file, 'a benchmark with its name and the median in its stats', name, report);
  return [];
}
