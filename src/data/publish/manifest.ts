import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText, parsePlainJson } from '../browser.ts';
import { lookOf, rememberSum, sumOf } from './file-sums.ts';

/** Every file of a folder with its checksum, and how it stood when that was taken. */
type Manifest = Record<string, [sum: string, look: string]>;

const manifestName = 'manifest.json';

/** Writes down what a folder of finished files holds, so that a later build can tell that it still does. */
export function writeManifest(folder: string): void {
  const manifest: Manifest = Object.create(null);
  for (const name of filesBelow(folder)) {
    const sum = sumOf(join(folder, name));
    const look = lookOf(join(folder, name));
    if (sum !== undefined && look !== undefined) manifest[name] = [sum, look];
  }
  writeFileSync(join(folder, manifestName), jsonText(manifest));
}

/**
 * Whether a folder holds exactly what its manifest says. Files that stand as they did are believed; what was restored from
 * somewhere else has other times and places and is read once.
 */
export function isWhole(folder: string): boolean {
  let manifest: Manifest;
  let names: string[];
  try {
    manifest = parsePlainJson(readFileSync(join(folder, manifestName), 'utf8')) as Manifest;
    names = filesBelow(folder);
  } catch {
    return false;
  }
  if (names.length !== Object.keys(manifest).length) return false;
  let hasMoved = false;
  for (const name of names) {
    if (!Object.hasOwn(manifest, name)) return false;
    const [sum, look] = manifest[name]!;
    const now = lookOf(join(folder, name));
    if (now === look) rememberSum(look, sum);
    else if (sumOf(join(folder, name)) !== sum) return false;
    else hasMoved = true;
  }
  if (hasMoved) writeManifest(folder);
  return true;
}

/** Every file below a folder, relative to it, but a manifest. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => name !== manifestName);
}
