import { type Difference, differences } from '../../base/difference.ts';
import type { JsonValue } from '../../base/json.ts';
import { createdUs, type VersionMetadata } from '../../formats/version.ts';
import { checksumOf } from '../../formats/version-content.ts';
import { jsonPatchOf } from '../../formats/version-delta.ts';
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
  /** JSON Patch (RFC 6902) from the first to the second; null where they are not both objects or both lists. */
  patch: JsonValue;
  metadata1: VersionMetadata;
  metadata2: VersionMetadata;
}

/** Compares two versions, periodic snapshots or the newest versions of two tags; a version is equal to itself. */
export async function compareVersions(
  context: VersionContext,
  first: string,
  second: string,
): Promise<VersionComparison> {
  const [one, two] = [await resolveVersion(context, first), await resolveVersion(context, second)];
  const isDifferent = checksumOf(one.data) !== checksumOf(two.data);
  const [fromUs, toUs] = [createdUs(one.metadata), createdUs(two.metadata)];
  return {
    version1: one.metadata.version,
    version2: two.metadata.version,
    timestamp1: one.metadata.created_at,
    timestamp2: two.metadata.created_at,
    time_difference_seconds: fromUs === 0 || toUs === 0 ? null : (toUs - fromUs) / 1e6,
    is_different: isDifferent,
    differences: isDifferent ? differences(one.data, two.data) : [],
    patch: isDifferent ? ((jsonPatchOf(one.data, two.data) ?? null) as JsonValue) : [],
    metadata1: one.metadata,
    metadata2: two.metadata,
  };
}
