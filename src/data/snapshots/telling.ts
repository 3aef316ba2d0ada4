import type { Difference } from '../book/types.ts';
import { countDifferences, differences, isoMicros, type JsonObject } from '../browser.ts';

/** Differences without those that only say that time has passed: ids and the moment of taking itself. */
export function tellingDifferences(before: JsonObject, after: JsonObject, atUs: number): Difference[] {
  const moments = momentsOf(after, atUs);
  return differences(before, after)
    .filter(({ path, after: value }) => !saysNothing(path, path.endsWith('.timestamp'), moments, value))
    .map(withoutPlace);
}

/** How many there are; takes less than half of the time. */
export function countTelling(before: JsonObject, after: JsonObject, atUs: number): number {
  const moments = momentsOf(after, atUs);
  return countDifferences(before, after, (path, value) => {
    const name = path[path.length - 1];
    return !saysNothing(
      path.length === 1 ? name : '',
      path.length > 1 && name === 'timestamp',
      moments,
      value,
    );
  });
}

function momentsOf(after: JsonObject, atUs: number): Set<unknown> {
  return new Set([after['timestamp'], isoMicros(atUs)]);
}

function saysNothing(
  path: string | number | undefined,
  isTimestamp: boolean,
  moments: ReadonlySet<unknown>,
  value: unknown,
): boolean {
  return path === 'snapshot_id' || path === 'timestamp' || (isTimestamp && moments.has(value));
}

/** What pages say of a difference: not its place for programs, and of many moved elements only the first. */
function withoutPlace({
  place: _,
  moves,
  ...difference
}: ReturnType<typeof differences>[number]): Difference {
  return moves === undefined ? difference : { ...difference, moves: moves.slice(0, maxMoves) };
}

const maxMoves = 20;
