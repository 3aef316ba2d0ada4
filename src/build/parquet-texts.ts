import { gunzipSync } from 'node:zlib';
import { type ColumnMetaData, parquetMetadata } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { writerName } from '../data/publish/parquet-file/file.ts';

/** Texts of a file. */
export interface TextPage {
  /** All of them, with line breaks between them. */
  whole: string;
  /** Each by itself. */
  each(): Iterable<string>;
}

/**
 * The texts of a Parquet file page by page, every column of them, where it says that our builds wrote it and is as they write it:
 * flat columns whose values may be missing, packed by gzip or not at all, texts plainly or by number. Undefined for any other,
 * such as the copy of an artifact: there are more ways to write pages than are known here, and a database knows them.
 */
export function textPages(bytes: Buffer): Iterable<TextPage> | undefined {
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  let columns: ColumnMetaData[];
  try {
    const { created_by: writer, schema, row_groups: groups } = parquetMetadata(whole);
    if (writer !== writerName) return undefined;
    const isFlat = schema
      .slice(1)
      .every(
        ({ num_children: children, repetition_type: repetition }) =>
          children === undefined && repetition === 'OPTIONAL',
      );
    columns = groups.flatMap((group) => group.columns.flatMap(({ meta_data: meta }) => meta ?? []));
    const isWhole = columns.length === groups.length * (schema.length - 1);
    if (!isFlat || !isWhole || !columns.every(isPlain)) return undefined;
  } catch {
    return undefined;
  }
  return pagesOf(whole, columns);
}

const plainEncodings = new Set(['PLAIN', 'RLE', 'RLE_DICTIONARY']);

/** Numbers hold no text, however they are written. */
function isPlain({ type, codec, encodings }: ColumnMetaData): boolean {
  if (type !== 'BYTE_ARRAY') return type !== 'FIXED_LEN_BYTE_ARRAY';
  return (
    (codec === 'GZIP' || codec === 'UNCOMPRESSED') &&
    encodings.every((encoding) => plainEncodings.has(encoding))
  );
}

function* pagesOf(whole: ArrayBuffer, columns: readonly ColumnMetaData[]): Generator<TextPage> {
  for (const meta of columns) {
    if (meta.type !== 'BYTE_ARRAY') continue;
    const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
    const end = start + Number(meta.total_compressed_size);
    const reader = { view: new DataView(whole), offset: start };
    while (reader.offset < end) {
      const { data_page_header: data, dictionary_page_header: dictionary, ...header } = parquetHeader(reader);
      const stored = Buffer.from(whole, reader.offset, header.compressed_page_size);
      reader.offset += header.compressed_page_size;
      if (data === undefined && dictionary === undefined)
        throw new Error('Expected pages of the first kind in a data file, found others.');
      if (dictionary === undefined && data!.encoding !== 'PLAIN') continue;
      const page = meta.codec === 'GZIP' ? gunzipSync(stored) : stored;
      // Before values stands which rows have one, with its length.
      yield textsIn(dictionary === undefined ? page.subarray(4 + page.readUInt32LE(0)) : page);
    }
  }
}

const newline = 10;

/** Takes texts apart that stand one behind the other, each with its length before it. */
function textsIn(page: Buffer): TextPage {
  const places: number[] = [];
  for (let at = 0; at + 4 <= page.length; at = places[places.length - 1]!) {
    const [start, end] = [at + 4, at + 4 + page.readUInt32LE(at)];
    places.push(start, end);
    // A length may look like a letter of the text before it.
    page.fill(newline, at, start);
  }
  return {
    whole: page.toString('latin1'),
    *each() {
      for (let at = 0; at < places.length; at += 2) yield page.toString('utf8', places[at], places[at + 1]);
    },
  };
}
