import type { RunSource } from '../../../runs/evidence.ts';
import { actionSource } from './action.ts';
import { dvcliveSource } from './dvc/live-source.ts';
import { dvcSource } from './dvc/pipeline-source.ts';
import { experimentSource } from './experiment.ts';
import { huggingfaceSource } from './huggingface/index.ts';
import { hydraSource } from './hydra/index.ts';
import { importedSource } from './imported.ts';
import { ledgerSource } from './ledger.ts';
import { logSource } from './log.ts';
import { metricsSource } from './metrics.ts';
import { mlflowDatabaseSource } from './mlflow/database-source.ts';
import { mlflowSource } from './mlflow/index.ts';
import { receiptSource } from './receipt.ts';
import { coverageSource } from './results/coverage.ts';
import { criterionSource } from './results/criterion.ts';
import { githubActionBenchmarkSource } from './results/github-action-benchmark.ts';
import { goBenchSource } from './results/go-bench.ts';
import { hyperfineSource, k6Source, lighthouseSource, pytestBenchmarkSource } from './results/json.ts';
import { junitSource } from './results/junit.ts';
import { sacredSource } from './sacred/index.ts';
import { tableSource } from './table/index.ts';
import { tensorboardSource } from './tensorboard/index.ts';
import { trackioSource } from './trackio/index.ts';
import { wandbSource } from './wandb/index.ts';

/** All kinds of files that runs are made from. Whom a run believes where two of them differ: runs/precedence.ts. */
export const runSources: readonly RunSource[] = [
  ledgerSource,
  receiptSource,
  experimentSource,
  metricsSource,
  logSource,
  importedSource,
  mlflowSource,
  mlflowDatabaseSource,
  dvcSource,
  dvcliveSource,
  tableSource,
  tensorboardSource,
  wandbSource,
  trackioSource,
  huggingfaceSource,
  sacredSource,
  hydraSource,
  githubActionBenchmarkSource,
  junitSource,
  coverageSource,
  pytestBenchmarkSource,
  hyperfineSource,
  goBenchSource,
  criterionSource,
  k6Source,
  lighthouseSource,
  actionSource,
];
