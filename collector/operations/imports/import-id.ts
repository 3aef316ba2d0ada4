import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { compactTime } from '../../base/time.ts';

/** A name for an import: when it was, and what tells it from others of that second. */
export function newImportId(clock: Clock): string {
  return `${compactTime(clock.nowUs()).slice(0, 15)}-${randomBytes(3).toString('hex')}`;
}
