import {
  deltaNumbers,
  packedNumbers,
  plainTexts,
  repeatedNumber,
  splitNumbers,
  widthFor,
} from './encodings.ts';

/**
 * What a column holds; none of its values need be there. Times are microseconds since 1970; times and `long` are whole numbers
 * written as differences, `split` has the bytes of doubles apart: the first ones of all, then the second ones.
 */
export type ColumnKind = 'text' | 'double' | 'split' | 'int' | 'long' | 'time' | 'flag';

/** The values of a column for the rows of one group, one by one. */
export type GroupValues = readonly (string | number | boolean | null)[];

/** The same, also in columns that cost nothing to make. */
export type ColumnValues = GroupValues | Numbers | NumberedTexts;

/** Numbers for times, `long`, `double` and `split`, without those that are missing: which rows have one says `present`. */
export interface Numbers {
  numbers: Float64Array;
  present?: Uint8Array | undefined;
}

/** A text for each row, by its number. */
export interface NumberedTexts {
  texts: readonly string[];
  numbers: Uint32Array;
}

/** How Parquet calls the ways to write values. */
export const encodings = { plain: 0, rle: 3, delta: 5, dictionary: 8, split: 9 } as const;

/** How many rows have these values. */
export function rowsIn(values: ColumnValues): number {
  if (isNumbers(values)) return values.present?.length ?? values.numbers.length;
  return isNumbered(values) ? values.numbers.length : values.length;
}

const isNumbers = (values: ColumnValues): values is Numbers =>
  'numbers' in values && values.numbers instanceof Float64Array;
const isNumbered = (values: ColumnValues): values is NumberedTexts => 'texts' in values;

/** The values of a column as a page has them. */
interface Encoded {
  dictionary: { count: number; bytes: Buffer } | undefined;
  encoding: number;
  data: Buffer;
  /** The least and the greatest of numbers, where that is told. */
  range?: Range | undefined;
}

/** Numbers as their bytes. */
export interface Range {
  low: Buffer;
  high: Buffer;
}

/** A column as it is written: without its values, and with them. */
export function encoded(
  { kind, isDiverse = false }: { kind: ColumnKind; isDiverse?: boolean },
  values: ColumnValues,
): Encoded {
  if (isNumbers(values)) return encodedNumbers(kind, values);
  if (isNumbered(values)) return encodedTexts(definitionLevels(undefined, rowsIn(values)), values);
  const present = values.filter((value) => value !== null);
  const mask =
    present.length === values.length
      ? undefined
      : Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  const levels = definitionLevels(mask, values.length, present.length);
  const plain = (data: Buffer, encoding: number = encodings.plain): Encoded => ({
    dictionary: undefined,
    encoding,
    data: Buffer.concat([levels, data]),
  });
  if (kind === 'text') {
    const texts = present as readonly string[];
    const numbered = isDiverse ? undefined : numberedTexts(texts);
    return numbered === undefined ? plain(plainTexts(texts)) : encodedTexts(levels, numbered);
  }
  if (kind === 'flag') return plain(flags(present as readonly boolean[]));
  if (kind === 'int') return plain(Buffer.from(Int32Array.from(present as readonly number[]).buffer));
  const { encoding, data } = numbersAs(kind, present as readonly number[]);
  return plain(data, encoding);
}

function encodedNumbers(kind: ColumnKind, { numbers, present }: Numbers): Encoded {
  const rows = present?.length ?? numbers.length;
  const { encoding, data } = numbersAs(kind, numbers);
  const levels = definitionLevels(present, rows, numbers.length);
  return {
    dictionary: undefined,
    encoding,
    data: Buffer.concat([levels, data]),
    range: rangeOf(kind, numbers),
  };
}

function encodedTexts(levels: Buffer, { texts, numbers }: NumberedTexts): Encoded {
  const width = widthFor(texts.length);
  return {
    dictionary: { count: texts.length, bytes: plainTexts(texts) },
    encoding: encodings.dictionary,
    data: Buffer.concat([levels, Buffer.from([width]), packedNumbers(numbers, width)]),
  };
}

function numbersAs(kind: ColumnKind, numbers: ArrayLike<number>): { encoding: number; data: Buffer } {
  if (kind === 'split') return { encoding: encodings.split, data: splitNumbers(numbers) };
  if (kind === 'double')
    return { encoding: encodings.plain, data: Buffer.from(Float64Array.from(numbers).buffer) };
  const deltas = deltaNumbers(numbers);
  if (deltas !== undefined) return { encoding: encodings.delta, data: deltas };
  const plain = BigInt64Array.from(Array.from(numbers), BigInt);
  return { encoding: encodings.plain, data: Buffer.from(plain.buffer) };
}

/** From where to where numbers go; undefined where one is none, or there are none at all. */
function rangeOf(kind: ColumnKind, numbers: Float64Array): Range | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (Number.isNaN(number)) return undefined;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  if (numbers.length === 0) return undefined;
  const isDouble = kind === 'split' || kind === 'double';
  const bytesOf = (number: number) => {
    const bytes = Buffer.alloc(8);
    if (isDouble) bytes.writeDoubleLE(number);
    else bytes.writeBigInt64LE(BigInt(number));
    return bytes;
  };
  // A zero has two signs, and either may be there.
  return { low: bytesOf(isDouble && low === 0 ? -0 : low), high: bytesOf(high === 0 ? 0 : high) };
}

/** Which rows have a value, with the length before it; without a mask all have. */
function definitionLevels(mask: Uint8Array | undefined, rows: number, present = rows): Buffer {
  const all = mask === undefined || present === rows || present === 0;
  const levels = all ? repeatedNumber(present === 0 ? 0 : 1, rows, 1) : packedNumbers(mask, 1);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(levels.length);
  return Buffer.concat([length, levels]);
}

/** Texts by number; undefined where too many differ for that to save anything. */
function numberedTexts(texts: readonly string[]): NumberedTexts | undefined {
  if (texts.length === 0) return undefined;
  const most = texts.length / 2 + 1;
  const known = new Map<string, number>();
  const numbers = new Uint32Array(texts.length);
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at]!;
    let number = known.get(text);
    if (number === undefined) {
      number = known.size;
      if (number >= most) return undefined;
      known.set(text, number);
    }
    numbers[at] = number;
  }
  return { texts: [...known.keys()], numbers };
}

function flags(values: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries()) if (value) bytes[at >> 3]! |= 1 << (at & 7);
  return bytes;
}
