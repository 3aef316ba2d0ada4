/**
 * Loaded before the command line (node --import): makes chosen calls of the file system fail with chosen errors, as a
 * full, broken or forbidden disk would, at any moment and without needing one.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';
import type { FileFault } from '../faults.ts';

const faults = JSON.parse(process.env['DAYBOOK_TEST_FAULTS'] ?? '[]') as FileFault[];
const paths = new Map<number, string>();
const counts = new Map<FileFault, number>();

function check(call: FileFault['call'], path: string): void {
  // What is loaded lazily is no file of the book, whatever its path sounds like.
  if (/\.[cm]?[jt]s$/.test(path)) return;
  for (const fault of faults) {
    if (fault.call !== call || !new RegExp(fault.path).test(path)) continue;
    const count = (counts.get(fault) ?? 0) + 1;
    counts.set(fault, count);
    if (fault.nth === undefined || fault.nth === count) throw systemError(fault.code, call, path);
  }
}

/** As Node makes them; EDQUOT has no name there. */
function systemError(code: string, call: string, path: string): Error {
  const errno = -(code === 'EDQUOT' ? 122 : (constants.errno as Record<string, number>)[code]!);
  const name = code === 'EDQUOT' ? 'UNKNOWN' : code;
  const syscall = call.replace('Sync', '');
  return Object.assign(new Error(`${name}: injected, ${syscall} '${path}'`), {
    errno,
    code: name,
    syscall,
    path,
  });
}

const { closeSync, openSync, writeSync, mkdirSync, renameSync, fdatasyncSync, linkSync } = fs;
fs.openSync = ((path: string, ...rest: [never, never]) => {
  check('openSync', String(path));
  const descriptor = openSync(path, ...rest);
  paths.set(descriptor, String(path));
  return descriptor;
}) as typeof fs.openSync;
fs.closeSync = (descriptor) => {
  paths.delete(descriptor);
  closeSync(descriptor);
};
fs.writeSync = ((descriptor: number, ...rest: [never]) => {
  check('writeSync', paths.get(descriptor) ?? '');
  return writeSync(descriptor, ...rest);
}) as typeof fs.writeSync;
fs.fdatasyncSync = (descriptor) => {
  check('fdatasyncSync', paths.get(descriptor) ?? '');
  fdatasyncSync(descriptor);
};
fs.mkdirSync = ((path: string, ...rest: [never]) => {
  check('mkdirSync', String(path));
  return mkdirSync(path, ...rest);
}) as typeof fs.mkdirSync;
fs.renameSync = (from, to) => {
  check('renameSync', String(to));
  renameSync(from, to);
};
fs.linkSync = (from, to) => {
  check('linkSync', String(to));
  linkSync(from, to);
};
syncBuiltinESMExports();
