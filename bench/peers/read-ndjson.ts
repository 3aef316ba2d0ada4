/** Reads the log of a book with the ndjson package, unchecked; prints milliseconds and peak MiB. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import ndjson from 'ndjson';

const start = performance.now();
const groups = new Map<string, number>();
const lines = createReadStream(join(process.argv[2]!, 'snapshots', 'action_log.jsonl')).pipe(ndjson.parse());
lines.on('data', (line: { action: { type: string; status: string } }) => {
  const group = `${line.action.type} ${line.action.status}`;
  groups.set(group, (groups.get(group) ?? 0) + 1);
});
await once(lines, 'end');
console.log(performance.now() - start, process.resourceUsage().maxRSS / 1024);
