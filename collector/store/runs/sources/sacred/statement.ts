import { isObject, type JsonObject, type JsonValue } from '../../../../base/json/json.ts';
import { parseTime } from '../../../../base/time.ts';
import { displayStatusOf } from '../../../../formats/actions/status.ts';
import { numberOf } from '../../../../formats/metrics/points.ts';
import type { Statement } from '../../../../runs/evidence.ts';
import { courseOf, fact } from '../course.ts';

/** What a run.json of Sacred says of its run, and the names of its artifacts. */
export function sacredRun(raw: JsonObject): { says: Statement; artifacts: string[] } {
  const { experiment, host, meta, status } = raw;
  const word = typeof status === 'string' ? status : undefined;
  const about = isObject(experiment) ? experiment : {};
  const result = numberOf(raw['result']);
  const [seenUs, startUs] = [timeIn(raw, 'heartbeat'), timeIn(raw, 'start_time')];
  return {
    says: {
      group: typeof about['name'] === 'string' ? about['name'] : undefined,
      ...courseOf({ statusWord: word, startUs, endUs: timeIn(raw, 'stop_time') ?? endOf(word, seenUs) }),
      atUs: startUs,
      seenUs,
      results: result === undefined ? {} : { result },
      error: lastLine(raw['fail_trace']),
      origin: {
        commit: commitOf(about),
        facts: factsOf(raw, about, isObject(host) ? host : {}, isObject(meta) ? meta : {}),
      },
    },
    artifacts: textsIn(raw['artifacts']),
  };
}

/** Sacred writes the time of Greenwich, and does not say so. */
function timeIn(raw: JsonObject, name: string): number | undefined {
  const text = raw[name];
  return typeof text === 'string' ? parseTime(text)?.us : undefined;
}

/** A run that was killed has no end, but a last sign of life. */
function endOf(word: string | undefined, seenUs: number | undefined): number | undefined {
  return word !== undefined && displayStatusOf(word) !== 'running' ? seenUs : undefined;
}

function factsOf(raw: JsonObject, about: JsonObject, host: JsonObject, meta: JsonObject): [string, string][] {
  const options = isObject(meta['options']) ? meta['options'] : {};
  const updates = textsIn(options['UPDATE']).join(' ');
  const os = textsIn(host['os']);
  return [
    ...fact(
      'Command',
      [raw['command'] ?? meta['command'], updates]
        .filter((each) => each !== '' && each !== undefined)
        .join(' with '),
    ),
    ...fact('Program', about['mainfile']),
    ...fact('Host', host['hostname']),
    ...fact('System', os.at(-1)),
    ...fact('Processor', host['cpu']),
    ...fact('Python', host['python_version']),
    ...repositoriesIn(about).flatMap(({ url, dirty }) =>
      fact(
        'Repository',
        typeof url === 'string' ? `${url}${dirty === true ? ' (with changes)' : ''}` : undefined,
      ),
    ),
    ...fact('Dependencies', textsIn(about['dependencies']).join(', ').slice(0, 1000)),
  ];
}

function commitOf(about: JsonObject): string | undefined {
  const commit = repositoriesIn(about).find(({ commit: each }) => typeof each === 'string')?.['commit'];
  return typeof commit === 'string' ? commit : undefined;
}

function repositoriesIn(about: JsonObject): JsonObject[] {
  const list = about['repositories'];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function textsIn(list: JsonValue | undefined): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

function lastLine(trace: JsonValue | undefined): string | undefined {
  const lines = textsIn(trace).join('').trim().split('\n');
  return lines.at(-1) === '' ? undefined : lines.at(-1);
}
