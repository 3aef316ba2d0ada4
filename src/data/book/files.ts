import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** What a book without a title is called. */
export function titleOf(root: string): string {
  const address = originOf(root);
  return address === undefined ? basename(root) || 'Daybook' : address.split('/').slice(-2).join('/');
}

/** The web address of the repository that git calls origin, if it has one. */
export function originOf(root: string): string | undefined {
  try {
    const config = readFileSync(join(root, '.git', 'config'), 'utf8');
    const url = /\[remote "origin"\][^[]*?url\s*=\s*(\S+)/.exec(config)?.[1];
    const match =
      /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[^@/\s]+@)([A-Za-z0-9.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(
        url ?? '',
      );
    return match === null ? undefined : `https://${match[1]}/${match[2]}`;
  } catch {
    return undefined;
  }
}
