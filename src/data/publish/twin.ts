import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jsonText } from '../browser.ts';

/**
 * Writes the script twin of a data file: pages opened from disk may not fetch, but may load a script, which registers the
 * same bytes as base64 under the name the page asks for, e.g. daybookData["actions/rows-0003-5f2c81d0"].
 */
export function writeTwin(folder: string, prefix: string, name: string, bytes: Buffer): void {
  const start = `(self.daybookData??={})[${jsonText(prefix + name)}]="`;
  writeFileSync(join(folder, `${name}.js`), `${start}${bytes.toString('base64')}"\n`, 'latin1');
}

/**
 * Writes a JSON file and its script twin; `replace` is that of JSON.stringify. Base64 keeps recorded text from ever being
 * script.
 */
export function writeJsonTwin(
  folder: string,
  prefix: string,
  name: string,
  value: unknown,
  replace?: (key: string, value: unknown) => unknown,
): number {
  const path = join(folder, `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  const bytes = Buffer.from(jsonText(value, undefined, replace));
  writeFileSync(path, bytes);
  writeTwin(folder, prefix, name, bytes);
  return bytes.length;
}

/**
 * Writes a JSON file compressed, as <name>.json.gz, and its script twin with the same bytes: for what there is much of and
 * little is read.
 */
export function writePackedTwin(
  folder: string,
  prefix: string,
  name: string,
  value: unknown,
  replace?: (key: string, value: unknown) => unknown,
): void {
  writePackedText(folder, prefix, name, jsonText(value, undefined, replace));
}

/** The same for what is JSON already; `level` says how hard to try: digits hardly get smaller by more of it. */
export function writePackedText(
  folder: string,
  prefix: string,
  name: string,
  text: string,
  level?: number,
): void {
  const bytes = gzipSync(text, level === undefined ? {} : { level });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json.gz`), bytes);
  writeTwin(folder, prefix, name, bytes);
}

/**
 * Writes a JSON file compressed, with its script twin, below a name that is its own: `stem` and a checksum of the content. A
 * file of that name never changes, so who holds an older index finds what it names, or nothing. Gives back the name.
 */
export function writeNamedTwin(folder: string, prefix: string, stem: string, value: unknown): string {
  const text = jsonText(value);
  const name = `${stem}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  writePackedText(folder, prefix, name, text);
  return name;
}
