/**
 * A process that archives the snapshots of a book again and again until it is killed, and says on standard output how many it
 * moved; with a number, all but so many are thinned out first. Arguments: book, number.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../collector/base/clock.ts';
import { archiveBook } from '../../collector/operations/archive/archive-book.ts';

const [root = '', count] = process.argv.slice(2);
const rule = { by: 'month', keepMs: 0, dryRun: false, clock: systemClock } as const;
const retention = count === undefined ? {} : { count: Number(count) };

writeSync(1, 'ready\n');
for (;;) {
  const { snapshots } = await archiveBook(root, { ...rule, retention });
  const moved = snapshots.segments.reduce((sum, { lines }) => sum + lines, snapshots.again);
  if (moved + snapshots.thinned > 0) writeSync(1, `${moved}\n`);
}
