import type { Fleet, FleetBook, ReadBook } from '../../../src/data/fleet/types.ts';

/** When the fleet is looked at. */
export const nowUs = Date.UTC(2026, 10, 27, 12, 30) * 1000;

/** A book of a fleet that is well, but for what is given. */
export function someBook(name: string, given: Partial<ReadBook> = {}): ReadBook {
  return {
    name,
    title: name,
    state: 'well',
    sentence: 'Working, and nothing needs attention.',
    facts: [],
    toLookAt: 0,
    silence: undefined,
    lastUs: nowUs - 60e6,
    lastActionUs: nowUs - 60e6,
    lastSnapshotUs: undefined,
    sinceYesterday: { actions: 3, failed: 0 },
    week: { actions: 9, failed: 0 },
    days: [],
    age: { builtAtUs: nowUs, staleAtUs: nowUs + 3600e6, dueAtUs: undefined },
    failures: [],
    entries: { failures: [], deployments: [], everything: [] },
    hasMarkdown: true,
    ...given,
  };
}

/** A book that has been silent for so many days. */
export function silentBook(name: string, days: number, ofSnapshots = false): ReadBook {
  return someBook(name, {
    state: 'silent',
    silence: { sinceUs: nowUs - days * 86_400e6, ofSnapshots },
    sinceYesterday: { actions: 0, failed: 0 },
  });
}

/** A book with so many failures. */
export function failingBook(name: string, failed = 1): ReadBook {
  return someBook(name, { state: 'failing', sinceYesterday: { actions: 3, failed } });
}

/** A book that could not be built. */
export function unreadBook(name: string): FleetBook {
  return { name, problem: 'There is no folder of this book.', earlierUs: undefined };
}

/** These books together. */
export function fleetOf(...books: FleetBook[]): Fleet {
  const elsewhere = { address: undefined, badges: [], leaveOut: [] };
  return { title: 'All books', version: '0.0.0', builtAtUs: nowUs, books, elsewhere };
}
