import { existsSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { showText } from '../../base/show.ts';
import { storeTime } from '../../formats/version.ts';
import { SnapshotError } from '../../formats/version-errors.ts';
import { serializeExport } from '../../formats/version-export.ts';
import { writeBundle } from '../../store/versions/bundle-file.ts';
import type { VersionContext } from './context.ts';
import { resolveVersion } from './read.ts';

/** What was exported and where to. */
export interface ExportResult {
  path: string;
  versions: string[];
}

/**
 * Writes versions to a file: one to `.json` (in the form of the original), any number to `.tar.gz` or `.tgz`. Deltas
 * are written whole. An existing file is only overwritten with `force`.
 */
export async function exportVersions(
  context: VersionContext,
  names: readonly string[],
  path: string,
  options: { force?: boolean } = {},
): Promise<ExportResult> {
  const isBundle = /\.(?:tar\.gz|tgz)$/i.test(path);
  checkTarget(path, names.length, isBundle);
  if (existsSync(path) && options.force !== true) {
    throw new SnapshotError('exists', `There is a file at ${path} already.`, {
      where: path,
      hint: 'Choose another name, or overwrite it with --force.',
    });
  }
  const nowUs = context.clock.nowUs();
  if (isBundle) {
    const { versions } = await writeBundle(path, storeTime(nowUs), exportsOf(context, names, nowUs));
    return { path, versions: versions.map((each) => each.version) };
  }
  const { data, metadata } = await resolveVersion(context, names[0]!);
  writeFileAtomic(path, serializeExport(data, metadata, nowUs));
  return { path, versions: [metadata.version] };
}

async function* exportsOf(context: VersionContext, names: readonly string[], nowUs: number) {
  const seen = new Set<string>();
  for (const name of names) {
    const { data, metadata } = await resolveVersion(context, name);
    if (seen.has(metadata.version)) continue;
    seen.add(metadata.version);
    yield { version: metadata.version, text: serializeExport(data, metadata, nowUs) };
  }
}

function checkTarget(path: string, count: number, isBundle: boolean): void {
  if (count === 0)
    throw new SnapshotError('usage', 'There is nothing to export.', {
      hint: 'Name a version, or use --all.',
    });
  if (isBundle || (count === 1 && /\.json$/i.test(path))) return;
  const expected =
    count === 1
      ? 'a file name that ends in .json, .tar.gz or .tgz'
      : 'a file name that ends in .tar.gz or .tgz for several versions';
  throw new SnapshotError('usage', `Expected ${expected}, found "${showText(path)}".`);
}
