/**
 * A process that appends actions and says on standard output which were acknowledged, until it is done or killed.
 * Arguments: book, name, number of lines, largest size of a line's details, milliseconds between lines (default 0).
 */
import { writeSync } from 'node:fs';
import { openActionWriter } from '../../collector/store/action-writer.ts';

const [root, name, count, most, pauseMs] = process.argv.slice(2) as [string, string, string, string, string?];
const writer = openActionWriter(root);
writeSync(1, 'ready\n');
for (let number = 0; number < Number(count); number++) {
  const size = Number(most) === 0 ? 100 : 300 + Math.floor(Math.random() * (Number(most) - 300));
  const { snapshot_id } = writer.append({ type: name, details: { number, filler: 'x'.repeat(size) } });
  writeSync(1, `${snapshot_id}\n`);
  if (pauseMs !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(pauseMs));
}
await writer.close();
