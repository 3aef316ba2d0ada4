import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { configPath, snapshotsFolder } from '../layout.ts';
import type { RerunSpace } from './space.ts';

/**
 * Makes the folder of a rerun the book of the program that runs in it, with the settings of ours: what it records is kept
 * apart from what the first run recorded, also where it names the same places.
 */
export function makeInnerBook(root: string, inner: string): void {
  mkdirSync(snapshotsFolder(inner), { recursive: true });
  if (existsSync(configPath(root)) && !existsSync(configPath(inner)))
    copyFileSync(configPath(root), configPath(inner));
}

/** Makes the folders around these paths that were there before the first run began: programs count on them, and git keeps none that is empty. */
export function makeFoldersOfThen(
  paths: readonly string[],
  startedAtUs: number | undefined,
  { placeOf }: Pick<RerunSpace, 'placeOf'>,
): void {
  for (const path of paths) {
    for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) {
      const stat = statSync(folder, { throwIfNoEntry: false });
      const place = placeOf(folder);
      if (place === undefined) break;
      if (stat?.isDirectory() && stat.birthtimeMs * 1000 < (startedAtUs ?? 0)) {
        mkdirSync(place, { recursive: true });
        break;
      }
    }
  }
}
