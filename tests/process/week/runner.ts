/**
 * A runner of its own, which keeps its clone: takes a snapshot at each of the given times, by the library, and prints their ids.
 * Arguments: folder, times in milliseconds as JSON.
 */
import { openBook } from '../../../collector/index.ts';

const [root, times] = process.argv.slice(2) as [string, string];
const { now } = Date;
const ids: string[] = [];
for (const atMs of JSON.parse(times) as number[]) {
  const ahead = atMs - now();
  Date.now = () => now() + ahead;
  const book = await openBook(root);
  ids.push((await book.periodic.take()).snapshot_id);
  await book.close();
}
process.stdout.write(JSON.stringify(ids));
