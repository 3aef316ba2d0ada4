import type { DisplayStatus } from '../formats/actions/status.ts';
import { readActions } from '../store/log-reader.ts';
import { readAllPeriodic } from '../store/periodic-store.ts';

/** One snapshot in the list of all. */
export interface ListedSnapshot {
  /** Unique in the book; the snapshot id alone may occur twice in foreign logs. */
  key: string;
  snapshotId: string;
  kind: 'action' | 'periodic';
  atUs: number;
  /** Status of an action, health of a periodic snapshot. */
  status: DisplayStatus | 'operational' | 'degraded' | 'failing';
  /** Type of an action; empty for periodic snapshots. */
  label: string;
  file: string;
  line: number | undefined;
}

/** Every snapshot of a book, newest first; those without a readable time come last. */
export async function listAll(root: string, kind?: ListedSnapshot['kind']): Promise<ListedSnapshot[]> {
  const all: ListedSnapshot[] = [];
  const ignore = () => undefined;
  if (kind !== 'periodic') {
    await readActions(
      root,
      ({ key, snapshotId, atUs, status, type, file, line }) =>
        all.push({ key, snapshotId, kind: 'action', atUs, status, label: type, file, line }),
      ignore,
    );
  }
  if (kind !== 'action') {
    readAllPeriodic(
      root,
      ({ id, atUs, health, file }) =>
        all.push({
          key: id,
          snapshotId: id,
          kind: 'periodic',
          atUs,
          status: health,
          label: '',
          file,
          line: undefined,
        }),
      ignore,
    );
  }
  const order = ({ atUs }: ListedSnapshot) => (Number.isNaN(atUs) ? Number.NEGATIVE_INFINITY : atUs);
  // Later lines first also within one microsecond: reverse, then a stable sort.
  return all.reverse().sort((a, b) => order(b) - order(a) || 0);
}
