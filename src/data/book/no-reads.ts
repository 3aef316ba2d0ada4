import type { RunReads } from '../runs/load.ts';
import type { VersionReads } from '../versions/reads.ts';

/** A book without runs, for where they cannot be read. */
export const noRuns: RunReads = {
  listFiles: () => Promise.resolve({ files: [], sized: '' }),
  seriesFiles: () => [],
  readEnds: () => Promise.resolve(''),
  read: () => Promise.resolve([]),
  staleNow: () => ({ stale: new Map(), findings: [] }),
  seriesOf: () => Promise.resolve([]),
  verify: () => Promise.resolve(new Map()),
};

/** A book without versions, for where they cannot be read. */
export const noVersions: VersionReads = {
  files: () => [],
  list: () => Promise.resolve([]),
  read: () => Promise.reject(new Error('There is no version.')),
  pins: () => new Map(),
  audit: () => Promise.resolve(),
  baseOf: () => undefined,
};
