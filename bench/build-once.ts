/** Builds the site of the book named as argument and prints what it took as JSON; a process of its own, to measure its memory. */
import { buildSite } from '../src/build.ts';

const started = performance.now();
const { durationMs, actions, pages, reused } = await buildSite({ root: process.argv[2] ?? '.' });
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ durationMs, wholeMs: performance.now() - started, actions, pages, reused, peakMiB }),
);
