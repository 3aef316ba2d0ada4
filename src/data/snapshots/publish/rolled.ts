import type * as Collector from '../../../../collector/read.ts';
import { writeNamedTwin } from '../../publish/twin.ts';
import type { RolledFields } from '../index.ts';

type Rollups = ReturnType<typeof Collector.readRollups>['rollups'];

/** Publishes what roll-ups keep of the followed fields; gives the name of the file, undefined where there are none. */
export function publishRolled(
  folder: string,
  rollups: Rollups,
  paths: readonly string[],
): string | undefined {
  if (rollups.length === 0) return undefined;
  const spans = rollups.map(({ snapshots }): RolledFields['spans'][number] => [
    snapshots[0]!.atUs,
    snapshots[snapshots.length - 1]!.atUs,
    snapshots.length,
  ]);
  const fields: RolledFields['fields'] = [];
  for (const path of paths) {
    const points = rollups.flatMap(({ fields: kept }, span): RolledFields['fields'][number]['points'] => {
      const field = kept.get(path);
      if (field === undefined) return [];
      const { count, numbers, min, max, mean, seen, more } = field;
      return numbers === count
        ? [[span, count, min!, max!, mean!]]
        : [[span, count, seen, more || numbers > 0]];
    });
    if (points.length > 0) fields.push({ path, points });
  }
  return fields.length === 0 ? undefined : writeNamedTwin(folder, 'fields/', 'rolled', { spans, fields });
}
