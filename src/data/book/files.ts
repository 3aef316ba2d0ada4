import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statIfAny } from './stat-if-any.ts';

/** What stands in place of a folder has no names; it is a finding of the one who reads it. */
export function namesIn(folder: string): string[] {
  const isFolder = statIfAny(folder)?.isDirectory() ?? false;
  return isFolder ? readdirSync(folder).sort() : [];
}

/** The files of the log, and those that hold one action each. */
export function actionFiles(root: string, names: string[]): string[] {
  return names
    .filter((name) => /^action_.*\.(json|jsonl|jsonl\.gz|jsonl\.zst)$/.test(name))
    .map((name) => inSnapshots(root, name));
}

/** The files of periodic snapshots. */
export function periodicFiles(root: string, names: string[]): string[] {
  return names.filter((name) => /periodic.*\.json/.test(name)).map((name) => inSnapshots(root, name));
}

function inSnapshots(root: string, name: string): string {
  return join(root, 'snapshots', name);
}

/** What details lie in blobs: texts that change with them. */
export function blobNames(root: string): string[] {
  const folder = join(root, 'snapshots', 'blobs');
  return namesIn(folder).map((name) => `${name} ${statIfAny(join(folder, name))?.size ?? 'gone'}`);
}
