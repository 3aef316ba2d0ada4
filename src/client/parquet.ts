import {
  type AsyncBuffer,
  type FileMetaData,
  type ParquetReadOptions,
  parquetMetadataAsync,
  parquetRead,
  snappyUncompress,
} from 'hyparquet';
import type { DataFiles } from './data-files.ts';
import type { Scratch } from './scratch.ts';

/** A Parquet file whose end has been read: which columns there are, and where. */
export interface OpenedParquet {
  file: AsyncBuffer;
  metadata: FileMetaData;
}

/** Values of one column in the order of the rows. */
export type ColumnValues = ArrayLike<unknown> & { map: Array<unknown>['map'] } & Iterable<unknown>;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Times come as microseconds since 1970, and texts with all that they begin with. */
const parsers = {
  timestampFromMicroseconds: (micros: bigint) => Number(micros) as never,
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes && decoder.decode(bytes)) as never,
};
const bytesParsers = { ...parsers, stringFromBytes: (bytes: Uint8Array | undefined) => bytes as never };

/** Opens a published Parquet file; only its end is read. */
export async function openParquet(
  files: DataFiles,
  { file: name, bytes }: { file: string; bytes: number },
): Promise<OpenedParquet> {
  const file = await files.open(name, bytes);
  return { file, metadata: await parquetMetadataAsync(file, { parsers, initialFetchSize: 32_768 }) };
}

/** Opens one of which everything will be read: it travels at once and not piece by piece. */
export function openWhole(files: DataFiles, file: { file: string; bytes: number }): Promise<OpenedParquet> {
  const whole = {
    ...files,
    async open(name: string, bytes: number) {
      const buffer = await (await files.open(name, bytes)).slice(0, bytes);
      return {
        byteLength: buffer.byteLength,
        slice: (start: number, end?: number) => buffer.slice(start, end),
      };
    },
  };
  return openParquet(whole, file);
}

/** Columns of the rows [start, end) of a file as arrays. */
export function readColumns(
  opened: OpenedParquet,
  columns: string[] | undefined,
  start: number,
  end: number,
): Promise<Record<string, ColumnValues>> {
  return read(opened, columns, [start, end], { parsers });
}

/** The same where texts stay the bytes that they are, UTF-8: views into `scratch`, good until it is reset. */
export function readBytes(
  opened: OpenedParquet,
  columns: string[],
  [start, end]: [number, number],
  scratch: Scratch,
): Promise<Record<string, ColumnValues>> {
  const SNAPPY = (packed: Uint8Array, length: number) => {
    const bytes = scratch.take(length);
    snappyUncompress(packed, bytes);
    return bytes;
  };
  return read(opened, columns, [start, end], { parsers: bytesParsers, compressors: { SNAPPY } });
}

async function read(
  { file, metadata }: OpenedParquet,
  columns: string[] | undefined,
  [start, end]: [number, number],
  how: Partial<Pick<ParquetReadOptions, 'parsers' | 'compressors'>>,
): Promise<Record<string, ColumnValues>> {
  const parts = new Map<string, unknown[]>();
  await parquetRead({
    file,
    metadata,
    ...how,
    rowStart: start,
    rowEnd: end,
    ...(columns === undefined ? {} : { columns }),
    onChunk({ columnName, columnData, rowStart, rowEnd }) {
      const values = parts.get(columnName) ?? new Array(end - start);
      parts.set(columnName, values);
      const from = Math.max(start, rowStart);
      const to = Math.min(end, rowEnd);
      for (let row = from; row < to; row++) values[row - start] = columnData[row - rowStart];
    },
  });
  return Object.fromEntries(parts);
}
