import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { showText } from '../../base/show.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import { isReadableName } from '../../formats/versions/name.ts';
import type { VersionForm } from '../../formats/versions/version.ts';
import { snapshotsFolder } from '../layout.ts';

/** The folder of a book in which its versions are kept. */
export function versionsFolder(root: string): string {
  return join(snapshotsFolder(root), 'store');
}

/** Where the parts of a store of versions lie. */
export interface VersionPaths {
  folder: string;
  registry: string;
  journal: string;
  metadata: string;
  data: string;
  pins: string;
  lock: string;
}

export function versionPaths(folder: string): VersionPaths {
  return {
    folder,
    registry: join(folder, 'registry.json'),
    journal: join(folder, 'registry.journal.jsonl'),
    metadata: join(folder, 'metadata'),
    data: join(folder, 'data'),
    pins: join(folder, 'periodic'),
    // .daybook/ is ignored by git at every depth.
    lock: join(folder, '.daybook', 'lock.db'),
  };
}

/** Whether there is a store in a folder. */
export function isVersionStore(folder: string): boolean {
  const { registry, metadata } = versionPaths(folder);
  return existsSync(metadata) || existsSync(registry);
}

/** The file of a version's metadata. @throws VersionNotFoundError for names that are no file names. */
export function metadataPath(paths: VersionPaths, version: string): string {
  return join(paths.metadata, `${checked(version)}.json`);
}

/** The file of a version's content in one form. @throws VersionNotFoundError for names that are no file names. */
export function contentPath(
  paths: VersionPaths,
  version: string,
  form: VersionForm | 'python-delta',
): string {
  return join(paths.data, `${checked(version)}${contentEndings[form]}`);
}

export const contentEndings = { full: '.data', delta: '.patch.json', 'python-delta': '.delta' } as const;

/** The version that a file in data/ belongs to; undefined for other files. */
export function versionOfContent(
  name: string,
): { version: string; form: VersionForm | 'python-delta' } | undefined {
  for (const form of ['delta', 'full', 'python-delta'] as const) {
    const ending = contentEndings[form];
    if (name.endsWith(ending) && name.length > ending.length)
      return { version: name.slice(0, -ending.length), form };
  }
  return undefined;
}

/** Names come from commands and from files of others: none may lead out of the folder. */
function checked(version: string): string {
  if (isReadableName(version)) return version;
  throw new VersionNotFoundError(`There is no version "${showText(version)}".`, {
    hint: 'Run daybook store versions to see all.',
  });
}
