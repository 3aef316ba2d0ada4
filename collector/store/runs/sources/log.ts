import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { logHeadBytes, prefixOfLog, readLogHead } from '../../../formats/output-log/output-log.ts';
import type { RunSource } from '../../../runs/evidence.ts';
import { folderOf, lastPartOf } from '../../../runs/key.ts';
import { noFacts } from './artifacts.ts';

/** output.log.gz: what the command of a run wrote, kept by `daybook exec --log`. Files of that name of others are left alone. */
export const logSource: RunSource = {
  name: 'log',
  claims: (path) => prefixOfLog(lastPartOf(path)) !== undefined,
  placeOf,
  async read(path, { root }) {
    const { head, bytes } = readHead(join(root, path));
    const found = readLogHead(head);
    if (found === undefined) return [];
    const artifact = { ...noFacts, id: lastPartOf(path), type: 'log', path, tags: [], bytes };
    const says = { atUs: found.startedAtUs, artifacts: [artifact] };
    return [{ source: 'log', file: path, ...placeOf(path), several: true, says }];
  },
};

function placeOf(path: string): { folder: string; prefix: string } {
  return { folder: folderOf(path), prefix: prefixOfLog(lastPartOf(path)) ?? '' };
}

function readHead(path: string): { head: Buffer; bytes: number } {
  const head = Buffer.alloc(logHeadBytes);
  const descriptor = openSync(path, 'r');
  try {
    return {
      head: head.subarray(0, readSync(descriptor, head, 0, logHeadBytes, 0)),
      bytes: statSync(path).size,
    };
  } finally {
    closeSync(descriptor);
  }
}
