import { byNewest, type VersionMetadata } from '../../formats/version.ts';
import type { Report } from './backend.ts';
import { openFileBackend } from './file-backend.ts';
import { readPinFiles } from './pin-files.ts';
import { readVersionContent, type VersionContent } from './read-version.ts';
import { isVersionStore, versionPaths, versionsFolder } from './version-files.ts';

/** A book's versions for those who only read: never writes and takes no lock. */
export interface VersionReader {
  /** The metadata of every version, newest first. */
  list(report: Report): Promise<VersionMetadata[]>;
  /** The content of one, checked, or what is wrong with it. */
  read(metadata: VersionMetadata): Promise<VersionContent>;
  /** Tags of periodic snapshots, by their id. */
  pins(report: Report): Map<string, string[]>;
}

/** Opens the versions of a book for reading; one without a store has none. */
export function openVersionReader(root: string): VersionReader {
  const folder = versionsFolder(root);
  const backend = openFileBackend(folder, { shownAs: 'snapshots/store' });
  return {
    list: async (report) => (isVersionStore(folder) ? (await backend.list(report)).sort(byNewest) : []),
    read: (metadata) => readVersionContent(backend, metadata),
    pins: (report) => readPinFiles(versionPaths(folder), 'snapshots/store', report),
  };
}
