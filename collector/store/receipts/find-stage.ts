import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../../base/paths.ts';

/** A run.lock that may be the one a receipt names. */
export interface StageCandidate {
  /** Relative to the book; absolute where it lies outside of it. */
  file: string;
  /** Whether it stands at the recorded path itself, or at two parts of it or more in a book that has moved. */
  isSure: boolean;
}

/**
 * The run.lock files of a book that a recorded path (of a run.lock or its folder, relative or of another machine) may
 * mean, best first: the path itself below the book and below each folder around the receipt, then its last parts.
 */
export function findStageReceipts(root: string, receiptFile: string, recorded: string): StageCandidate[] {
  const parts = recorded.split(/[/\\]+/).filter((part) => part !== '' && part !== '.');
  if (parts.at(-1) === 'run.lock') parts.pop();
  if (parts.includes('..') || parts.length > 100) return [];
  const isRelative = !/^(?:[/\\]|[A-Za-z]:)/.test(recorded);
  const found = new Map<string, StageCandidate>();
  const exact = isRelative ? 'run.lock' : `/${parts.join('/')}/run.lock`;
  if (isRelative ? parts.length === 0 : isFile(exact) && !isInside(root, exact))
    found.set(exact, { file: exact, isSure: true });
  for (let from = 0; from < parts.length; from++) {
    const tail = parts.slice(from).join('/');
    for (const base of foldersAround(receiptFile)) {
      const file = `${base === '' ? '' : `${base}/`}${tail}/run.lock`;
      if (file === receiptFile || found.has(file) || !isFile(join(root, file))) continue;
      found.set(file, { file, isSure: parts.length - from > 1 || (isRelative && from === 0) });
    }
  }
  return [...found.values()];
}

/** The book first, then the folders around a file from the outermost to the innermost. */
function foldersAround(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))];
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // Recorded paths may be too long, or none at all.
  }
}
