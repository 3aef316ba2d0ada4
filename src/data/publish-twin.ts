import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes the script twin of a data file: pages opened from disk may not fetch, but may load a script, which registers the
 * same bytes as base64 under the name the page asks for, e.g. daybookData["actions/rows-0003"].
 */
export function writeTwin(folder: string, prefix: string, name: string, path: string): void {
  const base64 = readFileSync(path).toString('base64');
  writeFileSync(
    join(folder, `${name}.js`),
    `(self.daybookData??={})[${JSON.stringify(prefix + name)}]="${base64}"\n`,
  );
}

/** Writes a JSON file and its script twin. Base64 keeps recorded text from ever being script. */
export function writeJsonTwin(folder: string, prefix: string, name: string, value: unknown): number {
  const path = join(folder, `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  const bytes = Buffer.from(JSON.stringify(value));
  writeFileSync(path, bytes);
  writeTwin(folder, prefix, name, path);
  return bytes.length;
}
