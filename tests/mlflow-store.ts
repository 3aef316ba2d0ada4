import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A run as MLflow keeps it in plain files. */
export interface StoredRun {
  meta?: Readonly<Record<string, string>> | null;
  params?: Readonly<Record<string, string>>;
  metrics?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
  artifacts?: Readonly<Record<string, string>>;
}

/** The id of a run, made of one number. */
export function runId(number: number): string {
  return number.toString(16).padStart(32, 'a');
}

/** Writes a file of a book, with its folders. */
export function putFile(root: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Writes an experiment of MLflow. */
export function putExperiment(root: string, folder: string, name: string, more = ''): void {
  const id = folder.slice(folder.lastIndexOf('/') + 1);
  putFile(
    root,
    `${folder}/meta.yaml`,
    `artifact_location: file:///home/me/${folder}\nexperiment_id: '${id}'\nlifecycle_stage: active\nname: ${name}\n${more}`,
  );
}

/** Writes the folder of a run of MLflow, as version 2 does; `meta: null` leaves its meta.yaml out. */
export function putStoredRun(root: string, folder: string, run: StoredRun): void {
  const id = folder.slice(folder.lastIndexOf('/') + 1);
  const meta = {
    artifact_uri: `file:///home/me/${folder}/artifacts`,
    end_time: '1704121208700',
    entry_point_name: "''",
    experiment_id: "'0'",
    lifecycle_stage: 'active',
    run_id: id,
    run_name: 'bold-fox-1',
    run_uuid: id,
    source_name: "''",
    source_type: '4',
    source_version: "''",
    start_time: '1704117113860',
    status: '3',
    tags: '[]',
    user_id: 'ada',
    ...run.meta,
  };
  if (run.meta !== null)
    putFile(
      root,
      `${folder}/meta.yaml`,
      Object.entries(meta)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );
  for (const part of ['params', 'metrics', 'tags', 'artifacts'] as const)
    for (const [name, text] of Object.entries(run[part] ?? {}))
      putFile(root, `${folder}/${part}/${name}`, text);
}
