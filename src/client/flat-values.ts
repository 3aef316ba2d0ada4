import type { ColumnMetaData, RowGroup } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { deltaNumbers } from './delta-numbers.ts';
import { type FlatColumn, type FlatPage, flatColumn, type OpenedParquet } from './flat-pages.ts';
import { freeBuffer } from './free-buffer.ts';

/** Columns that lie no further apart than this are fetched at once. */
const nearBytes = 1 << 18;

/**
 * Columns of the rows [start, end) of a file that is packed by gzip: texts as the UTF-8 that they are, times as
 * microseconds, null where there is no value.
 */
export async function flatValues(
  { file, metadata }: OpenedParquet,
  names: readonly string[] | undefined,
  start: number,
  end: number,
): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  let first = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const [from, to] = [Math.max(start - first, 0), Math.min(end - first, rows)];
    if (from < to) {
      const metas = metasOf(group, names);
      const bytesOf = await columnBytes(file, metas);
      for (const meta of metas) {
        const bytes = await bytesOf(meta);
        const column = await flatColumn(bytes, meta);
        // What is unpacked stands elsewhere by now.
        if (meta.codec === 'GZIP') freeBuffer(bytes);
        if (column === undefined) throw new Error('a data file is written in another way than it should be');
        const values = column.pages.flatMap((page) => rowsOf(column, page)).slice(from, to);
        const name = meta.path_in_schema[0]!;
        found[name] = found[name]?.concat(values) ?? values;
      }
    }
    first += rows;
  }
  return found;
}

function metasOf({ columns }: RowGroup, names: readonly string[] | undefined): ColumnMetaData[] {
  const metas = columns.flatMap(({ meta_data }) => meta_data ?? []);
  return names === undefined ? metas : metas.filter((meta) => names.includes(meta.path_in_schema[0]!));
}

/** Where the bytes of a column lie. */
export function placeOf(meta: ColumnMetaData): [start: number, end: number] {
  const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
  return [start, start + Number(meta.total_compressed_size)];
}

/** One piece of the file for columns that stand together, else one for each. */
async function columnBytes(
  file: OpenedParquet['file'],
  metas: readonly ColumnMetaData[],
): Promise<(meta: ColumnMetaData) => ArrayBuffer | Promise<ArrayBuffer>> {
  const places = metas.map(placeOf);
  const from = Math.min(...places.map(([start]) => start));
  const to = Math.max(...places.map(([, end]) => end));
  const wanted = places.reduce((sum, [start, end]) => sum + end - start, 0);
  if (to - from > wanted + nearBytes) return async (meta) => file.slice(...placeOf(meta));
  const piece = await file.slice(from, to);
  return (meta) => {
    const [start, end] = placeOf(meta);
    return piece.slice(start - from, end - from);
  };
}

/** The values of a page, row by row. */
function rowsOf(column: FlatColumn, page: FlatPage): unknown[] {
  const values = valuesOf(column, page);
  const { defined, rows } = page;
  if (defined === undefined) return Array.from(values);
  let at = 0;
  return Array.from({ length: rows }, (_, row) => (defined[row] === 1 ? values[at++] : null));
}

function valuesOf(
  { type, dictionary }: FlatColumn,
  { encoding, reader, count }: FlatPage,
): ArrayLike<unknown> {
  if (encoding === 'DELTA_BINARY_PACKED') {
    const numbers = deltaNumbers({ ...reader }, count);
    if (numbers !== undefined) return numbers;
    const large = new BigInt64Array(count);
    deltaBinaryUnpack(reader, count, large);
    return Array.from(large, Number);
  }
  if (encoding !== 'RLE_DICTIONARY' || dictionary === undefined) {
    const values = readPlain(reader, type, count, undefined);
    return type === 'INT64' ? Array.from(values, Number) : values;
  }
  const texts = readPlain({ ...dictionary.reader }, type, dictionary.count, undefined);
  const numbers = new Uint32Array(count);
  const width = count === 0 ? 0 : reader.view.getUint8(reader.offset);
  const inside = { view: reader.view, offset: reader.offset + 1 };
  if (width > 0) readRleBitPackedHybrid(inside, width, numbers, reader.view.byteLength - inside.offset);
  return Array.from(numbers, (number) => texts[number]);
}
