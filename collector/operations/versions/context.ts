import type { Clock } from '../../base/clock.ts';
import type { VersionBackend } from '../../store/versions/backend.ts';

/** How deltas are stored: where they save at least half, never, or wherever one can be made. */
export type DeltaStrategy = 'auto' | 'full' | 'patch';

export const deltaStrategies: readonly DeltaStrategy[] = ['auto', 'full', 'patch'];

/** What every operation on versions works with. */
export interface VersionContext {
  backend: VersionBackend;
  strategy: DeltaStrategy;
  /** At most so many versions are kept, the newest; 0 for no limit. */
  maxSnapshots: number;
  clock: Clock;
  /** The book whose periodic snapshots count as versions, too; undefined for a store of its own. */
  root: string | undefined;
  /** Whether this is the book's own store, where its snapshots have their tags. */
  isOfBook: boolean;
}
