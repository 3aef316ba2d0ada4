import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../base/json/json.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { readMeta, runMeta } from '../../../../formats/mlflow/meta.ts';
import type { Evidence } from '../../../../runs/evidence.ts';
import { joinPlace, lastPartOf } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { readTextFile } from '../../read-text.ts';
import { noFacts } from '../artifacts.ts';
import { type Experiment, mlflowEvidence } from './evidence.ts';
import { attachedFile, inputsOf, modelsOf } from './links.ts';
import { artifactsOf, placesOf, readMetrics, readTexts } from './run-folder.ts';

type Report = (finding: Finding) => void;

/** What the folder of a run says; where its meta.yaml is missing or broken, what else is known of it. */
export function folderEvidence(root: string, path: string, report: Report): Evidence {
  const { experiment: folder, store, isTrash } = placesOf(path);
  const raw = metaIn(root, path, 'a run', report);
  const meta = raw === undefined ? undefined : runMeta(raw);
  const experiment = experimentIn(root, folder, report);
  const tags = readTexts(root, `${path}/tags`, 'a tag', report);
  const evidence = mlflowEvidence({
    source: 'mlflow',
    file: path,
    store: store === '' ? '.' : store,
    id: lastPartOf(path),
    meta,
    experiment,
    params: readTexts(root, `${path}/params`, 'a parameter', report),
    tags,
    metrics: readMetrics(root, path, report),
    artifacts: [
      ...inputsOf(root, path, report),
      ...modelsOf(root, path, report),
      ...filesAttached(root, path),
    ],
  });
  const isDeleted = isTrash || meta?.isDeleted === true || experiment.isDeleted;
  return { ...evidence, folder: path, prefix: '', ...(isDeleted ? { deleted: true } : {}) };
}

/** The members of a meta.yaml; undefined where it is missing, which is told, or holds none. */
export function metaIn(root: string, folder: string, what: string, report: Report): JsonObject | undefined {
  const file = joinPlace(folder, 'meta.yaml');
  if (!existsSync(join(root, file))) {
    report({
      code: 'unreadable',
      severity: 'warning',
      file: folder === '' ? '.' : folder,
      expected: `meta.yaml, in which MLflow says what ${what} is`,
      found: 'no such file',
      hint: 'It is shown with what else is known of it; restore the file from where it was recorded.',
    });
    return undefined;
  }
  const text = readTextFile(root, file, `what MLflow knows of ${what}`, report);
  return text === undefined ? undefined : readMeta(text, file, report);
}

function experimentIn(root: string, folder: string, report: Report): Experiment {
  const raw = metaIn(root, folder, 'an experiment', report);
  const name = raw?.['name'];
  return {
    name: typeof name === 'string' && name !== '' ? name : lastPartOf(folder),
    isDeleted: raw?.['lifecycle_stage'] === 'deleted',
    tags: readTexts(root, joinPlace(folder, 'tags'), 'a tag', report),
  };
}

/** Files that the run attached. Those of a model say so; the folder of a model has a file of that name. */
function filesAttached(root: string, path: string): RunArtifact[] {
  const names = artifactsOf(root, path);
  const models = names
    .filter((name) => lastPartOf(name) === 'MLmodel')
    .map((name) => name.slice(0, -'MLmodel'.length));
  return names.map((name) => ({
    ...noFacts,
    id: name,
    type: models.some((model) => name.startsWith(model)) ? 'model' : 'artifact',
    tags: [],
    ...attachedFile(root, `${path}/artifacts/${name}`),
  }));
}
