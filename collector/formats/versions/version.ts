import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { isoMicros, parseTime } from '../../base/time.ts';

/**
 * What is known of a version beside its content: metadata/<version>.json, and the same in registry.json. Fields that
 * are not named here are kept.
 */
export interface VersionMetadata {
  version: string;
  /** ISO time with zone, e.g. "2026-11-20T16:09:03.863727+00:00". */
  created_at: string;
  tags: string[];
  description: string;
  /** What the user wrote down beside the data; `delta_base_version` in it names the base of a delta. */
  user_info: JsonObject;
  /** SHA-256 of the canonical JSON (RFC 8785) of the content; null where the store does not say. */
  checksum: string | null;
  /** Size of the whole content as JSON, whether it is stored whole or as a delta. */
  size_bytes: number;
  /** Members of an object, elements of a list, 0 for anything else. */
  entry_count: number;
  /** Bytes of the content on disk. */
  stored_bytes?: number;
  /** Names from the full version that starts the chain to the base: a delta says the whole way back. */
  chain?: string[];
  [field: string]: JsonValue | undefined;
}

/** How the content of a version is stored. */
export type VersionForm = 'full' | 'delta';

/** A chain is a full version and at most nine deltas: ten versions. */
export const longestChain = 10;

/** Reads metadata that may be anybody's; undefined where it is not an object. `name` is what its file or key says. */
export function parseVersionMetadata(value: JsonValue, name: string): VersionMetadata | undefined {
  if (!isObject(value)) return undefined;
  const texts = Array.isArray(value['tags']) ? value['tags'].filter((tag) => typeof tag === 'string') : [];
  const chain = value['chain'];
  return {
    ...value,
    version: name,
    created_at: textOf(value['created_at']),
    tags: texts,
    description: textOf(value['description']),
    user_info: isObject(value['user_info']) ? value['user_info'] : {},
    checksum: typeof value['checksum'] === 'string' ? value['checksum'] : null,
    size_bytes: countOf(value['size_bytes']),
    entry_count: countOf(value['entry_count']),
    ...(Array.isArray(chain) && chain.every((link) => typeof link === 'string')
      ? { chain }
      : { chain: undefined }),
  };
}

/** The text of metadata/<version>.json. */
export function serializeVersionMetadata(metadata: VersionMetadata): string {
  return `${jsonText(metadata, 2)}\n`;
}

/** The version a delta leads on from; undefined for a full version. */
export function baseOf(metadata: VersionMetadata): string | undefined {
  const base = Object.hasOwn(metadata.user_info, 'delta_base_version')
    ? metadata.user_info['delta_base_version']
    : undefined;
  return typeof base === 'string' && base !== '' ? base : undefined;
}

/** Metadata of the same version stored whole (no base) or as a delta behind `chain`. */
export function withBase(metadata: VersionMetadata, chain: readonly string[] | undefined): VersionMetadata {
  const { delta_base_version: _, ...info } = metadata.user_info;
  const base = chain?.at(-1);
  return {
    ...metadata,
    user_info: base === undefined ? info : { ...info, delta_base_version: base },
    chain: base === undefined ? undefined : [...chain!],
  };
}

/** When a version was made, in microseconds; 0 where its time cannot be read. */
export function createdUs(metadata: VersionMetadata): number {
  return parseTime(metadata.created_at)?.us ?? 0;
}

/** A moment as the store writes it: "2026-11-20T16:09:03.863727+00:00". */
export function storeTime(us: number): string {
  return `${isoMicros(us).slice(0, -1)}+00:00`;
}

/** The newest first; versions of one instant by name, so that the order is always the same. */
export function byNewest(a: VersionMetadata, b: VersionMetadata): number {
  return createdUs(b) - createdUs(a) || (a.version < b.version ? 1 : -1);
}

/** Members of an object, elements of a list, 0 for anything else. */
export function entriesIn(value: JsonValue): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

/** The text of registry.json: one version a line, so that changes stay readable. */
export function serializeRegistry(versions: readonly VersionMetadata[], others: JsonObject = {}): string {
  const lines = versions.map((each) => `${jsonText(each.version)}: ${jsonText(each)}`);
  const rest = Object.entries(others).map(([key, value]) => `,\n${jsonText(key)}: ${jsonText(value)}`);
  return `{"snapshots": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}}${rest.join('')}}\n`;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function countOf(value: JsonValue | undefined): number {
  return Math.max(0, numberIn(value) ?? 0);
}
