import type { ExperimentRecord } from '../../../formats/experiments/experiment.ts';
import { type Evidence, placeOfFile, type RunSource } from '../../../runs/evidence.ts';
import { lastPartOf } from '../../../runs/key.ts';
import { readExperiment } from '../../experiments/read-experiment.ts';
import { ownerIn } from './owner.ts';

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
      owner: ownerIn(experiment.source),
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
