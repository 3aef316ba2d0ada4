import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { bookPath } from '../../base/paths.ts';
import { takeApart } from '../../formats/actions/torn-line.ts';
import { closeTail } from '../../store/close-tail.ts';
import { type LogEdit, readRange } from '../../store/edited-copy.ts';
import { listLogSegments } from '../../store/layout.ts';
import { readActions } from '../../store/log-reader.ts';
import type { Quarantine, Repair } from '../../store/quarantine.ts';
import { readLineAt } from '../../store/read-file.ts';
import { obstacleAt } from '../../store/recorded-file.ts';
import { replaceLog } from '../../store/replace-log.ts';
import type { HarmlessLine } from '../../store/torn-lines.ts';

/**
 * Mends the files of the log: what killed writers left of lines is moved to the quarantine where nothing of it is missing,
 * and so is a last line that stops half way; any other last line is closed. Real damage stays where it is.
 */
export async function repairLog(root: string, quarantine: Quarantine): Promise<Repair[]> {
  const repairs: Repair[] = [];
  const tails: HarmlessLine[] = [];
  for (const { path, compression } of listLogSegments(root)) {
    if (compression !== 'none' || obstacleAt(path) !== undefined) continue;
    const file = bookPath(root, path);
    const tail = closeTail(path);
    if (tail === undefined) continue;
    if (isOnlyStart(tail.bytes)) tails.push({ ...tail, file, terminated: true, isRead: false, keep: [] });
    else repairs.push({ file, did: 'closed the last line with a line break', original: null });
  }
  const files = new Set([...tails, ...(await findHarmless(root))].map(({ file }) => file));
  for (const file of files) repairs.push(...(await moveFragments(root, file, tails, quarantine)));
  return repairs;
}

async function moveFragments(
  root: string,
  file: string,
  tails: readonly HarmlessLine[],
  quarantine: Quarantine,
): Promise<Repair[]> {
  let original: string | null = null;
  const path = join(root, file);
  const { edits, openIn } = await replaceLog(root, path, async () => {
    const found = (await findHarmless(root)).filter((line) => line.file === file);
    const known = new Set(found.map(({ offset }) => offset));
    const closed = tails.filter(
      (tail) =>
        tail.file === file && !known.has(tail.offset) && readLineAt(path, tail.offset).equals(tail.bytes),
    );
    const lines = [...found, ...closed];
    // They are on disk there before they go here.
    if (lines.length > 0) original = quarantine.keepLines(lines);
    return lines.map((line) => editOf(path, line));
  });
  if (edits === 0) return [];
  const what =
    edits === 1 ? 'a line that a writer was stopped at' : `${edits} lines that writers were stopped at`;
  const held =
    openIn.length === 0
      ? ''
      : `; process ${openIn.join(', ')} still writes to the old file, whose lines the next check takes in`;
  return [{ file, did: `moved away ${what}; no record is missing${held}`, original }];
}

async function findHarmless(root: string): Promise<HarmlessLine[]> {
  const lines: HarmlessLine[] = [];
  await readActions(
    root,
    () => undefined,
    () => undefined,
    (line) => lines.push(line),
  );
  return lines.filter(({ terminated }) => terminated);
}

function editOf(path: string, { offset, bytes, keep }: HarmlessLine): LogEdit {
  const newline = Buffer.from('\n');
  // Lines are known without the carriage return that some programs put before the newline.
  const [next] = readBytesAt(path, offset + bytes.length, 1);
  const end = next === 13 ? Buffer.from('\r\n') : newline;
  return {
    offset,
    bytes: Buffer.concat([bytes, end]),
    replacement: Buffer.concat(keep.flatMap((line) => [line, newline])),
  };
}

/** Whether a last line is what is left of one write, or of several: it had not been acknowledged. */
function isOnlyStart(bytes: Buffer): boolean {
  return takeApart(bytes)?.pieces.every(({ kind }) => kind === 'start') ?? false;
}

function readBytesAt(path: string, offset: number, length: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    return readRange(descriptor, offset, length);
  } finally {
    closeSync(descriptor);
  }
}
