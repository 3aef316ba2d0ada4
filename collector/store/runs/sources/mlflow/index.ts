import type { Finding } from '../../../../formats/findings/finding.ts';
import type { MetricsRecord } from '../../../../formats/metrics/record.ts';
import type { RunSource } from '../../../../runs/evidence.ts';
import { filesOfRun } from './files.ts';
import { folderEvidence } from './folder-evidence.ts';
import { isRunFolder, readMetrics } from './run-folder.ts';

/** mlruns/<experiment>/<run>: the plain files of MLflow, a folder for each run and a file for each value. */
export const mlflowSource: RunSource = {
  name: 'mlflow',
  claims: () => false,
  claimsFolder: isRunFolder,
  filesOf: filesOfRun,
  ofFileAlone: true,
  read: async (path, { root, report }) => [folderEvidence(root, path, report)],
  values: async (path, _key, root): Promise<MetricsRecord> => readMetrics(root, path, quiet),
};

const quiet = (_finding: Finding) => undefined;
