/**
 * A process that asks the index of a log again and again until it is killed; says on standard output what it counted.
 * Arguments: book.
 */
import { writeSync } from 'node:fs';
import { indexedCounts } from '../../collector/operations/count-log.ts';

const root = process.argv[2]!;
writeSync(1, 'ready\n');
for (;;) {
  const { actions } = await indexedCounts(root, { build: 'test', leastBytes: 0 });
  writeSync(1, `${actions}\n`);
}
