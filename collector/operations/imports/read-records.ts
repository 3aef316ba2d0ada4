import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { findJsonMistake } from '../../base/json/place.ts';
import { parseJson } from '../../base/json/text.ts';
import { LineSplitter } from '../../base/lines.ts';
import type { NotImported } from '../../formats/imports/imported.ts';
import { kindOf } from '../../formats/imports/kinds.ts';
import { readPlainYaml } from '../../formats/yaml/plain.ts';

/** A record of a file, and where it stands; or why it could not be read. */
export type ReadRecord = { from: string } & ({ value: JsonObject } | NotImported);

/** A larger document is not held in memory; lines may be as many as they like. */
const longestDocument = 400 * 1024 * 1024;
const longestLine = 16 * 1024 * 1024;

/** The records of a file, of standard input or of a folder of Upptime, one by one. @throws DaybookError where there is nothing to read. */
export async function* readRecords(
  path: string,
  stdin: () => NodeJS.ReadableStream,
): AsyncGenerator<ReadRecord> {
  if (path === '-') return yield* linesOf(stdin() as AsyncIterable<Buffer>, 'standard input');
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined)
    throw new DaybookError('not-found', `There is no ${path}.`, {
      hint: 'Name a file, a folder, or - for standard input.',
    });
  if (facts.isDirectory()) return yield* historyOf(path);
  if (isDocument(path)) return yield* documentOf(path, facts.size);
  yield* linesOf(createReadStream(path), basename(path));
}

/** Whether a file is one document: it begins as one, and its first line alone is none. */
function isDocument(path: string): boolean {
  const text = readStart(path).trimStart();
  if (text.startsWith('[')) return true;
  if (!text.startsWith('{')) return false;
  const end = text.indexOf('\n');
  return end !== -1 && findJsonMistake(text.slice(0, end).trim()) !== undefined;
}

function readStart(path: string): string {
  const { openSync, readSync, closeSync } = process.getBuiltinModule('node:fs');
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(256 * 1024);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer)).replace(/^\uFEFF/, '');
  } finally {
    closeSync(descriptor);
  }
}

function* documentOf(path: string, bytes: number): Generator<ReadRecord> {
  const name = basename(path);
  if (bytes > longestDocument)
    throw new DaybookError('bad-input', `Expected a document of at most 400 MiB, found ${bytes} bytes.`, {
      where: path,
      hint: 'Write it as JSON lines: jq -c ".[]" is one way.',
    });
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const mistake = findJsonMistake(text);
  if (mistake !== undefined)
    throw new DaybookError('bad-input', `Expected JSON, but it needs ${mistake.expected}.`, {
      where: `${name}:${mistake.line}:${mistake.column}`,
    });
  const value = parseJson(text);
  const list = listIn(value);
  if (list === undefined) return yield recordOf(value, name);
  for (const [at, each] of list.entries()) yield recordOf(each, `${name}[${at}]`);
}

/** The records of a document: it is their list, or has nothing but one; what kinds know as a whole stays whole. */
function listIn(value: JsonValue): JsonValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value) || kindOf([value]) !== undefined) return undefined;
  const lists = Object.values(value).filter((each) => Array.isArray(each) && each.some(isObject));
  return lists.length === 1 ? (lists[0] as JsonValue[]) : undefined;
}

async function* linesOf(chunks: AsyncIterable<Buffer | string>, name: string): AsyncGenerator<ReadRecord> {
  const ready: ReadRecord[] = [];
  const lines = new LineSplitter((bytes, line) => {
    const from = `${name}:${line}`;
    if (bytes === undefined)
      return void ready.push({ from, expected: 'a line of at most 16 MiB', found: 'a longer one' });
    const text = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text !== '') ready.push(lineOf(text, from));
  }, longestLine);
  for await (const chunk of chunks) {
    lines.push(Buffer.from(chunk as Buffer));
    yield* ready.splice(0);
  }
  lines.end();
  yield* ready;
}

function lineOf(text: string, from: string): ReadRecord {
  const mistake = findJsonMistake(text);
  if (mistake !== undefined)
    return { from, expected: mistake.expected, found: `something else at column ${mistake.column}` };
  return recordOf(parseJson(text), from);
}

function recordOf(value: JsonValue, from: string): ReadRecord {
  if (isObject(value)) return { from, value };
  return { from, expected: 'a JSON object', found: Array.isArray(value) ? 'a list' : `${value}` };
}

/** The folder of an Upptime repository: what it knows of each site now. */
function* historyOf(folder: string): Generator<ReadRecord> {
  const names = namesIn(join(folder, 'history'));
  if (names.length === 0)
    throw new DaybookError('bad-input', 'Expected a file, or a folder with history/*.yml of Upptime.', {
      where: folder,
      hint: 'Runs of other programs are read where they lie; docs/sources.md says which.',
    });
  for (const name of names) {
    const { value } = readPlainYaml(readFileSync(join(folder, 'history', name), 'utf8'));
    yield recordOf(value ?? null, `history/${name}`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.yml'))
      .sort();
  } catch {
    return [];
  }
}
