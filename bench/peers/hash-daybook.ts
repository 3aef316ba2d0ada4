/** Digests a folder once, without a cache. Argument: folder. Prints milliseconds of this first call in a process. */
import { digestData } from '../../collector/store/receipts/data-digest.ts';

const start = performance.now();
await digestData(process.argv[2]!, { root: process.argv[2]!, cache: 'off' });
console.log((performance.now() - start).toFixed(1));
