import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { TextSearch } from './text-search.ts';

/** What is said of the rows above the table: how many there are, match, and are there to be seen. */
export function countText(
  total: number,
  found: number | undefined,
  loaded: number,
  search: TextSearch | undefined,
): string {
  const parts = [`${formatCount(total)} recorded`];
  if (search !== undefined) {
    parts.push(`searching… ${plural(found ?? 0, 'hit')} so far`);
    parts.push(`${formatCount(search.done())} of ${formatCount(total)} looked through`);
  } else if (found !== undefined) parts.push(`${formatCount(found)} match`);
  if (loaded < total) parts.push(`${formatCount(loaded)} read`);
  return parts.join(', ');
}
