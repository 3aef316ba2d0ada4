import type { Counted } from '../book/counts.ts';
import type { TaggedSnapshot, VersionView } from './types.ts';

/** How many versions and periodic snapshots have each tag; the most first, then by name. */
export function versionTags(views: readonly VersionView[], snapshots: readonly TaggedSnapshot[]): Counted[] {
  const counts = new Map<string, number>();
  for (const { tags } of [...views, ...snapshots])
    for (const tag of new Set(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
