import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';

/**
 * Fills a folder beside the place where it belongs and puts it there once it is whole.
 * @throws DaybookError `usage` where something lies there already, `unwritable` or `disk-full` where it cannot be written.
 */
export async function fillNewFolder<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  if (existsSync(path) && !isEmptyFolder(path))
    throw new DaybookError('usage', 'Expected a folder that is not there yet, or empty, at --output.', {
      where: path,
      hint: 'Name another one, or move that away: nothing is overwritten.',
    });
  const temporary = temporaryPathFor(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(temporary);
    const filled = await fill(temporary);
    if (existsSync(path)) rmdirSync(path);
    renameSync(temporary, path);
    return filled;
  } catch (error) {
    throw error instanceof DaybookError ? error : writeErrorOf(path, error);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
