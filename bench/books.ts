/**
 * `node bench/books.ts <S|M|L|XL> <folder>`: writes a book of that size, the same at every call. Its log has the types,
 * statuses, sizes of details, bursts and waits of a real one of 7,771 lines. `wide` has 10,000 runs with 200 columns, `stages`
 * 5,000 that were made from one another.
 */
import { existsSync } from 'node:fs';
import { bookSizes, makeBook, runBooks } from './books/make.ts';

const [name = '', folder] = process.argv.slice(2);
const books = new Map<string, (root: string) => void>([
  ...Object.entries(bookSizes).map(([key, size]) => [key, (root: string) => makeBook(root, size)] as const),
  ...Object.entries(runBooks).map(([key, make]) => [key, (root: string) => make(root)] as const),
]);
const make = books.get(name);
if (make === undefined || folder === undefined || existsSync(folder)) {
  console.error(`Expected ${[...books.keys()].join(', ')} and a folder that does not exist yet.`);
  process.exitCode = 2;
} else {
  const started = performance.now();
  make(folder);
  console.log(`${folder}: book ${name}, made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
