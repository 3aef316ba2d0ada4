/**
 * A process that archives the snapshots of a book again and again until it is killed, and says on standard output how many it
 * moved. Arguments: book.
 */
import { writeSync } from 'node:fs';
import { archiveSnapshots } from '../../collector/store/segments/archive-snapshots.ts';

writeSync(1, 'ready\n');
for (;;) {
  const { segments, again } = await archiveSnapshots(process.argv[2]!, { beforeUs: Number.MAX_SAFE_INTEGER });
  const moved = segments.reduce((sum, { lines }) => sum + lines, again);
  if (moved > 0) writeSync(1, `${moved}\n`);
}
