import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { tryCodeGit } from './code-repository.ts';

/** How many bytes of a work tree git would have to read because they are new or changed. */
export async function changedBytes(top: string): Promise<number> {
  const listed = await tryCodeGit(top, ['ls-files', '--others', '--modified', '--exclude-standard', '-z']);
  let bytes = 0;
  for (const path of listed.stdout.split('\0'))
    if (path !== '') bytes += lstatSync(join(top, path), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
