import { existsSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { messageOf } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import type { UnreadableVersion } from '../../formats/versions/bundle.ts';
import { RefusedVersionError, VersionError } from '../../formats/versions/errors.ts';
import { serializeExport } from '../../formats/versions/export.ts';
import { byNewest, storeTime } from '../../formats/versions/version.ts';
import { writeBundle } from '../../store/versions/bundle-file.ts';
import type { VersionContext } from './context.ts';
import { resolveVersion } from './read.ts';

/** What was exported and where to. */
export interface ExportResult {
  path: string;
  versions: string[];
  /** What should have been exported and could not be read; only where that was to be passed over. */
  unreadable: UnreadableVersion[];
}

/** Which versions are exported, and how. */
export interface ExportOptions {
  force?: boolean;
  /** Every version of the store beside those named. */
  all?: boolean;
  /** Go on past versions that cannot be read, and name them in the result and in the bundle; `all` does so always. */
  skipUnreadable?: boolean;
}

/**
 * Writes versions to a file: one to `.json` (in the form of the original), any number to `.tar.gz` or `.tgz`. Deltas
 * are written whole. An existing file is only overwritten with `force`.
 * @throws VersionError `unreadable` where a version cannot be read and none may be passed over, or all of them cannot.
 */
export async function exportVersions(
  context: VersionContext,
  names: readonly string[],
  path: string,
  options: ExportOptions = {},
): Promise<ExportResult> {
  const isBundle = /\.(?:tar\.gz|tgz)$/i.test(path);
  const unreadable: UnreadableVersion[] = [];
  const wanted = options.all === true ? [...names, ...(await everyName(context, unreadable))] : names;
  checkTarget(path, wanted.length + unreadable.length, isBundle);
  if (existsSync(path) && options.force !== true) {
    throw new VersionError('exists', `There is a file at ${path} already.`, {
      where: path,
      hint: 'Choose another name, or overwrite it with --force.',
    });
  }
  const nowUs = context.clock.nowUs();
  if (isBundle) {
    const isSkipping = options.all === true || options.skipUnreadable === true;
    const exports = exportsOf(context, wanted, nowUs, isSkipping ? unreadable : undefined);
    const { versions } = await writeBundle(path, storeTime(nowUs), exports, unreadable);
    return { path, versions: versions.map((each) => each.version), unreadable };
  }
  const { data, metadata } = await resolveVersion(context, wanted[0] ?? unreadable[0]!.version);
  writeFileAtomic(path, serializeExport(data, metadata, nowUs));
  return { path, versions: [metadata.version], unreadable };
}

/** The names of all versions; those of which not even the metadata can be read are noted. */
async function everyName(context: VersionContext, unreadable: UnreadableVersion[]): Promise<string[]> {
  const damaged = new Map<string, string>();
  const listed = await context.backend.list(({ code, severity, file, expected, found }) => {
    const name = /\/metadata\/([^/]+)\.json$/.exec(file)?.[1];
    if (code === 'damaged-version' && severity === 'error' && name !== undefined)
      damaged.set(name, `expected ${expected}, found ${found}`);
  });
  for (const [version, reason] of damaged) unreadable.push({ version, reason });
  return listed.sort(byNewest).map(({ version }) => version);
}

/** One after the other. With `unreadable` what cannot be read is noted there; none at all is an error even so. */
async function* exportsOf(
  context: VersionContext,
  names: readonly string[],
  nowUs: number,
  unreadable: UnreadableVersion[] | undefined,
) {
  const seen = new Set<string>();
  for (const name of names) {
    let text: string;
    let version: string;
    try {
      const { data, metadata } = await resolveVersion(context, name);
      version = metadata.version;
      if (seen.has(version)) continue;
      text = serializeExport(data, metadata, nowUs);
    } catch (error) {
      // A name that is wrong is a mistake; only what is there and cannot be read is passed over.
      if (unreadable === undefined || !isDamage(error)) throw error;
      unreadable.push({ version: name, reason: messageOf(error) });
      continue;
    }
    seen.add(version);
    yield { version, text };
  }
  const [first] = unreadable ?? [];
  if (seen.size === 0 && first !== undefined)
    throw new VersionError('unreadable', `None of the versions can be read: ${first.reason}`, {
      where: first.version,
      hint: 'daybook doctor lists what is wrong with each.',
    });
}

function isDamage(error: unknown): boolean {
  return error instanceof RefusedVersionError && error.code === 'unreadable';
}

function checkTarget(path: string, count: number, isBundle: boolean): void {
  if (count === 0)
    throw new VersionError('usage', 'There is nothing to export.', {
      hint: 'Name a version, or use --all.',
    });
  if (isBundle || (count === 1 && /\.json$/i.test(path))) return;
  const expected =
    count === 1
      ? 'a file name that ends in .json, .tar.gz or .tgz'
      : 'a file name that ends in .tar.gz or .tgz for several versions';
  throw new VersionError('usage', `Expected ${expected}, found "${showText(path)}".`);
}
