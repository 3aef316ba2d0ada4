import type { Finding } from '../formats/findings/finding.ts';

/** What any list of the library may be asked for. */
export interface ListOptions {
  /** How many at most, the newest. */
  limit?: number | undefined;
  /** Hears what is wrong with what was read; without it, that is left to `book.findings()`. */
  report?: ((finding: Finding) => void) | undefined;
}
