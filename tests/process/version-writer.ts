/**
 * A process that saves, tags, deletes and prunes versions and says on standard output what was acknowledged, until it
 * is done or killed. Arguments: folder of the store, name, number of rounds, what to do.
 */
import { writeSync } from 'node:fs';
import { openVersionStore } from '../../collector/operations/versions/book-versions.ts';
import { document } from '../store/versions/sample-document.ts';

const [basePath, name, rounds, mode] = process.argv.slice(2) as [string, string, string, string];
const manager = openVersionStore({ basePath });
const say = (text: string) => writeSync(1, `${text}\n`);
say('ready');
const mine: string[] = [];
for (let n = 0; n < Number(rounds); n++) {
  const version = `${name}-${n}`;
  const save = n % 3 === 0 ? manager.save : manager.saveDelta;
  await save(document(n), { version });
  mine.push(version);
  say(`saved ${version}`);
  if (mode === 'save') continue;
  await manager.tag('shared', [version]);
  say(`tagged ${version}`);
  if (n % 4 === 3) {
    const victim = mine.splice(Math.floor(mine.length / 2), 1)[0]!;
    say(`deleting ${victim}`);
    await manager.delete(victim);
    say(`deleted ${victim}`);
  }
}
await manager.close();
