import { isObject } from '../../base/json/json.ts';
import { isOfMachine } from '../../runs/columns.ts';
import { lastPartOf } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import { runSources } from '../../store/runs/sources/index.ts';
import type { RunResults } from './verdict.ts';

/** What a run reached: exit code, digests of what it wrote and attached, best and last values of its metrics. */
export function resultsOf({ receipt, artifacts, metrics, series }: RunRecord): RunResults {
  const outputs = new Map<string, string | undefined>();
  const named = receipt?.raw['outputs'];
  for (const [name, output] of Object.entries(isObject(named) ? named : {}))
    outputs.set(
      name,
      isObject(output) && typeof output['digest'] === 'string' ? output['digest'] : undefined,
    );
  for (const { id, digest, path } of artifacts) {
    // Files that runs are recorded in have times and ids in them, and are compared by what they say.
    const isRecord = path !== undefined && runSources.some(({ claims }) => claims(lastPartOf(path)));
    if (digest !== undefined && !isRecord && !outputs.has(id)) outputs.set(id, digest);
  }
  const values = new Map(Object.entries(metrics));
  for (const { name, last } of series)
    if (values.get(name) !== last && !Object.is(values.get(name), last)) values.set(`${name} (last)`, last);
  // What was measured of the machine is no result.
  for (const name of values.keys()) if (isOfMachine({ kind: 'metric', name })) values.delete(name);
  return { exitCode: receipt?.exitCode, outputs, metrics: values };
}

/** Words of a name that say that a metric tells how long or how fast, which no two runs have the same. */
const timeWord =
  /(?:^|[\W_])(?:time|times|sec|secs|seconds|minutes|hours|ms|millis|duration|elapsed|runtime|walltime|latency|throughput|speed|eta|fps|timestamp|per_(?:s|sec|second))(?:$|[\W_])/i;

/** Whether a metric tells of time and not of a result. */
export function tellsOfTime(name: string): boolean {
  return timeWord.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2'));
}
