/**
 * A process that replaces the log of a book again and again until it is killed: lines that cannot be read are left out,
 * and the first line is put in the place of itself. Says on standard output how often. Arguments: book.
 */
import { readFileSync, writeSync } from 'node:fs';
import type { LogEdit } from '../../collector/store/edited-copy.ts';
import { actionLogPath } from '../../collector/store/layout.ts';
import { parseLine } from '../../collector/store/line-parser.ts';
import { replaceLog } from '../../collector/store/replace-log.ts';

const root = process.argv[2]!;
const path = actionLogPath(root);

function findEdits(): Promise<LogEdit[]> {
  const log = readFileSync(path);
  const edits: LogEdit[] = [];
  for (let at = 0; ; ) {
    const end = log.indexOf(10, at) + 1;
    if (end === 0) break;
    const bytes = log.subarray(at, end);
    const isBroken = bytes.length > 1 && parseLine(bytes.subarray(0, -1), '', 0).record === undefined;
    if (isBroken || at === 0)
      edits.push({ offset: at, bytes, replacement: isBroken ? Buffer.alloc(0) : bytes });
    at = end;
  }
  return Promise.resolve(edits);
}

writeSync(1, 'ready\n');
for (;;) {
  const { edits } = await replaceLog(root, path, findEdits, 'drop');
  writeSync(1, `${edits}\n`);
}
