import type { ExperimentRecord } from '../../../formats/experiments/experiment.ts';
import type { RunOwner } from '../../../formats/ledger/record.ts';
import { type Evidence, placeOfFile, type RunSource } from '../../../runs/evidence.ts';
import { lastPartOf } from '../../../runs/key.ts';
import { readExperiment } from '../../experiments/read-experiment.ts';

/** experiment_tracker.json as CrackSeg and Daybook keep it. */
export const experimentSource: RunSource = {
  name: 'experiment',
  claims: (path) => /^(?:.+_)?experiment_tracker\.json$/.test(lastPartOf(path)),
  placeOf: (path) => placeOfFile(path, 'experiment_tracker.json'),
  async read(path, { root, report }) {
    const record = readExperiment(root, path, report);
    return record === undefined ? [] : [experimentEvidence(record)];
  },
};

/** What an experiment file says of its run. */
export function experimentEvidence(experiment: ExperimentRecord): Evidence {
  const { file, id, run, artifacts } = experiment;
  return {
    source: 'experiment',
    file,
    ...placeOfFile(file, 'experiment_tracker.json'),
    ids: [id],
    names: run,
    files: artifacts.flatMap(({ path }) => (path?.endsWith('.jsonl') === true ? [path] : [])),
    says: {
      statusWord: experiment.statusWord,
      history: experiment.history,
      startedAtUs: experiment.startedAtUs,
      roughDurationMs: experiment.trainingTimeMs,
      atUs: experiment.createdAtUs,
      seenUs: experiment.updatedAtUs,
      owner: ownerOf(experiment),
      zoneless: experiment.zoneless,
      config: experiment.config,
      best: experiment.best,
      directions: experiment.directions,
      tags: experiment.tags,
      description: experiment.description,
      error: experiment.error,
      artifacts: artifacts.map((each) => ({ ...each, file: undefined })),
      documents: { experiment: experiment.raw },
    },
  };
}

/** Which process started it, where Daybook wrote that; its signs of life are those of the run. */
function ownerOf({ source }: ExperimentRecord): RunOwner | undefined {
  const host = source?.['host'];
  if (typeof host !== 'string') return undefined;
  const pid = source!['pid'];
  const start = source!['start'];
  return {
    pid: typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : undefined,
    host,
    start: typeof start === 'string' ? start : undefined,
    seenUs: 0,
    beats: source!['beats'] === true,
  };
}
