import type { JsonObject } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { isoMicros } from '../../base/time.ts';
import type { ExperimentRecord, RecordedArtifact } from '../../formats/experiments/experiment.ts';
import type { MetricsRequest } from '../../operations/experiments/track-experiment.ts';
import { jsonNumber } from '../../runs/json.ts';
import type { World } from '../context.ts';
import { formatNumber } from './values.ts';

/** The second word of the commands that change an experiment. */
export type ExperimentWord = keyof typeof did;

const did = {
  start: 'started',
  progress: 'recorded progress of',
  metric: 'recorded metrics of',
  artifact: 'attached to',
  tag: 'tagged',
  untag: 'removed tags of',
  describe: 'described',
  complete: 'completed',
  fail: 'recorded failure of',
  abort: 'aborted',
};

/** Says what a change came to: the record with --json, else one line. */
export function printChanged(
  word: ExperimentWord,
  record: ExperimentRecord,
  { out, json, quiet }: World,
): undefined {
  if (json) return out.printJson(experimentJson(record));
  if (quiet) return undefined;
  const { good, faint } = out.palette;
  return out.print(`${good(did[word])} ${visibleText(record.id)} ${faint(stateOf(record))}`);
}

/** Says where a point went of a run without an experiment, which has no place for what is better. */
export function printPoint(
  { run, file }: { run: string; file: string },
  { values, step, epoch, directions }: MetricsRequest,
  { out, json, quiet }: World,
): undefined {
  if (Object.keys(directions ?? {}).length > 0) {
    const start = `daybook experiment start ${run}`;
    const why = `${run} has no experiment file, so what is better is not remembered; begin one with ${start}`;
    out.warn(`${out.errorPalette.warning('warning:')} ${visibleText(why)}`);
  }
  if (json) {
    const written = Object.entries(values).map(([name, value]) => [name, jsonNumber(value)]);
    return out.printJson({
      run,
      file,
      step: step ?? null,
      epoch: epoch ?? null,
      values: Object.fromEntries(written),
    });
  }
  if (quiet) return undefined;
  const { good, faint } = out.palette;
  return out.print(`${good(did.metric)} ${visibleText(run)} ${faint(visibleText(file))}`);
}

function stateOf({ status, statusWord, currentEpoch, totalEpochs, best }: ExperimentRecord): string {
  const epochs =
    currentEpoch || totalEpochs
      ? `, epoch ${currentEpoch ?? 0}${totalEpochs ? ` of ${totalEpochs}` : ''}`
      : '';
  const names = Object.entries(best)
    .slice(0, 6)
    .map(([name, value]) => ` ${visibleText(name)}=${formatNumber(value)}`);
  return `${visibleText(statusWord || status)}${epochs}${names.length > 0 ? `, best${names.join('')}` : ''}`;
}

/** The document as it stands, with what is kept beside it. */
export function experimentJson(record: ExperimentRecord): JsonObject {
  const { error, file, run } = record;
  return {
    ...record.raw,
    artifacts: record.artifacts.map(artifactJson),
    error: error ?? null,
    file,
    ...(run === undefined ? {} : { run }),
  };
}

/** One artifact under the names of the file. */
export function artifactJson(artifact: RecordedArtifact): JsonObject {
  const { id, type, path, description, tags, bytes, digest, addedAtUs } = artifact;
  return {
    id,
    type,
    path: path ?? null,
    description: description ?? '',
    tags,
    bytes: bytes ?? null,
    digest: digest ?? null,
    added_at: addedAtUs === undefined ? null : isoMicros(addedAtUs),
  };
}
