import { type ParquetReadOptions, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { DataFiles } from './data-files.ts';
import type { OpenedParquet } from './flat-pages.ts';
import { flatValues } from './flat-values.ts';
import { freeBuffer } from './free-buffer.ts';

export type { OpenedParquet } from './flat-pages.ts';

/** Values of one column in the order of the rows. */
export type ColumnValues = ArrayLike<unknown> & { map: Array<unknown>['map'] } & Iterable<unknown>;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Times come as microseconds since 1970, and texts with all that they begin with. */
const parsers = {
  timestampFromMicroseconds: (micros: bigint) => Number(micros) as never,
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes && decoder.decode(bytes)) as never,
};
const bytesParsers = { ...parsers, stringFromBytes: (bytes: Uint8Array | undefined) => bytes as never };

/** Files up to this size are read whole: asking for their parts would take longer. */
const smallBytes = 65_536;

/** Opens a published Parquet file; only its end is read, or all of it where it is small. */
export async function openParquet(
  files: DataFiles,
  { file: name, bytes }: { file: string; bytes: number },
): Promise<OpenedParquet> {
  if (bytes <= smallBytes) return openWhole(files, { file: name, bytes });
  return opened(files, { file: name, bytes });
}

async function opened(
  files: DataFiles,
  { file: name, bytes }: { file: string; bytes: number },
): Promise<OpenedParquet> {
  const file = await files.open(name, bytes);
  return { file, metadata: await parquetMetadataAsync(file, { parsers, initialFetchSize: 32_768 }) };
}

/** Opens one of which everything will be read: it travels at once and not piece by piece. */
export async function openWhole(
  files: DataFiles,
  file: { file: string; bytes: number },
): Promise<OpenedParquet> {
  let whole: ArrayBuffer | undefined;
  const here = {
    ...files,
    async open(name: string, bytes: number) {
      const buffer = await (await files.open(name, bytes)).slice(0, bytes);
      whole = buffer;
      return {
        byteLength: buffer.byteLength,
        slice: (start: number, end?: number) => buffer.slice(start, end),
      };
    },
  };
  return { ...(await opened(here, file)), free: () => whole && freeBuffer(whole) };
}

/** Columns of the rows [start, end) of a file as arrays. */
export async function readColumns(
  opened: OpenedParquet,
  columns: string[] | undefined,
  start: number,
  end: number,
): Promise<Record<string, ColumnValues>> {
  if (isFlat(opened)) {
    const read = await flatValues(opened, columns, start, end);
    // Rows with the same text share its bytes.
    const known = new Map<Uint8Array, string>();
    const text = (value: unknown) => {
      if (!(value instanceof Uint8Array)) return value;
      const decoded = known.get(value) ?? decoder.decode(value);
      known.set(value, decoded);
      return decoded;
    };
    return Object.fromEntries(Object.entries(read).map(([name, values]) => [name, values.map(text)]));
  }
  return read(opened, columns, [start, end], { parsers });
}

/** The same where texts stay the bytes that they are, UTF-8. */
export function readBytes(
  opened: OpenedParquet,
  columns: string[],
  [start, end]: [number, number],
): Promise<Record<string, ColumnValues>> {
  return isFlat(opened)
    ? flatValues(opened, columns, start, end)
    : read(opened, columns, [start, end], { parsers: bytesParsers });
}

/** Whether a file is one of those that our builds write themselves, which the browser unpacks. */
function isFlat({ metadata }: OpenedParquet): boolean {
  return metadata.created_by === 'daybook';
}

async function read(
  { file, metadata }: OpenedParquet,
  columns: string[] | undefined,
  [start, end]: [number, number],
  how: Pick<ParquetReadOptions, 'parsers'>,
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
