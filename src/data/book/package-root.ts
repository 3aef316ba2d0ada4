import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePlainJson } from '../browser.ts';

/** The folder of Daybook itself: the nearest one upwards from `from` whose package.json is named daybook. */
export function findPackageRoot(from: string): string | undefined {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    if (nameIn(join(folder, 'package.json')) === 'daybook') return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The version of Daybook, "0.0.0" where its package.json cannot be found. */
export function packageVersion(from: string): string {
  const root = findPackageRoot(from);
  if (root === undefined) return '0.0.0';
  const { version } = parsePlainJson(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version?: string;
  };
  return version ?? '0.0.0';
}

function nameIn(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return (parsePlainJson(readFileSync(file, 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
