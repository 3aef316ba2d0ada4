/**
 * A process that changes one experiment again and again and says on standard output what was acknowledged, until it is
 * done or killed. Arguments: book, name, number of changes.
 */
import { writeSync } from 'node:fs';
import { openBook } from '../../collector/index.ts';

const [root, name, count] = process.argv.slice(2) as [string, string, string];
const book = await openBook(root);
const experiment = await book.experiments.open('shared');
writeSync(1, 'ready\n');
for (let number = 0; number < Number(count); number++) {
  await experiment.tag(`${name}-${number}`);
  writeSync(1, `${name}-${number}\n`);
  await experiment.metric({ loss: number }, { step: number, directions: { loss: 'max' } });
}
