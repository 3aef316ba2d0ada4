import type { ColumnChunk, ColumnMetaData } from 'hyparquet';
import { deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit, readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { breathe } from './breathe.ts';
import { deltaNumbers } from './delta-numbers.ts';
import { type FlatColumn, type FlatPage, flatColumn } from './flat-pages.ts';
import { placeOf } from './flat-values.ts';
import { type OpenedParquet, readColumns } from './parquet.ts';

/** A column of texts in which most occur often: each row has the number of its text. */
export interface CodedTexts {
  codes: Uint32Array;
  /** The texts by number; number 0 says that there is none. */
  texts: string[];
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A column of numbers or times of all rows, NaN where there is none; times are microseconds. What takes a page from a file to
 * its rows is a loop over numbers: a million of them are read in an instant.
 */
export async function readNumbers(opened: OpenedParquet, name: string): Promise<Float64Array> {
  const numbers = new Float64Array(rowsOf(opened));
  const isRead = await eachPage(opened, name, (column, page, start) => {
    const values = numbersOf(column, page);
    if (values === undefined) return false;
    spread(page, numbers.subarray(start, start + page.rows), values, Number.NaN);
    return true;
  });
  if (isRead) return numbers;
  const values = (await readColumns(opened, [name], 0, numbers.length))[name];
  return numbers.map((_, row) => Number(values?.[row] ?? Number.NaN));
}

/**
 * Columns of numbers of one group of rows, as `readNumbers` has them. What lies side by side in the file travels at once; taking
 * each in is a task of its own.
 */
export async function readGroup<Name extends string>(
  opened: OpenedParquet,
  names: readonly Name[],
  group: number,
  signal?: AbortSignal,
): Promise<Record<Name, Float64Array>> {
  const { file, metadata } = opened;
  const { num_rows, columns } = metadata.row_groups[group]!;
  const metas = names.map((name) => metaOf(columns, name)!);
  const places = metas.map(placeOf);
  const from = Math.min(...places.map(([start]) => start));
  const piece = await file.slice(from, Math.max(...places.map(([, end]) => end)), signal);
  const found = {} as Record<Name, Float64Array>;
  for (const [at, name] of names.entries()) {
    await breathe();
    const [start, end] = places[at]!;
    const column = await flatColumn(piece.slice(start - from, end - from), metas[at]!);
    const numbers = new Float64Array(Number(num_rows));
    let row = 0;
    for (const page of column?.pages ?? []) {
      const values = numbersOf(column!, page);
      if (values === undefined) break;
      spread(page, numbers.subarray(row, row + page.rows), values, Number.NaN);
      row += page.rows;
    }
    if (row < numbers.length)
      throw new Error(`the column ${name} is written in another way than it should be`);
    found[name] = numbers;
  }
  return found;
}

/** A column of texts of all rows. */
export async function readTexts(opened: OpenedParquet, name: string): Promise<CodedTexts> {
  const codes = new Uint32Array(rowsOf(opened));
  const texts = [''];
  const known = new Map<string, number>();
  const codeOf = (text: string) => {
    const code = known.get(text) ?? texts.push(text) - 1;
    known.set(text, code);
    return code;
  };
  let dictionary: FlatColumn['dictionary'];
  let ofDictionary = new Uint32Array(0);
  const isRead = await eachPage(opened, name, (column, page, start) => {
    if (column.dictionary !== dictionary) {
      dictionary = column.dictionary;
      ofDictionary = Uint32Array.from(bytesOf(dictionary) ?? [], (bytes) => codeOf(decoder.decode(bytes)));
    }
    const values = isNumbered(page) ? numberedIn(page, ofDictionary) : plainTexts(page)?.map(codeOf);
    if (values === undefined) return false;
    spread(page, codes.subarray(start, start + page.rows), values, 0);
    return true;
  });
  if (isRead) return { codes, texts };
  const values = (await readColumns(opened, [name], 0, codes.length))[name];
  const code = (text: unknown) => (text === null || text === undefined ? 0 : codeOf(text as string));
  return { codes: codes.map((_, row) => code(values?.[row])), texts };
}

function rowsOf({ metadata }: OpenedParquet): number {
  return Number(metadata.num_rows);
}

/** Hands over all pages of a column with their first row, until one is not taken; says whether all were. */
async function eachPage(
  { file, metadata }: OpenedParquet,
  name: string,
  take: (column: FlatColumn, page: FlatPage, start: number) => boolean,
): Promise<boolean> {
  let start = 0;
  for (const { columns } of metadata.row_groups) {
    const meta = metaOf(columns, name);
    if (meta === undefined) return false;
    const column = await flatColumn(await file.slice(...placeOf(meta)), meta);
    if (column === undefined) return false;
    for (const page of column.pages) {
      if (!take(column, page, start)) return false;
      start += page.rows;
    }
  }
  return start === Number(metadata.num_rows);
}

function metaOf(columns: readonly ColumnChunk[], name: string): ColumnMetaData | undefined {
  return columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === name)?.meta_data;
}

function isNumbered({ encoding }: FlatPage): boolean {
  return encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY';
}

/** What the dictionary has for the numbers that a page holds. */
function numberedIn<Values extends Uint32Array | Float64Array>(
  { reader, count }: FlatPage,
  dictionary: Values,
): Values {
  const numbers = new Uint32Array(count);
  const width = count === 0 ? 0 : reader.view.getUint8(reader.offset);
  const inside = { view: reader.view, offset: reader.offset + 1 };
  if (width > 0) readRleBitPackedHybrid(inside, width, numbers, reader.view.byteLength - inside.offset);
  const values = dictionary.slice(0, 0).constructor as new (length: number) => Values;
  const found = new values(count);
  for (let at = 0; at < count; at++) found[at] = dictionary[numbers[at]!]!;
  return found;
}

const numberTypes = ['INT64', 'INT32', 'DOUBLE', 'FLOAT'];

function numbersOf({ type, dictionary }: FlatColumn, page: FlatPage): ArrayLike<number> | undefined {
  const { encoding, reader, count } = page;
  if (!numberTypes.includes(type)) return undefined;
  if (encoding === 'DELTA_BINARY_PACKED' && type === 'INT64') return deltaNumbers(reader, count);
  if (encoding === 'BYTE_STREAM_SPLIT')
    return asNumbers(byteStreamSplit(reader, count, type, undefined) as ArrayLike<number | bigint>);
  if (encoding === 'PLAIN')
    return asNumbers(readPlain(reader, type, count, undefined) as ArrayLike<number | bigint>);
  if (!isNumbered(page) || dictionary === undefined) return undefined;
  const view = { ...dictionary.reader };
  const values = asNumbers(readPlain(view, type, dictionary.count, undefined) as ArrayLike<number | bigint>);
  return numberedIn(page, values);
}

function asNumbers(values: ArrayLike<number | bigint>): Float64Array {
  if (values instanceof Float64Array) return values;
  return Float64Array.from(values, Number);
}

function bytesOf(dictionary: FlatColumn['dictionary']): Uint8Array[] | undefined {
  return (
    dictionary &&
    (readPlain({ ...dictionary.reader }, 'BYTE_ARRAY', dictionary.count, undefined) as Uint8Array[])
  );
}

function plainTexts({ encoding, reader, count }: FlatPage): string[] | undefined {
  const bytes: Uint8Array[] = [];
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') deltaLengthByteArray(reader, count, bytes);
  else if (encoding === 'PLAIN')
    bytes.push(...(readPlain(reader, 'BYTE_ARRAY', count, undefined) as Uint8Array[]));
  else return undefined;
  return bytes.map((text) => decoder.decode(text));
}

/** Puts the values of a page into its rows. */
function spread(
  { defined, rows }: FlatPage,
  to: { [at: number]: number },
  values: ArrayLike<number>,
  none: number,
): void {
  let at = 0;
  for (let row = 0; row < rows; row++)
    to[row] = defined === undefined || defined[row] === 1 ? values[at++]! : none;
}
