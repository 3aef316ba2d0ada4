/**
 * A process that appends lines as programs do that know nothing of Daybook: each by opening the file again, or all through
 * one descriptor. Says on standard output which were written. Arguments: file, name, number of lines, "again" or "open".
 */
import { appendFileSync, openSync, writeSync } from 'node:fs';

const [path, name, count, how] = process.argv.slice(2) as [string, string, string, string];
const descriptor = how === 'open' ? openSync(path, 'a') : undefined;
writeSync(1, 'ready\n');
for (let number = 0; number < Number(count); number++) {
  const id = `action_${name}_${number}`;
  const action = { type: name, status: 'completed', details: { filler: 'x'.repeat(number % 3000) } };
  const line = { snapshot_id: id, snapshot_type: 'action', timestamp: new Date().toISOString(), action };
  if (descriptor === undefined) appendFileSync(path, `${JSON.stringify(line)}\n`);
  else writeSync(descriptor, `${JSON.stringify(line)}\n`);
  writeSync(1, `${id}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
