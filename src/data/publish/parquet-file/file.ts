import { gzipSync } from 'node:zlib';
import { deltaNumbers, packedNumbers, plainTexts, repeatedNumber, widthFor } from './encodings.ts';
import { type ThriftStruct, thriftBytes } from './thrift.ts';

/** What a column holds; none of its values need be there. Times are microseconds since 1970, whole numbers as all of `delta`. */
export type ColumnKind = 'text' | 'double' | 'int' | 'time' | 'flag';

/** A column of a file. */
export interface ParquetColumn {
  name: string;
  kind: ColumnKind;
  /** For texts of which hardly two are the same: nothing is gained by numbering them. */
  isDiverse?: boolean;
}

/** The values of a column for the rows of one group. */
export type GroupValues = readonly (string | number | boolean | null)[];

const types = { flag: 0, int: 1, time: 2, double: 5, text: 6 } as const;
const converted: Partial<Record<ColumnKind, number>> = { text: 0, time: 10 };
const encodings = { plain: 0, rle: 3, delta: 5, dictionary: 8 } as const;
const codecs = { none: 0, gzip: 2 } as const;
const magic = 'PAR1';
const smallBytes = 256;

/**
 * Makes a Parquet file group by group: flat columns whose values may be missing, packed by gzip, which browsers unpack
 * themselves, and any reader of Parquet as well.
 */
export class ParquetFile {
  readonly #columns: readonly ParquetColumn[];
  readonly #level: number;
  readonly #parts: Buffer[] = [Buffer.from(magic)];
  readonly #groups: ThriftStruct[] = [];
  #offset = magic.length;
  #rows = 0;

  /** `level` is that of gzip. */
  constructor(columns: readonly ParquetColumn[], level: number) {
    this.#columns = columns;
    this.#level = level;
  }

  /** Adds a group of rows, given column by column. */
  addGroup(values: readonly GroupValues[]): void {
    const count = values[0]!.length;
    const from = this.#offset;
    const columns = this.#columns.map((column, at) => this.#addColumn(column, values[at]!));
    this.#groups.push({
      fields: [
        [1, columns],
        [2, this.#offset - from, true],
        [3, count, true],
      ],
    });
    this.#rows += count;
  }

  /** The whole file. */
  finish(): Buffer {
    const schema: ThriftStruct[] = [
      {
        fields: [
          [4, 'actions'],
          [5, this.#columns.length],
        ],
      },
      ...this.#columns.map(
        ({ name, kind }): ThriftStruct => ({
          fields: [
            [1, types[kind]],
            [3, 1],
            [4, name],
            [6, converted[kind]],
          ],
        }),
      ),
    ];
    const footer = thriftBytes({
      fields: [
        [1, 1],
        [2, schema],
        [3, this.#rows, true],
        [4, this.#groups],
        [6, 'daybook'],
      ],
    });
    const end = Buffer.alloc(8);
    end.writeUInt32LE(footer.length);
    end.write(magic, 4);
    return Buffer.concat([...this.#parts, footer, end]);
  }

  #addColumn(column: ParquetColumn, values: GroupValues): ThriftStruct {
    const start = this.#offset;
    const { dictionary, encoding, data } = encoded(column, values);
    // Browsers take longer to begin unpacking than to read what is as small as this.
    const isPacked = data.length + (dictionary?.bytes.length ?? 0) > smallBytes;
    let unpacked = 0;
    const dictionaryAt = dictionary && this.#offset;
    if (dictionary !== undefined)
      unpacked += this.#addPage(dictionary.bytes, isPacked, (sizes) => [
        [1, 2],
        ...sizes,
        [
          7,
          {
            fields: [
              [1, dictionary.count],
              [2, encodings.plain],
            ],
          },
        ],
      ]);
    const dataAt = this.#offset;
    unpacked += this.#addPage(data, isPacked, (sizes) => [
      [1, 0],
      ...sizes,
      [
        5,
        {
          fields: [
            [1, values.length],
            [2, encoding],
            [3, encodings.rle],
            [4, encodings.rle],
          ],
        },
      ],
    ]);
    const meta: ThriftStruct = {
      fields: [
        [1, types[column.kind]],
        [2, [encoding, encodings.rle, ...(dictionary === undefined ? [] : [encodings.plain])]],
        [3, [column.name]],
        [4, isPacked ? codecs.gzip : codecs.none],
        [5, values.length, true],
        [6, unpacked, true],
        [7, this.#offset - start, true],
        [9, dataAt, true],
        [11, dictionaryAt, true],
      ],
    };
    return {
      fields: [
        [2, start, true],
        [3, meta],
      ],
    };
  }

  /** Adds a page and says how much it takes unpacked, with its header. */
  #addPage(
    bytes: Buffer,
    isPacked: boolean,
    header: (sizes: ThriftStruct['fields']) => ThriftStruct['fields'],
  ): number {
    const packed = isPacked ? gzipSync(bytes, { level: this.#level }) : bytes;
    const head = thriftBytes({
      fields: header([
        [2, bytes.length],
        [3, packed.length],
      ]),
    });
    this.#parts.push(head, packed);
    this.#offset += head.length + packed.length;
    return head.length + bytes.length;
  }
}

interface Encoded {
  dictionary: { count: number; bytes: Buffer } | undefined;
  encoding: number;
  data: Buffer;
}

function encoded({ kind, isDiverse = false }: ParquetColumn, values: GroupValues): Encoded {
  const present = values.filter((value) => value !== null);
  const levels = definitionLevels(values, present.length);
  const plain = (data: Buffer, encoding: number = encodings.plain): Encoded => ({
    dictionary: undefined,
    encoding,
    data: Buffer.concat([levels, data]),
  });
  if (kind === 'text') {
    const texts = present as readonly string[];
    const numbered = isDiverse ? undefined : numberedTexts(texts);
    if (numbered === undefined) return plain(plainTexts(texts));
    const width = widthFor(numbered.texts.length);
    const numbers = packedNumbers(numbered.numbers, width);
    return {
      dictionary: { count: numbered.texts.length, bytes: plainTexts(numbered.texts) },
      encoding: encodings.dictionary,
      data: Buffer.concat([levels, Buffer.from([width]), numbers]),
    };
  }
  if (kind === 'time') {
    const deltas = deltaNumbers(present as readonly number[]);
    if (deltas !== undefined) return plain(deltas, encodings.delta);
    return plain(Buffer.from(BigInt64Array.from(present as readonly number[], BigInt).buffer));
  }
  if (kind === 'flag') return plain(flags(present as readonly boolean[]));
  const size = kind === 'int' ? 4 : 8;
  const bytes = Buffer.alloc(present.length * size);
  for (const [at, value] of present.entries())
    if (kind === 'int') bytes.writeInt32LE(value as number, at * size);
    else bytes.writeDoubleLE(value as number, at * size);
  return plain(bytes);
}

/** Whether each row has a value, with the length before it. */
function definitionLevels(values: GroupValues, present: number): Buffer {
  const all = present === values.length || present === 0;
  const levels = all
    ? repeatedNumber(present === 0 ? 0 : 1, values.length, 1)
    : packedNumbers(
        Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
        1,
      );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(levels.length);
  return Buffer.concat([length, levels]);
}

/** Texts by number; undefined where too many differ for that to save anything. */
function numberedTexts(texts: readonly string[]): { texts: string[]; numbers: Uint32Array } | undefined {
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
