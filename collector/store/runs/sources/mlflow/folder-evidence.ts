import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../base/json/json.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { readMeta, runMeta } from '../../../../formats/mlflow/meta.ts';
import type { Evidence } from '../../../../runs/evidence.ts';
import { joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { readTextFile } from '../../read-text.ts';
import { type Experiment, mlflowEvidence } from './evidence.ts';
import { filesAttached } from './files-attached.ts';
import { inputsOf, modelsOf } from './links.ts';
import { placesOf, readMetrics, readTexts } from './run-folder.ts';

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
      ...filesAttached(root, `${path}/artifacts`),
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
