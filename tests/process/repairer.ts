/**
 * A process that repairs a book again and again until it is killed, and says on standard output what it did to the log.
 * Arguments: book.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../collector/base/clock.ts';
import { repairBook } from '../../collector/operations/health/repair.ts';

writeSync(1, 'ready\n');
for (;;) {
  const repairs = await repairBook(process.argv[2]!, systemClock);
  for (const { did } of repairs) if (did.startsWith('moved away')) writeSync(1, `${did}\n`);
}
