import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '../../../../base/json/json.ts';
import { parseLenientJson } from '../../../../base/json/lenient.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { readMeta } from '../../../../formats/mlflow/meta.ts';
import type { SourceFiles } from '../../../../runs/evidence.ts';
import { folderOf, isAddress, joinPlace } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { readTextFile } from '../../read-text.ts';
import { noFacts } from '../artifacts.ts';
import { attachedFile, filesBelow } from '../files-below.ts';
import { placesOf } from './run-folder.ts';

/** Of a model so many files are listed. */
const mostModelFiles = 200;

type Report = (finding: Finding) => void;

/** The datasets that a run says it used: its inputs name them, and its experiment has what is known of each. */
export function inputsOf(root: string, path: string, report: Report): RunArtifact[] {
  const { experiment } = placesOf(path);
  return linksIn(root, `${path}/inputs`, report).flatMap((link) => {
    const id = textOf(link, 'source_id');
    if (id === undefined) return [];
    const raw = metaAt(root, joinPlace(experiment, `datasets/${id}`), report);
    if (raw === undefined) return [{ ...noFacts, id, type: 'dataset', path: undefined, tags: [] }];
    return [datasetArtifact(raw, contextOf(link['tags']))];
  });
}

/** A dataset as an artifact: what it is called, its digest, where it came from and what it was used for. */
export function datasetArtifact(raw: JsonObject, context: string | undefined): RunArtifact {
  const source = sourceOf(textOf(raw, 'source') ?? textOf(raw, 'dataset_source'));
  const kind = textOf(raw, 'source_type') ?? textOf(raw, 'dataset_source_type');
  const isPath = source !== undefined && isAddress(source);
  return {
    ...noFacts,
    id: textOf(raw, 'name') ?? 'dataset',
    type: 'dataset',
    path: isPath ? source : undefined,
    description: [kind, isPath ? undefined : source].filter(Boolean).join(', ') || undefined,
    tags: context === undefined ? [] : [context],
    digest: textOf(raw, 'digest'),
  };
}

/** Models of version 3, which lie beside the runs of their experiment: the run that made one names it among its outputs. */
export function modelsOf(root: string, path: string, report: Report): RunArtifact[] {
  const { experiment } = placesOf(path);
  return linksIn(root, `${path}/outputs`, report).flatMap((link): RunArtifact[] => {
    const id = textOf(link, 'destination_id');
    if (id === undefined) return [];
    const folder = joinPlace(experiment, `models/${id}`);
    const raw = metaAt(root, folder, report);
    const name = (raw && textOf(raw, 'name')) ?? id;
    const files = filesBelow(root, `${folder}/artifacts`, mostModelFiles);
    const model = { ...noFacts, type: 'model', tags: [], description: id };
    if (files.length === 0) return [{ ...model, id: name, path: undefined }];
    return files.map((each) => ({
      ...model,
      id: `${name}/${each}`,
      ...attachedFile(root, `${folder}/artifacts/${each}`),
    }));
  });
}

/** The meta.yaml of each folder in a folder of links. */
function linksIn(root: string, folder: string, report: Report): JsonObject[] {
  return filesBelow(root, folder)
    .filter((name) => /^[^/]+\/meta\.yaml$/.test(name))
    .flatMap((name) => {
      const raw = metaAt(root, folderOf(`${folder}/${name}`), report);
      return raw === undefined ? [] : [raw];
    });
}

/** What is read of the datasets and models that a run names, and their files. */
export function linkedFiles(root: string, path: string): SourceFiles {
  const { experiment } = placesOf(path);
  const quiet = () => undefined;
  const of = (part: string, member: string, folder: string) =>
    linksIn(root, `${path}/${part}`, quiet)
      .map((link) => textOf(link, member))
      .filter((id) => id !== undefined)
      .map((id) => joinPlace(experiment, `${folder}/${id}`));
  const models = of('outputs', 'destination_id', 'models');
  return {
    read: [...of('inputs', 'source_id', 'datasets'), ...models].map((each) => `${each}/meta.yaml`),
    sized: models.flatMap((each) =>
      filesBelow(root, `${each}/artifacts`, mostModelFiles).map((name) => `${each}/artifacts/${name}`),
    ),
  };
}

function metaAt(root: string, folder: string, report: Report): JsonObject | undefined {
  const file = `${folder}/meta.yaml`;
  if (!existsSync(join(root, file))) return undefined;
  const text = readTextFile(root, file, 'what MLflow knows of it', report);
  return text === undefined ? undefined : readMeta(text, file, report);
}

/** What a dataset was used for: "training". */
function contextOf(tags: unknown): string | undefined {
  return isObject(tags) ? textOf(tags as JsonObject, 'mlflow.data.context') : undefined;
}

/** The one place that a source names, in JSON of many shapes: {"url": …}, {"uri": …}, {"path": …}; else the text as it is. */
function sourceOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = parseLenientJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return text.slice(0, 300);
  const value = parsed.value as JsonObject;
  for (const name of ['url', 'uri', 'path', 'table_name', 'delta_table_name']) {
    const found = textOf(value, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textOf(value: JsonObject, name: string): string | undefined {
  const found = value[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
