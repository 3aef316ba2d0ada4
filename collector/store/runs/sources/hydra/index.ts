import type { RunSource } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { jobEvidence } from './job.ts';
import { sweepEvidence } from './sweep.ts';

const jobFiles = ['config.yaml', 'hydra.yaml', 'overrides.yaml'];
const sweepFiles = ['multirun.yaml', 'optimization_results.yaml'];

/** .hydra/: the configuration and overrides of a job of Hydra; multirun.yaml: a sweep of them. */
export const hydraSource: RunSource = {
  name: 'hydra',
  claims: (path) => lastPartOf(path) === sweepFiles[0],
  claimsFolder: (path, names) => lastPartOf(path) === '.hydra' && jobFiles.some((name) => names.has(name)),
  filesOf(_root, path) {
    const isSweep = lastPartOf(path) === sweepFiles[0];
    const folder = isSweep ? folderOf(path) : path;
    const own = (isSweep ? sweepFiles : jobFiles).map((name) => joinPlace(folder, name));
    // Whether a job is one of a sweep is told by what lies around it.
    return { read: isSweep ? own : [...own, joinPlace(folderOf(folderOf(path)), sweepFiles[0]!)], sized: [] };
  },
  ofFileAlone: true,
  read: async (path, { root, report }) => [
    lastPartOf(path) === sweepFiles[0] ? sweepEvidence(root, path, report) : jobEvidence(root, path, report),
  ],
};
