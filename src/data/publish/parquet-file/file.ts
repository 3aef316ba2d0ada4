import { gzipSync } from 'node:zlib';
import { type ColumnKind, type ColumnValues, encoded, encodings, type Range, rowsIn } from './columns.ts';
import { type ThriftStruct, thriftBytes } from './thrift.ts';

export type { ColumnKind, GroupValues } from './columns.ts';

/** A column of a file. */
export interface ParquetColumn {
  name: string;
  kind: ColumnKind;
  /** For texts of which hardly two are the same: nothing is gained by numbering them. */
  isDiverse?: boolean;
}

const types = { flag: 0, int: 1, time: 2, long: 2, double: 5, split: 5, text: 6 } as const;
const converted: Partial<Record<ColumnKind, number>> = { text: 0, time: 10 };
const codecs = { none: 0, gzip: 2 } as const;
/** What a file says of who wrote it. */
export const writerName = 'daybook';

const magic = 'PAR1';
const smallBytes = 256;
/** What these have of the beginning tells whether packing is worth it: numbers that rise and fall by chance are packed already. */
const [triedBytes, leastGain] = [16_384, 0.05];

/**
 * Makes a Parquet file group by group: flat columns whose values may be missing, packed by gzip, which browsers unpack
 * themselves, and any reader of Parquet as well.
 */
export class ParquetFile {
  readonly #columns: readonly ParquetColumn[];
  readonly #level: number;
  readonly #name: string;
  readonly #parts: Buffer[] = [Buffer.from(magic)];
  readonly #groups: ThriftStruct[] = [];
  #offset = magic.length;
  #rows = 0;

  /** `level` is that of gzip; `name` says what a row is. */
  constructor(columns: readonly ParquetColumn[], level: number, name = 'actions') {
    this.#columns = columns;
    this.#level = level;
    this.#name = name;
  }

  /** Adds a group of rows, given column by column: each is written before the next one is asked for. */
  addGroup(values: Iterable<ColumnValues>): void {
    const from = this.#offset;
    const columns: ThriftStruct[] = [];
    let count = 0;
    for (const one of values) {
      count = rowsIn(one);
      columns.push(this.#addColumn(this.#columns[columns.length]!, one));
    }
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
          [4, this.#name],
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
        [6, writerName],
      ],
    });
    const end = Buffer.alloc(8);
    end.writeUInt32LE(footer.length);
    end.write(magic, 4);
    return Buffer.concat([...this.#parts, footer, end]);
  }

  #addColumn(column: ParquetColumn, values: ColumnValues): ThriftStruct {
    const start = this.#offset;
    const rows = rowsIn(values);
    const { dictionary, encoding, data, range } = encoded(column, values);
    // Browsers take longer to begin unpacking than to read what is as small as this.
    const isLarge = data.length + (dictionary?.bytes.length ?? 0) > smallBytes;
    const isPacked = isLarge && (column.kind !== 'long' || this.#getsSmaller(data));
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
            [1, rows],
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
        [5, rows, true],
        [6, unpacked, true],
        [7, this.#offset - start, true],
        [9, dataAt, true],
        [11, dictionaryAt, true],
        [12, range && statisticsOf(range)],
      ],
    };
    return {
      fields: [
        [2, start, true],
        [3, meta],
      ],
    };
  }

  #getsSmaller(data: Buffer): boolean {
    const tried = data.subarray(0, triedBytes);
    return gzipSync(tried, { level: this.#level }).length < (1 - leastGain) * tried.length;
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

/** What lies in a column, from where to where. */
function statisticsOf({ low, high }: Range): ThriftStruct {
  return {
    fields: [
      [5, high],
      [6, low],
    ],
  };
}
