import type * as Collector from '../../collector/read.ts';
import type { VersionReads } from './load-versions.ts';

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
