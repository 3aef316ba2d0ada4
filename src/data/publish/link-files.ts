import { constants, copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts the files of a folder into a site under the same names. A file gets a second name there where the disk can do that,
 * so that nothing is copied; else it is cloned or copied. What is published so must never be written to in place.
 */
export function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFiles(source, target);
    else linkOrCopy(source, target);
  }
}

/** Gives a file a second name, in the place of what has it; clones or copies it where the disk cannot do that. */
export function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw error;
    // What had the name may have others, and must not be written over.
    rmSync(target, { force: true });
    if (code === 'EEXIST') linkOrCopy(source, target);
    else copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
}
