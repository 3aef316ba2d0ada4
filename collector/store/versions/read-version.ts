import { messageOf, reasonOf } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { parseLfsPointer } from '../../base/lfs-pointer.ts';
import type { Finding, FindingCode } from '../../formats/findings/finding.ts';
import { lfsHint, textOfFile } from '../../formats/text/file.ts';
import { isSame, readContent } from '../../formats/versions/content.ts';
import { applyDelta } from '../../formats/versions/delta.ts';
import { RefusedVersionError } from '../../formats/versions/errors.ts';
import { conversionCommand, type PythonKind } from '../../formats/versions/python.ts';
import { baseOf, type VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionBackend } from './backend.ts';

/** A version with its content. */
export interface ReadVersion {
  data: JsonValue;
  metadata: VersionMetadata;
}

/** Either the content of a version, or what is wrong with it. */
export type VersionContent = { ok: true; data: JsonValue } | { ok: false; problem: Finding };

/** Chains of others may be longer than ours, but not endless. */
const longestForeignChain = 1000;
const maxTries = 5;

/**
 * The content of a version, whole or delta alike, checked against its checksum. A version that is changed in the meantime
 * (a base that goes away, a new form) is read again.
 */
export async function readVersionContent(
  backend: VersionBackend,
  metadata: VersionMetadata,
  options: { unverified?: boolean } = {},
): Promise<VersionContent> {
  let known = metadata;
  for (let tries = 1; ; tries++) {
    const content = await readSafely(backend, known, options.unverified === true);
    if (content.ok || tries === maxTries) return content;
    const now = await backend.readMetadata(known.version).catch(() => undefined);
    if (now === undefined || jsonText(now) === jsonText(known)) return content;
    known = now;
  }
}

/** Whether a version can be read from its delta alone, without the whole content that may lie beside it. */
export async function isDeltaSound(backend: VersionBackend, metadata: VersionMetadata): Promise<boolean> {
  if ((await readAlongChain(backend, metadata)) !== undefined) return true;
  return (await readUponBase(backend, metadata, false, new Set())).ok;
}

/** What is wrong with a version as an error. */
export function problemError(version: string, problem: Finding): RefusedVersionError {
  return new RefusedVersionError(
    'unreadable',
    `The version "${version}" cannot be read: expected ${problem.expected}, found ${problem.found}.`,
    { where: problem.file, hint: problem.hint },
  );
}

/** What the system refuses to read is a problem of this version and no reason to stop. */
async function readSafely(
  backend: VersionBackend,
  metadata: VersionMetadata,
  unverified: boolean,
): Promise<VersionContent> {
  try {
    return await readOnce(backend, metadata, unverified, new Set());
  } catch (error) {
    const file = backend.placeOf(metadata.version, baseOf(metadata) === undefined ? 'full' : 'delta');
    return failed(
      'unreadable',
      file,
      'a readable version',
      reasonOf(error),
      'Check what it is and who may read it.',
    );
  }
}

async function readOnce(
  backend: VersionBackend,
  metadata: VersionMetadata,
  unverified: boolean,
  above: Set<string>,
): Promise<VersionContent> {
  if (baseOf(metadata) === undefined) return readFull(backend, metadata, unverified);
  const quick = await readAlongChain(backend, metadata);
  if (quick !== undefined) return { ok: true, data: quick };
  // A base that is being changed, or a delta of the original that was converted, has its whole content beside it.
  const whole = await readFull(backend, metadata, false);
  return whole.ok ? whole : readUponBase(backend, metadata, unverified, above);
}

async function readFull(
  backend: VersionBackend,
  metadata: VersionMetadata,
  unverified: boolean,
): Promise<VersionContent> {
  const { version, checksum } = metadata;
  const file = backend.placeOf(version, 'full');
  const bytes = await backend.readContent(version, 'full');
  if (bytes === undefined)
    return failed('missing-version', file, 'the content of a version', 'nothing', restore);
  const read = readContent(bytes, checksum);
  if (read.kind === 'value') return { ok: true, data: read.value };
  if (read.kind === 'python') return pythonOnly(version, file, read.python, undefined);
  if (unverified) {
    const taken = readContent(bytes, null);
    if (taken.kind === 'value') return { ok: true, data: taken.value };
  }
  const hint = parseLfsPointer(bytes) === undefined ? restore : lfsHint;
  return failed('damaged-version', file, read.expected, read.found, hint);
}

