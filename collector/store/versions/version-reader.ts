import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { byNewest, type VersionMetadata } from '../../formats/versions/version.ts';
import { listNames } from '../layout.ts';
import type { Report } from './backend.ts';
import { openFileBackend } from './file-backend.ts';
import { readPinFiles } from './pin-files.ts';
import { readVersionContent, type VersionContent } from './read-version.ts';
import { isVersionStore, versionOfContent, versionPaths, versionsFolder } from './version-files.ts';

/** A file of a store: its path in the book, its size, and the version whose content it holds or helps to hold. */
export interface StoreFile {
  path: string;
  bytes: number;
  version: string | undefined;
}

/** A book's versions for those who only read: never writes and takes no lock. */
export interface VersionReader {
  /** The metadata of every version, newest first. */
  list(report: Report): Promise<VersionMetadata[]>;
  /** The content of one, checked, or what is wrong with it. */
  read(metadata: VersionMetadata): Promise<VersionContent>;
  /** Tags of periodic snapshots, by their id. */
  pins(report: Report): Map<string, string[]>;
  /** Every file that the other three read, and those that lie between them. */
  files(): StoreFile[];
}

/** Opens the versions of a book for reading; one without a store has none. */
export function openVersionReader(root: string): VersionReader {
  const folder = versionsFolder(root);
  const backend = openFileBackend(folder, { shownAs: 'snapshots/store' });
  return {
    list: async (report) => (isVersionStore(folder) ? (await backend.list(report)).sort(byNewest) : []),
    read: (metadata) => readVersionContent(backend, metadata),
    pins: (report) => readPinFiles(versionPaths(folder), 'snapshots/store', report),
    files: () => (isVersionStore(folder) ? storeFiles(root, folder) : []),
  };
}

function storeFiles(root: string, folder: string): StoreFile[] {
  const { data, metadata, pins } = versionPaths(folder);
  return [folder, data, metadata, pins].flatMap((home) =>
    namesIn(home)
      .sort()
      .flatMap((name): StoreFile[] => {
        const path = join(home, name);
        const stat = statSync(path, { throwIfNoEntry: false });
        if (stat?.isDirectory() === true) return [];
        return [
          {
            path: relative(root, path).replaceAll('\\', '/'),
            bytes: stat?.size ?? 0,
            version: home === data ? versionOfContent(name)?.version : undefined,
          },
        ];
      }),
  );
}

/** What stands in place of a folder has no names; it is a finding of the one who reads it. */
function namesIn(folder: string): string[] {
  try {
    return listNames(folder);
  } catch {
    return [];
  }
}
