import { lstatSync, statSync } from 'node:fs';
import { sha256Hex } from '../../base/hash.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { showText } from '../../base/show.ts';
import { textOfFile } from '../../formats/text/file.ts';
import { VersionError } from '../../formats/versions/errors.ts';
import { isReadableName } from '../../formats/versions/name.ts';
import { parseVersionMetadata, type VersionMetadata } from '../../formats/versions/version.ts';
import { listNames } from '../layout.ts';
import { readRecorded, readRecordedIfAny, whyUnreadable } from '../recorded-file.ts';
import type { Report } from './backend.ts';
import { readJournal } from './journal.ts';
import { metadataPath, type VersionPaths, versionOfContent } from './version-files.ts';

/** All that is known of a store's versions beside their content. */
export interface VersionIndex {
  versions: Map<string, VersionMetadata>;
  /** What registry.json holds beside its versions. */
  others: JsonObject;
  /** What registry.json lists though nothing else is there. */
  ghosts: Map<string, VersionMetadata>;
}

/**
 * Reads what versions there are. metadata/ is the truth; registry.json saves reading most of its files, as far as the
 * journal and the times of the files say that it may be relied on. Without either, everything is read.
 */
export function readVersionIndex(paths: VersionPaths, shownAs: string, report: Report): VersionIndex {
  const registry = readRegistry(paths, shownAs, report);
  const journal = readJournal(paths.journal);
  const isOurs = registry.sha256 !== undefined && journal.registry?.sha256 === registry.sha256;
  const versions = new Map<string, VersionMetadata>();
  for (const name of metadataNames(paths)) {
    const listed = registry.versions.get(name);
    const isFresh =
      isOurs && !journal.changed.has(name) && isOlder(metadataPath(paths, name), registry.mtimeMs);
    if (listed !== undefined && isFresh) versions.set(name, listed);
    else readInto(versions, paths, shownAs, name, listed, report);
  }
  const ghosts = addUnfiled(versions, registry.versions, journal.changed, paths, shownAs, report);
  return { versions, others: registry.others, ghosts };
}

/**
 * Whether registry.json may lack something: versions changed since it was written, or git brought another one or
 * further versions. False for a store that nothing of ours ever wrote to.
 */
export function isRegistryBehind(paths: VersionPaths): boolean {
  const journal = readJournal(paths.journal);
  if (journal.sizeBytes === 0) return false;
  const registry = readRegistry(paths, '', () => undefined);
  return (
    journal.changed.size > 0 ||
    registry.sha256 !== journal.registry?.sha256 ||
    metadataNames(paths).some((name) => !registry.versions.has(name))
  );
}

/** The versions that have a metadata file, by name. */
export function metadataNames(paths: VersionPaths): string[] {
  return listNames(paths.metadata)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => name.slice(0, -'.json'.length));
}

/**
 * The metadata of one version as its file has it; undefined where there is none.
 * @throws VersionError `unreadable`.
 */
export function readMetadataFile(
  paths: VersionPaths,
  shownAs: string,
  version: string,
): VersionMetadata | undefined {
  const path = metadataPath(paths, version);
  const file = `${shownAs}/metadata/${version}.json`;
  let bytes: Buffer | undefined;
  try {
    bytes = readRecordedIfAny(path);
  } catch (error) {
    throw damaged(file, whyUnreadable(path, error));
  }
  if (bytes === undefined) return undefined;
  const { text, remark } = textOfFile(bytes);
  if (text === undefined) throw damaged(file, remark!.found, remark!.hint);
  const parsed = parseLenientJson(text);
  if (!parsed.ok) throw damaged(file, bytes.length === 0 ? 'an empty file' : showText(parsed.reason, 100));
  const metadata = parseVersionMetadata(parsed.value, version);
  if (metadata === undefined) throw damaged(file, 'something else');
  return metadata;
}

interface Registry {
  versions: Map<string, VersionMetadata>;
  others: JsonObject;
  sha256: string | undefined;
  mtimeMs: number;
}

