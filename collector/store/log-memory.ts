import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../base/atomic-file.ts';
import { isObject, type JsonValue } from '../base/json/json.ts';
import { jsonText, parsePlainJson } from '../base/json/text.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import { checkLine, sealLine } from '../formats/actions/action.ts';
import { makeCacheFolder } from './cache-folder.ts';
import { cacheFolder, isActionFile, listLogSegments, listSnapshotNames, snapshotsFolder } from './layout.ts';

/*
 * What reading the whole log came to, so that it need not be read again as long as every file of it is as it was: one
 * line of JSON with a checksum in .daybook/cache/log.json, replaced whole. It is believed only where all agrees: the
 * build of Daybook, the user, and of every file its name, place on the disk, size and times. Who changes a file, changes
 * the time of its last change, which no program can set; and files that changed just before they were read, when
 * another change may still get the same time, are not remembered.
 */

/** The files of the log as they are now; undefined where that cannot be said of one. */
export interface LogFacts {
  text: string;
  /** Time of the last change of any of them, milliseconds since 1970. */
  changedMs: number;
}

/** File systems tell times apart by two seconds at worst. */
const restMs = 2500;

/** Looks at the files that reading the log would read; none of them is opened. */
export function logFacts(root: string): LogFacts | undefined {
  const names = listSnapshotNames(root);
  const segments = listLogSegments(root, names).map(({ path }) => path);
  const single = names.filter((name) => isActionFile(name)).map((name) => join(snapshotsFolder(root), name));
  const facts: string[] = [`${root} ${process.geteuid?.() ?? ''}`];
  let changedMs = 0;
  for (const path of [...segments, ...single]) {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) return undefined;
    const { dev, ino, mode, size, mtimeNs, ctimeNs } = stat;
    facts.push([path, dev, ino, mode, size, mtimeNs, ctimeNs].join(' '));
    changedMs = Math.max(changedMs, Number(mtimeNs / 1_000_000n), Number(ctimeNs / 1_000_000n));
  }
  return { text: facts.join('\n'), changedMs };
}

/** What was remembered of a log that is as it was; undefined where it is not, or nothing whole is remembered. */
export function recallLog(root: string, build: string, facts: LogFacts): JsonValue | undefined {
  try {
    const line = readFileSync(memoryPath(root)).subarray(0, -1);
    const memory = checkLine(line) === 'right' ? (parsePlainJson(line.toString()) as JsonValue) : undefined;
    const isSame = isObject(memory) && memory['build'] === build && memory['files'] === facts.text;
    return isSame ? memory['log'] : undefined;
  } catch {
    return undefined; // Nothing remembered is never an error: the log is read.
  }
}

/**
 * Remembers what a log came to that was read from `startedMs` on and was as `before` says then. Nothing where it changed
 * since, or shortly before; what stands in the way (no space, a read-only book) is no error.
 */
export function rememberLog(
  root: string,
  build: string,
  before: LogFacts,
  startedMs: number,
  log: unknown,
): void {
  if (before.changedMs > startedMs - restMs || logFacts(root)?.text !== before.text) return;
  let temporary: string | undefined;
  try {
    makeCacheFolder(root);
    temporary = temporaryPathFor(memoryPath(root));
    const line = sealLine(jsonText({ build, files: before.text, log }));
    // The names of types are as private as the log may be.
    writeFileSync(temporary, line, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, memoryPath(root));
  } catch {
    if (temporary !== undefined) removeQuietly(temporary);
  }
}

function memoryPath(root: string): string {
  return join(cacheFolder(root), 'cache', 'log.json');
}
