/** Reads the log of a book in pieces of a mebibyte with JSON.parse for each line, unchecked; prints milliseconds and peak MiB. */
import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const start = performance.now();
const groups = new Map<string, number>();
const descriptor = openSync(join(process.argv[2]!, 'snapshots', 'action_log.jsonl'), 'r');
const chunk = Buffer.allocUnsafe(2 ** 20);
let rest: Buffer = Buffer.alloc(0);
for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
  const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
  const end = bytes.lastIndexOf(10) + 1;
  rest = bytes.subarray(end);
  for (const text of bytes.toString('utf8', 0, end).split('\n')) {
    if (text === '') continue;
    const { action } = JSON.parse(text) as { action: { type: string; status: string } };
    const group = `${action.type} ${action.status}`;
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
}
if (groups.size < 10) throw new Error('too few groups');
console.log(performance.now() - start, process.resourceUsage().maxRSS / 1024);
