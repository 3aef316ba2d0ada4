/**
 * A process that leaves pieces of lines at the end of a log, as writers do that are killed half way, until it is killed.
 * Arguments: file.
 */
import { appendFileSync, writeSync } from 'node:fs';

const start = (id: number) =>
  `{"snapshot_id":"action_20260101_000000_000000_${String(id).padStart(6, '0')}","snapshot_type":"action","timestamp":"20`;
writeSync(1, 'ready\n');
for (let id = 0; ; id++) {
  appendFileSync(process.argv[2]!, start(id));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
}
