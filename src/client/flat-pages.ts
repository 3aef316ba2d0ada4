import type { ColumnMetaData, Encoding, FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { unzippedTo } from './bytes.ts';
import type { DataFile } from './data-files.ts';

/** A Parquet file whose end has been read: which columns there are, and where. */
export interface OpenedParquet {
  file: DataFile;
  metadata: FileMetaData;
  /** Frees a file that is there whole; nothing more can be read of it. */
  free?: () => void;
}

/** Where bytes are read on from. */
export interface Reader {
  view: DataView<ArrayBuffer>;
  offset: number;
}

/** A page of a column, its values still as they are written. */
export interface FlatPage {
  rows: number;
  /** For each row whether it has a value; undefined where all have one. */
  defined: Uint8Array | undefined;
  /** How many values there are. */
  count: number;
  encoding: Encoding;
  reader: Reader;
}

/** A column of one group of rows, which holds single values or none. */
export interface FlatColumn {
  type: ColumnMetaData['type'];
  /** Values that pages name by their numbers. */
  dictionary: { count: number; reader: Reader } | undefined;
  pages: FlatPage[];
}

/** Takes the bytes of a column apart, which the browser itself unpacks where they are packed by gzip; undefined where they are written in another way than our builds write them. */
export async function flatColumn(
  buffer: ArrayBuffer,
  { type, codec }: Pick<ColumnMetaData, 'type' | 'codec'>,
): Promise<FlatColumn | undefined> {
  const reader: Reader = { view: new DataView(buffer), offset: 0 };
  const column: FlatColumn = { type, dictionary: undefined, pages: [] };
  while (reader.offset < buffer.byteLength - 1) {
    const header = parquetHeader(reader);
    const packed = new Uint8Array(buffer, reader.offset, header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    const { dictionary_page_header: dictionary, data_page_header: data } = header;
    if (data === undefined && dictionary === undefined) return undefined;
    const bytes =
      codec === 'GZIP'
        ? await unzippedTo(packed, header.uncompressed_page_size)
        : decompressPage(packed, header.uncompressed_page_size, codec, undefined);
    if (bytes.length !== header.uncompressed_page_size) throw new Error('a page of a data file is damaged');
    const inside: Reader = {
      view: new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength),
      offset: 0,
    };
    if (dictionary !== undefined) column.dictionary = { count: dictionary.num_values, reader: inside };
    if (data !== undefined) column.pages.push(pageOf(inside, data));
  }
  return column;
}

function pageOf(
  reader: Reader,
  { num_values: rows, encoding }: { num_values: number; encoding: Encoding },
): FlatPage {
  const defined = new Uint8Array(rows);
  readRleBitPackedHybrid(reader, 1, defined);
  let count = 0;
  for (let row = 0; row < rows; row++) count += defined[row]!;
  return { rows, defined: count === rows ? undefined : defined, count, encoding, reader };
}
