import { join } from 'node:path';
import { bookPath } from '../base/paths.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { readConfigFile } from './config-file.ts';
import { blobsFolder, listNames, snapshotsFolder } from './layout.ts';
import { isLeftover, leftoverFinding } from './leftover-file.ts';
import { findRunFiles } from './runs/find-run-files.ts';

/** Unfinished files whose writer has ended, everywhere in a book but in its store of versions; relative to the book. */
export async function findLeftovers(root: string): Promise<string[]> {
  const beside: Finding[] = [];
  const { config } = await readConfigFile(root);
  await findRunFiles(root, config.runs, (finding) => beside.push(finding));
  return [...listLeftovers(root), ...beside]
    .filter(({ code }) => code === 'leftover')
    .map(({ file }) => file);
}

/** What is to be said of unfinished files of writers that died, among what was recorded. */
export function listLeftovers(root: string): Finding[] {
  return [snapshotsFolder(root), blobsFolder(root)].flatMap((folder): Finding[] => {
    try {
      return listNames(folder)
        .filter((name) => isLeftover(join(folder, name), name))
        .map((name) => leftoverFinding(bookPath(root, join(folder, name))));
    } catch {
      return [
        {
          code: 'unreadable',
          severity: 'error',
          file: bookPath(root, folder),
          expected: 'a folder that may be read',
          found: 'something else',
          hint: 'Move away what stands there, or check who may read it.',
        },
      ];
    }
  });
}