function readRegistry(paths: VersionPaths, shownAs: string, report: Report): Registry {
  const none: Registry = { versions: new Map(), others: {}, sha256: undefined, mtimeMs: 0 };
  const refuse = (found: string) => {
    report({
      code: 'damaged-registry',
      severity: 'warning',
      file: `${shownAs}/registry.json`,
      expected: 'a JSON object with "snapshots"',
      found,
      hint: 'Nothing is lost: metadata/ has the same; daybook doctor --repair writes it again.',
    });
    return none;
  };
  let bytes: Buffer;
  try {
    const read = readRecordedIfAny(paths.registry);
    if (read === undefined) return none;
    bytes = read;
  } catch (error) {
    return refuse(whyUnreadable(paths.registry, error));
  }
  const { text, remark } = textOfFile(bytes);
  if (remark !== undefined) report({ ...remark, file: `${shownAs}/registry.json` });
  if (text === undefined) return none;
  const parsed = parseLenientJson(text);
  if (!parsed.ok) return refuse(bytes.length === 0 ? 'an empty file' : showText(parsed.reason, 100));
  const listed = isObject(parsed.value) ? parsed.value['snapshots'] : undefined;
  if (!isObject(parsed.value) || !isObject(listed)) return refuse('something else');
  const { snapshots: _, ...others } = parsed.value;
  const versions = new Map<string, VersionMetadata>();
  for (const [name, value] of Object.entries(listed)) {
    const metadata = isReadableName(name) ? parseVersionMetadata(value, name) : undefined;
    if (metadata === undefined) refuse(`the entry "${showText(name, 60)}", which is none of a version`);
    else versions.set(name, metadata);
  }
  return { versions, others, sha256: sha256Hex(bytes), mtimeMs: statSync(paths.registry).mtimeMs };
}

/** A file written after the registry may say something else, or in the same tick: clocks of file systems are coarse. */
function isOlder(path: string, mtimeMs: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.mtimeMs < mtimeMs;
}

function readInto(
  versions: Map<string, VersionMetadata>,
  paths: VersionPaths,
  shownAs: string,
  name: string,
  listed: VersionMetadata | undefined,
  report: Report,
): void {
  try {
    const metadata = readMetadataFile(paths, shownAs, name);
    if (metadata !== undefined) versions.set(name, metadata);
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    if (listed !== undefined) versions.set(name, listed);
    report({
      code: 'damaged-version',
      severity: listed === undefined ? 'error' : 'warning',
      file: error.where ?? `${shownAs}/metadata/${name}.json`,
      expected: 'the metadata of a version',
      found: typeof error.cause === 'string' ? error.cause : 'something else',
      hint:
        listed === undefined
          ? 'Restore the file from git; the other versions are read.'
          : 'registry.json has the same and is used; daybook doctor --repair writes the file again.',
    });
  }
}

/** Versions that only registry.json knows: their metadata was lost, or all of them was. */
function addUnfiled(
  versions: Map<string, VersionMetadata>,
  listed: Map<string, VersionMetadata>,
  changed: ReadonlySet<string>,
  paths: VersionPaths,
  shownAs: string,
  report: Report,
): Map<string, VersionMetadata> {
  const unfiled = [...listed.keys()].filter((name) => !versions.has(name) && !changed.has(name));
  const ghosts = new Map<string, VersionMetadata>();
  if (unfiled.length === 0) return ghosts;
  const stored = new Set(listNames(paths.data).map((name) => versionOfContent(name)?.version));
  for (const name of unfiled) {
    const isThere = stored.has(name);
    (isThere ? versions : ghosts).set(name, listed.get(name)!);
    report({
      code: 'missing-version',
      severity: isThere ? 'warning' : 'error',
      file: `${shownAs}/${isThere ? 'metadata' : 'data'}/${name}${isThere ? '.json' : '.data'}`,
      path: `snapshots.${name}`,
      expected: isThere
        ? 'the metadata of a version that registry.json lists'
        : 'a version that registry.json lists',
      found: 'nothing',
      hint: isThere
        ? 'daybook doctor --repair writes it again from registry.json.'
        : 'Restore it from git, or let daybook doctor --repair take it out of the list.',
    });
  }
  return ghosts;
}

function damaged(
  file: string,
  found: string,
  hint = 'Restore it from git; daybook doctor --repair writes it again where registry.json has it.',
): VersionError {
  return new VersionError('unreadable', `Expected the metadata of a version in ${file}, found ${found}.`, {
    where: file,
    hint,
    cause: found,
  });
}

/** The bytes of registry.json with what recognises it later; undefined where there is none. */
export function stampOfRegistry(
  paths: VersionPaths,
): { bytes: number; mtimeNs: string; sha256: string } | undefined {
  const stat = statSync(paths.registry, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return {
    bytes: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    sha256: sha256Hex(readRecorded(paths.registry)),
  };
}
