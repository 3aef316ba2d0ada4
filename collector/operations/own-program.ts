import { existsSync, readFileSync } from 'node:fs';

/**
 * The whole command line as one file that works alone: this very program, or where its sources run what was bundled of them; undefined where
 * nothing was bundled yet.
 */
export function readOwnProgram(from = import.meta.url): string | undefined {
  const file = from.endsWith('.ts') ? new URL('../../dist/daybook-single.cjs', from) : new URL(from);
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}
