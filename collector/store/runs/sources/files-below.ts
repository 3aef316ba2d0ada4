import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { joinPlace } from '../../../runs/key.ts';
import type { RunArtifact } from '../../../runs/record.ts';

/** Names with slashes are folders in folders. */
const deepestNames = 12;

/** The files below a folder of the book, as paths in it, sorted; none where there is no such folder. Links are not followed. */
export function filesBelow(root: string, folder: string, most = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  const visit = (inside: string, depth: number) => {
    for (const entry of entriesOf(join(root, folder, inside))) {
      if (found.length >= most) return;
      const path = joinPlace(inside, entry.name);
      if (entry.isFile()) found.push(path);
      else if (entry.isDirectory() && depth < deepestNames) visit(path, depth + 1);
    }
  };
  visit('', 0);
  return found;
}

/** A file that is there, as an artifact knows it. */
export function attachedFile(root: string, file: string): Pick<RunArtifact, 'path' | 'file' | 'bytes'> {
  return { path: file, file, bytes: lstatSync(join(root, file), { throwIfNoEntry: false })?.size };
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
