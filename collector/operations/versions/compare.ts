import { type Difference, differences } from '../../base/difference/difference.ts';
import { jsonPatch, type PatchOperation } from '../../base/difference/patch.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { checksumOf } from '../../formats/versions/content.ts';
import { createdUs, type VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionContext } from './context.ts';
import { resolveVersion } from './read.ts';

/** How two versions differ. The names are those of the original; differences and patch are ours. */
export interface VersionComparison {
  version1: string;
  version2: string;
  timestamp1: string;
  timestamp2: string;
  time_difference_seconds: number | null;
  is_different: boolean;
  differences: Difference[];
  /** JSON Patch (RFC 6902) from the first to the second. */
  patch: PatchOperation[];
  metadata1: VersionMetadata;
  metadata2: VersionMetadata;
}

/** A comparison with the two values it was made of. */
export interface ComparedVersions {
  comparison: VersionComparison;
  before: JsonValue;
  after: JsonValue;
  /** Both are texts: they are compared by lines. */
  isText: boolean;
}

/** Compares two versions, periodic snapshots or the newest versions of two tags; a version is equal to itself. */
export async function compareVersions(
  context: VersionContext,
  first: string,
  second: string,
): Promise<ComparedVersions> {
  const [one, two] = [await resolveVersion(context, first), await resolveVersion(context, second)];
  const isDifferent = checksumOf(one.data) !== checksumOf(two.data);
  const [fromUs, toUs] = [createdUs(one.metadata), createdUs(two.metadata)];
  const isText = typeof one.data === 'string' && typeof two.data === 'string';
  const [before, after] = isText ? [linesOf(one.data), linesOf(two.data)] : [one.data, two.data];
  const comparison = {
    version1: one.metadata.version,
    version2: two.metadata.version,
    timestamp1: one.metadata.created_at,
    timestamp2: two.metadata.created_at,
    time_difference_seconds: fromUs === 0 || toUs === 0 ? null : (toUs - fromUs) / 1e6,
    is_different: isDifferent,
    differences: isDifferent ? differences(before, after) : [],
    patch: isDifferent ? jsonPatch(one.data, two.data) : [],
    metadata1: one.metadata,
    metadata2: two.metadata,
  };
  return { comparison, before, after, isText };
}

function linesOf(value: JsonValue): JsonValue {
  return String(value).split('\n');
}