/** The quick way: the names of the whole chain stand in the metadata, and one checksum at the end proves all of it. */
async function readAlongChain(
  backend: VersionBackend,
  metadata: VersionMetadata,
): Promise<JsonValue | undefined> {
  const { chain, checksum, version } = metadata;
  if (chain === undefined || checksum === null || chain.at(-1) !== baseOf(metadata)) return undefined;
  if (chain.length > longestForeignChain) return undefined;
  try {
    const start = await backend.readContent(chain[0]!, 'full');
    const read = start === undefined ? undefined : readContent(start, null);
    if (read?.kind !== 'value') return undefined;
    let data = read.value;
    for (const name of [...chain.slice(1), version]) {
      const delta = await backend.readContent(name, 'delta');
      if (delta === undefined) return undefined;
      data = applyDelta(data, delta.toString('utf8'));
    }
    return isSame(data, checksum) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** The slow way: the base is read and checked for itself, whatever form it has. */
async function readUponBase(
  backend: VersionBackend,
  metadata: VersionMetadata,
  unverified: boolean,
  above: Set<string>,
): Promise<VersionContent> {
  const { version, checksum } = metadata;
  const base = baseOf(metadata)!;
  const file = backend.placeOf(version, 'delta');
  const delta = await backend.readContent(version, 'delta');
  if (delta === undefined) {
    const python = await backend.findPythonDelta(version);
    const isLost = python !== undefined && (await backend.readContent(base, 'full')) === undefined;
    if (isLost) return failed('missing-version', python, `its base "${base}"`, 'no such version', restore);
    if (python !== undefined) return pythonOnly(version, python, 'pickled delta', base);
    return failed('missing-version', file, 'the content of a version', 'nothing', restore);
  }
  if (above.has(version) || above.size > longestForeignChain)
    return failed(
      'damaged-version',
      file,
      'a chain of deltas that ends',
      'one that comes back to itself',
      restore,
    );
  const below = await backend.readMetadata(base).catch(() => undefined);
  if (below === undefined)
    return failed('missing-version', file, `its base "${base}"`, 'no such version', restore);
  const start = await readOnce(backend, below, unverified, new Set([...above, version]));
  if (!start.ok) {
    const found = `that ${start.problem.file} is not as it should be`;
    return failed('damaged-version', file, `its base "${base}" to be whole`, found, start.problem.hint);
  }
  const { text, remark } = textOfFile(delta);
  if (text === undefined)
    return failed('damaged-version', file, 'a delta that fits its base', remark!.found, remark!.hint);
  try {
    const data = applyDelta(start.data, text);
    if (unverified || checksum === null || isSame(data, checksum)) return { ok: true, data };
  } catch (error) {
    return failed('damaged-version', file, 'a delta that fits its base', messageOf(error), restore);
  }
  return failed(
    'damaged-version',
    file,
    `content with the checksum ${checksum.slice(0, 12)}…`,
    'other content',
    restore,
  );
}

const restore = 'Restore the file from git or a backup; the other versions are read.';

function pythonOnly(
  version: string,
  file: string,
  python: PythonKind,
  base: string | undefined,
): VersionContent {
  const what = {
    pickle: 'a pickled object',
    numpy: 'a numpy array',
    bytes: 'bytes',
    'pickled delta': 'a pickled delta',
  };
  const command = conversionCommand(version, python, base);
  return failed(
    'python-only',
    file,
    `JSON or text in "${version}"`,
    `${what[python]}, which only Python can read`,
    `Convert it in the folder of the store: ${command}`,
    'warning',
  );
}

function failed(
  code: FindingCode,
  file: string,
  expected: string,
  found: string,
  hint: string,
  severity: Finding['severity'] = 'error',
): VersionContent {
  return { ok: false, problem: { code, severity, file, expected, found, hint } };
}
