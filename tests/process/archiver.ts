/**
 * A process that archives the log of a book again and again until it is killed, and says on standard output how many lines
 * it moved. Arguments: book.
 */
import { writeSync } from 'node:fs';
import { archiveLog } from '../../collector/store/segments/archive-log.ts';

writeSync(1, 'ready\n');
for (;;) {
  const rule = { by: 100_000, beforeUs: Number.MAX_SAFE_INTEGER };
  const { segments, again } = await archiveLog(process.argv[2]!, rule, false);
  const lines = segments.reduce((sum, each) => sum + each.lines, again);
  if (lines > 0) writeSync(1, `${lines}\n`);
}
