import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The site that an earlier build left in a book, where there is one: readers need not wait for the next. */
export function earlierSite(root: string): string | undefined {
  const folder = join(root, 'dashboard');
  const index = join(folder, 'index.html');
  if (!existsSync(join(folder, 'assets', 'daybook.js')) || !existsSync(index)) return undefined;
  return readFileSync(index, 'utf8').includes('<meta name="generator" content="Daybook ')
    ? folder
    : undefined;
}
