import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';

/** manifest.json of a bundle: which files it holds and what they must be. */
export interface BundleManifest {
  format: 'daybook-versions';
  exported_at: string;
  versions: BundleEntry[];
  /** What the bundle should hold and does not, because it could not be read. */
  unreadable?: UnreadableVersion[];
}

/** A version that could not be read. */
export interface UnreadableVersion {
  version: string;
  /** A sentence or a phrase. */
  reason: string;
}

/** One version of a bundle. */
export interface BundleEntry {
  version: string;
  /** "versions/000001.json": numbers, because the names of versions may be any text. */
  file: string;
  bytes: number;
  sha256: string;
}

/** What a bundle may hold; more is refused before anything is taken. */
export const bundleLimits = {
  entries: 100_000,
  entryBytes: 256 * 1024 * 1024,
  totalBytes: 4 * 1024 * 1024 * 1024,
  ratio: 400,
} as const;

export const manifestName = 'manifest.json';

/** The name of the nth file, from 1. */
export function bundleFileName(number: number): string {
  return `versions/${String(number).padStart(6, '0')}.json`;
}

/** Whether a name in an archive is one that a bundle has: nothing else is looked at. */
export function isBundleFile(name: string): boolean {
  return name === manifestName || /^versions\/\d{6}\.json$/.test(name);
}

/** Reads manifest.json; undefined where it is none. */
export function parseManifest(text: string): BundleManifest | undefined {
  const parsed = parseLenientJson(text);
  if (!parsed.ok || !isObject(parsed.value) || parsed.value['format'] !== 'daybook-versions')
    return undefined;
  const { exported_at: at, versions } = parsed.value;
  if (!Array.isArray(versions) || !versions.every(isEntry)) return undefined;
  return {
    format: 'daybook-versions',
    exported_at: String(at),
    versions: versions as unknown as BundleEntry[],
  };
}

function isEntry(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { version, file, bytes, sha256 } = value;
  return (
    typeof version === 'string' &&
    typeof file === 'string' &&
    isBundleFile(file) &&
    numberIn(bytes) !== undefined &&
    typeof sha256 === 'string'
  );
}
