import { shorten } from '../../../collector/base/format/words.ts';
import type { SnapshotView } from './types.ts';

const maxReason = 300;

/** Why the system was as it was: the first reason, and how many more there are. */
export function reasonOf({ healthReasons: [first = '', ...more] }: SnapshotView): string {
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${shorten(first, maxReason)}${rest}`;
}
