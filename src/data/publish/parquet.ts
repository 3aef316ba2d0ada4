import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { writeTwin } from './twin.ts';

/**
 * Writes the rows of a query as a Parquet file below `folder`, with its script twin registered below `prefix`. The name ends
 * with a checksum of the content: a page with an older index, or a browser with an older file, never takes the one for the other.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  place: { folder: string; prefix: string; name: string },
  select: string,
  groupRows: number,
): Promise<{ file: string; bytes: number }> {
  const { folder, prefix, name } = place;
  const unnamed = join(folder, `${name}.parquet`);
  const quoted = unnamed.replaceAll("'", "''");
  await connection.run(
    `COPY (${select}) TO '${quoted}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${groupRows}, PARQUET_VERSION v2)`,
  );
  const bytes = readFileSync(unnamed);
  const named = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
  renameSync(unnamed, join(folder, `${named}.parquet`));
  writeTwin(folder, prefix, named, bytes);
  return { file: `${named}.parquet`, bytes: bytes.length };
}
