import { type BigIntStats, statSync } from 'node:fs';

/**
 * What stands at a path that a book names; undefined where nothing does, and where the system will not even look: a name
 * longer than it takes, links in a circle, a folder that is closed to us.
 */
export function statIfAny(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
