/**
 * `node bench/books.ts <S|M|L|XL> <folder>`: writes a book of that size, the same at every call. Its log has the types,
 * statuses, sizes of details, bursts and waits of a real one of 7,771 lines.
 */
import { existsSync } from 'node:fs';
import { bookSizes, makeBook } from './books/make.ts';

const [name = '', folder] = process.argv.slice(2);
const size = Object.hasOwn(bookSizes, name) ? bookSizes[name as keyof typeof bookSizes] : undefined;
if (size === undefined || folder === undefined || existsSync(folder)) {
  console.error(`Expected ${Object.keys(bookSizes).join(', ')} and a folder that does not exist yet.`);
  process.exitCode = 2;
} else {
  const started = performance.now();
  makeBook(folder, size);
  console.log(`${folder}: book ${name}, made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
