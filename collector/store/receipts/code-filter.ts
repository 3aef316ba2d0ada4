import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { parseLedger } from '../../formats/ledger/ledger.ts';
import { pathspecFilter } from '../../formats/receipts/pathspec.ts';
import { readRecorded, sizeOfRecorded } from '../recorded-file.ts';
import type { CodeFile, CodePart } from './code-parts.ts';
import { tryCodeGit } from './code-repository.ts';

/** Files that recording writes, wherever they lie. */
const recordNames =
  /(?:^|\/)(?:run\.lock|experiment_(?:tracker|daybook)\.json|(?:system\.)?metrics\.jsonl|metadata\.(?:lock|journal\.jsonl))$/;
const snapshotNames =
  /(?:^|\/)snapshots\/(?:action_[^/]*|(?:latest_)?periodic[^/]*\.json|blobs\/[^/]*|store\/(?:registry\.(?:json|journal\.jsonl)|data\/.*|metadata\/.*))$/s;

/**
 * Which of the files that differ are code. Not code is what include and exclude leave out, what recording writes, and the
 * results of runs: in a folder with a run.lock every file that came to be, and every one that git does not track
 * (otherwise no code would ever be the same after a run). What is tracked there and changed counts.
 */
export async function codeFilter(
  top: string,
  parts: readonly CodePart[],
  { include = [], exclude = [] }: { include?: readonly string[]; exclude?: readonly string[] },
): Promise<(file: CodeFile) => boolean> {
  const files = parts.flatMap((part) => part.files);
  const isIncluded = pathspecFilter(include, exclude);
  const isRecord = recordFilter(top, files);
  const inRun = runFilter(top, files);
  const tracked = new Set<string>();
  for (const part of parts) {
    const doubtful = part.files.filter(({ path, change }) => change !== 'added' && inRun(path));
    for (const path of await trackedOf(part, doubtful)) tracked.add(part.prefix + path);
  }
  return ({ path, change }) => {
    if (!isIncluded(path) || isRecord(path)) return false;
    return !inRun(path) || (change !== 'added' && tracked.has(path));
  };
}

function recordFilter(top: string, files: readonly CodeFile[]): (path: string) => boolean {
  const changed = new Set(files.map(({ path }) => path));
  const isLedger = (path: string) => {
    if (!/(?:^|\/)metadata\.json$/.test(path)) return false;
    const besides = ['metadata.lock', 'metadata.journal.jsonl'].map((name) => join(dirname(path), name));
    return (
      besides.some((beside) => changed.has(beside) || existsSync(join(top, beside))) ||
      holdsLedger(join(top, path))
    );
  };
  return (path) =>
    path.startsWith('.daybook/') || recordNames.test(path) || snapshotNames.test(path) || isLedger(path);
}

const largestLedgerBytes = 64 * 1024 * 1024;

/** Whether a metadata.json, which is a common name, holds runs: a ledger that is whole has nothing beside it. */
function holdsLedger(path: string): boolean {
  const size = sizeOfRecorded(path);
  if (size === 0 || size > largestLedgerBytes) return false;
  return parseLedger(readRecorded(path).toString('utf8'), 'metadata.json').entries.length > 0;
}

/** Whether a file lies in or below a folder with a run.lock. One at the top makes nothing a result. */
function runFilter(top: string, files: readonly CodeFile[]): (path: string) => boolean {
  const known = new Map<string, boolean>([['.', false]]);
  const changed = new Set(files.map(({ path }) => path));
  const isRun = (folder: string): boolean => {
    let answer = known.get(folder);
    if (answer === undefined) {
      const lock = `${folder}/run.lock`;
      answer = changed.has(lock) || existsSync(join(top, lock)) || isRun(dirname(folder));
      known.set(folder, answer);
    }
    return answer;
  };
  return (path) => isRun(dirname(path));
}

/** Relative to the repository of the part. */
async function trackedOf({ top, prefix }: CodePart, files: readonly CodeFile[]): Promise<string[]> {
  if (files.length === 0) return [];
  const paths = files.length > 500 ? [] : files.map(({ path }) => path.slice(prefix.length));
  const listed = await tryCodeGit(top, ['--literal-pathspecs', 'ls-files', '-z', '--', ...paths]);
  return listed.stdout.split('\0').filter(Boolean);
}
