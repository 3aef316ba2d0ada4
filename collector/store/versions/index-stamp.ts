import { statSync } from 'node:fs';
import { createdUs, type VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionPaths } from './version-files.ts';

/** Changes whenever a version comes, goes or is changed by somebody who keeps to the rules of the store. */
export function stampOfIndex(paths: VersionPaths): string {
  return [paths.metadata, paths.journal, paths.registry]
    .map((path) => {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      return stat === undefined ? '-' : `${stat.ino}.${stat.mtimeNs}.${stat.size}`;
    })
    .join(' ');
}

/** The version with the latest time; of several the one whose name comes last. */
export function newestOf(versions: Iterable<VersionMetadata>): VersionMetadata | undefined {
  let newest: VersionMetadata | undefined;
  for (const each of versions) {
    if (
      newest === undefined ||
      createdUs(each) > createdUs(newest) ||
      (createdUs(each) === createdUs(newest) && each.version > newest.version)
    )
      newest = each;
  }
  return newest;
}
