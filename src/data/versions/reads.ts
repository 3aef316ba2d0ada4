import type * as Collector from '../../../collector/read.ts';
import type { VersionContent } from '../../../collector/store/versions/read-version.ts';
import type { StoreFile } from '../../../collector/store/versions/version-reader.ts';
import type { Finding, VersionMetadata } from './types.ts';

/** What is needed of the collector to know the versions of a book. */
export interface VersionReads {
  /** The files of the store, none where there is none. */
  files(): StoreFile[];
  /** The metadata of all versions, newest first. */
  list(): Promise<VersionMetadata[]>;
  /** The content of one, or what is wrong with it. */
  read(metadata: VersionMetadata): Promise<VersionContent>;
  /** Tags of periodic snapshots, by their id. */
  pins(): Map<string, string[]>;
  /** Reports what is wrong with the store, contents aside. */
  audit(report: (finding: Finding) => void): Promise<void>;
  baseOf(metadata: VersionMetadata): string | undefined;
}

/** How the versions of the book at `root` are read. */
export function versionReads(root: string, collector: typeof Collector): VersionReads {
  const reader = collector.openVersionReader(root);
  return {
    files: () => reader.files(),
    list: () => reader.list(() => {}),
    read: (metadata) => reader.read(metadata),
    pins: () => reader.pins(() => {}),
    async audit(report) {
      await collector.auditVersions(root, report, false);
    },
    baseOf: collector.baseOf,
  };
}
