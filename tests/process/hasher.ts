/** Digests <root>/data again and again while others do the same; prints each different digest once. */
import { digestData } from '../../collector/store/receipts/data-digest.ts';

const [root, rounds] = process.argv.slice(2);
const seen = new Set<string>();
for (let round = 0; round < Number(rounds); round++) {
  // As if seen later: otherwise new files are not trusted, and the cache is never used.
  const { input } = await digestData('data', { root: root!, nowMs: () => Date.now() + 60_000 });
  seen.add(input.digest);
}
console.log([...seen].join(' '));
