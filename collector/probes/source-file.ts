import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemCodeOf } from '../base/errors.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { requireText } from '../formats/file-text.ts';

/** How much of a source a snapshot takes in: snapshots are read whole by people and pages. */
export const maxSourceBytes = 256 * 1024;

/** Text of a file of the book, or undefined where there is none. Throws where it is no readable file or too large. */
export async function readSource(
  root: string,
  path: string,
  mostBytes = maxSourceBytes,
): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(resolve(root, path), 'r');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`${path} cannot be read (${code ?? String(error)})`);
  }
  try {
    if ((await file.stat()).isDirectory()) throw new Error(`${path} is a folder; a file was expected`);
    // The size is not asked: files such as those in /proc say 0.
    const buffer = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return requireText(buffer.subarray(0, length), path);
      length += bytesRead;
      if (length > mostBytes) throw new Error(`${path} is larger than ${mostBytes / 1024} KiB`);
    }
  } finally {
    await file.close();
  }
}

/** A YAML file of the book as an object, or undefined where there is none. Throws where it is something else. */
export async function readYamlObject(root: string, path: string): Promise<JsonObject | undefined> {
  const text = await readSource(root, path);
  if (text === undefined) return undefined;
  const { readYamlText } = await import('../formats/yaml-text.ts');
  const { value, problems } = readYamlText(text, { exact: true });
  const [problem] = problems;
  if (isObject(value)) return value;
  if (problem === undefined) throw new Error(`${path} holds no map of keys and values`);
  throw new Error(`${path}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.message}`);
}
