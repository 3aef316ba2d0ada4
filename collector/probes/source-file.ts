import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemCodeOf } from '../base/errors.ts';
import { isObject, type JsonObject } from '../base/json/json.ts';
import { documentProblem, readDocument } from '../formats/text/document.ts';
import { requireText } from '../formats/text/file.ts';

/** How much of a source a snapshot takes in: snapshots are read whole by people and pages. */
export const maxSourceBytes = 256 * 1024;

/** Text of a file of the book, or undefined where there is none. Throws where it is no readable file or too large. */
export async function readSource(
  root: string,
  path: string,
  maxBytes = maxSourceBytes,
): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // Opening a pipe would wait for its writer, and keep the process from ending.
    if ((await stat(resolve(root, path))).isFIFO()) throw new Error(`${path} is a pipe; a file was expected`);
    file = await open(resolve(root, path), 'r');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw code === undefined ? error : new Error(`${path} cannot be read (${code})`);
  }
  try {
    if ((await file.stat()).isDirectory()) throw new Error(`${path} is a folder; a file was expected`);
    // The size is not asked: files such as those in /proc say 0.
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return textOf(buffer.subarray(0, length), path);
      length += bytesRead;
      if (length > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1024} KiB`);
    }
  } finally {
    await file.close();
  }
}

/** What is no text is not guessed at. */
function textOf(bytes: Buffer, path: string): string {
  const text = requireText(bytes, path);
  const zero = text.indexOf('\0');
  if (zero === -1) return text;
  const line = text.slice(0, zero).split('\n').length;
  throw new Error(`${path}:${line}: binary data where text was expected`);
}

/**
 * A YAML file of the book as an object, or undefined where there is none. Throws where it is something else, or is not
 * read without doubt: half of a broken file may say the opposite of the whole.
 */
export async function readYamlObject(root: string, path: string): Promise<JsonObject | undefined> {
  const text = await readSource(root, path);
  if (text === undefined) return undefined;
  const { value, problem } = await readDocument(text, 'yaml');
  if (problem !== undefined) throw new Error(documentProblem(path, 'yaml', problem));
  if (isObject(value)) return value;
  throw new Error(`${path} holds no map of keys and values`);
}
