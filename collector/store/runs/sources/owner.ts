import { isObject, type JsonValue } from '../../../base/json/json.ts';
import type { RunOwner } from '../../../formats/ledger/record.ts';

/** Which process runs a run, as Daybook writes it into the files of runs: {host, pid, start, beats}. */
export function ownerIn(source: JsonValue | undefined): RunOwner | undefined {
  if (!isObject(source) || typeof source['host'] !== 'string') return undefined;
  const { host, pid, start, beats } = source;
  return {
    pid: typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : undefined,
    host,
    start: typeof start === 'string' ? start : undefined,
    // Its signs of life are those of the run.
    seenUs: 0,
    beats: beats === true,
  };
}
