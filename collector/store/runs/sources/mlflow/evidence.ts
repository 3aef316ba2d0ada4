import type { MetricsRecord } from '../../../../formats/metrics/record.ts';
import type { RunMeta } from '../../../../formats/mlflow/meta.ts';
import { paramValue } from '../../../../formats/mlflow/param.ts';
import { readTags } from '../../../../formats/mlflow/tags.ts';
import type { Evidence, Statement } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { courseOf, fact } from '../course.ts';
import { seriesSummary } from '../metrics.ts';

/** What is known of an experiment of MLflow. */
export interface Experiment {
  name: string;
  isDeleted: boolean;
  tags: ReadonlyMap<string, string>;
}

/** All that is known of a run of MLflow, whether files or a database have it. */
export interface MlflowRun {
  source: string;
  file: string;
  /** The folder or database that holds all runs. */
  store: string;
  id: string;
  meta: RunMeta | undefined;
  experiment: Experiment;
  params: ReadonlyMap<string, string>;
  tags: ReadonlyMap<string, string>;
  metrics: MetricsRecord;
  artifacts: readonly RunArtifact[];
}

/** What MLflow says of a run; where it lies is for those who read it to say. */
export function mlflowEvidence(run: MlflowRun): Pick<Evidence, 'source' | 'file' | 'store' | 'ids' | 'says'> {
  const { source, file, store, id, meta, experiment, metrics } = run;
  const tags = readTags(run.tags);
  const says: Statement = {
    name: meta?.name ?? tags.name,
    // The same experiment of another folder is another one.
    group: joinPlace(folderOf(store), experiment.name),
    ...courseOf(meta),
    seenUs: metrics.lastAtUs,
    atUs: meta?.startUs ?? metrics.firstAtUs,
    config: Object.fromEntries([...run.params].map(([name, text]) => [name, paramValue(text)])),
    series: seriesSummary(metrics.series.values()),
    values: metrics,
    tags: tags.own,
    description: tags.note,
    artifacts: run.artifacts,
    origin: {
      commit: tags.commit ?? meta?.version,
      facts: [
        ...fact('User', tags.user ?? meta?.user),
        ...(run.tags.has('mlflow.source.name') ? [] : fact('Program', meta?.program)),
        ...tags.facts,
        ...fact('Artifacts', addressOf(meta?.artifacts)),
        ...[...experiment.tags].flatMap(([name, value]) => fact(`Experiment: ${name}`, value.slice(0, 300))),
        ...fact('MLflow run', id),
      ],
    },
    ...(tags.parentId === undefined
      ? {}
      : { parents: [{ id: tags.parentId, kind: 'sweep' as const, name: tags.parentId }] }),
  };
  return { source, file, store, ids: [id], says };
}

/** Where artifacts are, where that is no folder of a disk. */
function addressOf(uri: string | undefined): string | undefined {
  return uri !== undefined &&
    /^[a-z][a-z0-9+.-]+:/i.test(uri) &&
    !/^file:/i.test(uri) &&
    !/^[a-z]:/i.test(uri)
    ? uri
    : undefined;
}
