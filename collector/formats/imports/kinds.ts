import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { agentSession } from './agent-session.ts';
import { githubRuns } from './github-runs.ts';
import type { ImportKind } from './imported.ts';
import { otlpTraces } from './otlp-traces.ts';
import { upptimeHistory } from './upptime.ts';

/** Every kind of files whose records are actions; what none of them knows is read by a mapping. */
export const importKinds: readonly ImportKind[] = [githubRuns, otlpTraces, upptimeHistory, agentSession];

/** The kind of the first records of a file: some lines of a log are of no interest, so that any of them may tell. */
export function kindOf(records: readonly JsonValue[]): ImportKind | undefined {
  return importKinds.find((kind) =>
    records.some((each) => isObject(each) && kind.recognises(each as JsonObject)),
  );
}
