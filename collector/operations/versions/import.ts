import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { DaybookError, reasonOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { isObject } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import { bundleLimits } from '../../formats/versions/bundle.ts';
import { checksumOf, contentOf } from '../../formats/versions/content.ts';
import { RefusedVersionError, VersionError } from '../../formats/versions/errors.ts';
import { parseExport, type VersionExport } from '../../formats/versions/export.ts';
import { checkTag, checkVersionName, isWritableName } from '../../formats/versions/name.ts';
import { parseVersionMetadata, withBase } from '../../formats/versions/version.ts';
import { checkBundle, readBundle } from '../../store/versions/bundle-file.ts';
import { readVersionContent } from '../../store/versions/read-version.ts';
import type { VersionContext } from './context.ts';
import { saveVersion } from './save.ts';

/** How something is imported. */
export interface ImportOptions {
  /** The name of the version; only where the file holds one. */
  version?: string;
  /** Give versions another name where theirs is taken or unfit, instead of leaving them out. */
  rename?: boolean;
  /** Take data whose checksum does not match. */
  unverified?: boolean;
}

/** What became of one version of an imported file. */
export interface ImportedVersion {
  source: string;
  /** Its name here; null where it was not taken. */
  version: string | null;
  state: 'imported' | 'identical' | 'conflict' | 'refused';
  reason: string | null;
}

/**
 * Takes versions from an export (JSON, also the original's) or a bundle (tar.gz). What is here already is never
 * overwritten: the same content is skipped, other content under the same name is refused unless it may be renamed.
 * @throws VersionError where nothing of the file can be used.
 */
export async function importVersions(
  context: VersionContext,
  path: string,
  options: ImportOptions = {},
): Promise<ImportedVersion[]> {
  if (options.version !== undefined) checkVersionName(options.version);
  if (isArchiveFile(path)) return importBundle(context, path, options);
  const parsed = parseExport(readFileSync(path), options.unverified);
  if ('problem' in parsed)
    throw new VersionError('bad-input', `Expected an exported version, found ${parsed.problem}.`, {
      where: path,
      hint: parsed.hint,
    });
  const outcome = await importOne(context, parsed, 'the file', options);
  return [outcome];
}

async function importBundle(
  context: VersionContext,
  path: string,
  options: ImportOptions,
): Promise<ImportedVersion[]> {
  const { manifest, strange, damaged } = await checkBundle(path);
  if (options.version !== undefined && manifest.versions.length !== 1)
    throw new VersionError(
      'usage',
      `--version names one version, but the bundle has ${manifest.versions.length}.`,
    );
  const outcomes: ImportedVersion[] = strange.map((name) => refused(name, 'it is no part of a bundle'));
  for (const { file, version } of manifest.versions)
    if (damaged.has(file)) outcomes.push(refused(version, damaged.get(file)!));
  const wanted = new Map(manifest.versions.map((each) => [each.file, each]));
  await readBundle(path, async (file, bytes) => {
    const entry = wanted.get(file);
    if (entry === undefined || damaged.has(file) || sha256Hex(bytes) !== entry.sha256) return;
    const parsed = parseExport(bytes, options.unverified);
    if ('problem' in parsed) outcomes.push(refused(entry.version, `found ${parsed.problem}`));
    else outcomes.push(await importOne(context, parsed, entry.version, options));
  });
  return outcomes;
}

async function importOne(
  context: VersionContext,
  found: VersionExport,
  called: string,
  options: ImportOptions,
): Promise<ImportedVersion> {
  const { backend } = context;
  const metadata = withBase(parseVersionMetadata(found.metadata, '')!, undefined);
  const named = found.metadata['version'];
  const source = typeof named === 'string' && named !== '' ? named : (found.sourceId ?? called);
  const data = contentOf(found.data);
  let version = options.version ?? source;
  if (!isWritableName(version)) {
    if (options.rename !== true)
      return refused(source, 'its name cannot be one here; --rename gives it another');
    version = cleanName(version);
  }
  const same = await backend.findName(version);
  if (same !== undefined) {
    if (await hasContent(context, same, checksumOf(data)))
      return { source, version: same, state: 'identical', reason: null };
    if (options.rename !== true)
      return {
        source,
        version: null,
        state: 'conflict',
        reason: `"${showText(same)}" is here with other content`,
      };
    version = await freeName(context, version);
  }
  const info = isObject(found.metadata['user_info']) ? metadata.user_info : {};
  try {
    const saved = await saveVersion(context, data, {
      version,
      tags: metadata.tags.flatMap(usableTag),
      description: metadata.description,
      userInfo: info,
      createdAt: parseTime(metadata.created_at) === undefined ? undefined : metadata.created_at,
    });
    return { source, version: saved.version, state: 'imported', reason: null };
  } catch (error) {
    // Another process took the name a moment ago.
    if (error instanceof RefusedVersionError && error.code === 'exists')
      return { source, version: null, state: 'conflict', reason: error.message };
    throw error;
  }
}

async function hasContent({ backend }: VersionContext, version: string, checksum: string): Promise<boolean> {
  const metadata = await backend.readMetadata(version);
  const content = metadata === undefined ? undefined : await readVersionContent(backend, metadata);
  return content?.ok === true && checksumOf(content.data) === checksum;
}

async function freeName(context: VersionContext, name: string): Promise<string> {
  const stem = name.slice(0, 100);
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}`;
    if ((await context.backend.findName(candidate)) === undefined) return candidate;
  }
}

/** A name made of what may stand in one. */
function cleanName(name: string): string {
  const clean = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 100);
  return [clean, `v-${clean}`].find(isWritableName) ?? 'imported';
}

function usableTag(tag: string): string[] {
  try {
    return [checkTag(tag)];
  } catch {
    return [];
  }
}

function refused(source: string, reason: string): ImportedVersion {
  return { source, version: null, state: 'refused', reason };
}

/** Whether a file is compressed; throws where it cannot be read or is larger than is sensible. */
function isArchiveFile(path: string): boolean {
  try {
    const stat = statSync(path);
    if (!stat.isFile())
      throw new VersionError('bad-input', `Expected a file at ${path}, found something else.`);
    const head = Buffer.alloc(2);
    const descriptor = openSync(path, 'r');
    try {
      readSync(descriptor, head);
    } finally {
      closeSync(descriptor);
    }
    const isArchive = head[0] === 0x1f && head[1] === 0x8b;
    const most = isArchive ? bundleLimits.totalBytes : bundleLimits.entryBytes;
    if (stat.size > most)
      throw new VersionError('bad-input', `Expected at most ${most / 2 ** 20} MiB, found a larger file.`, {
        where: path,
      });
    return isArchive;
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw new VersionError('not-found', `${path} cannot be read: ${reasonOf(error)}.`, {
      where: path,
      cause: error,
    });
  }
}
