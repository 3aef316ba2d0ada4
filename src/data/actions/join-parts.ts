import type { DuckDBConnection } from '@duckdb/node-api';
import { type ActionRow, joinRows, type PartRow } from './row.ts';

/** Where a row stands among all: by its time, and of one time by its place in the log. */
export interface RowPlace {
  atUs: number;
  ordinal: number;
}

/** Streams the lines of actions in their order and hands over one row for each action; `ids` are those wanted. */
export async function joinedRows(
  connection: DuckDBConnection,
  given: {
    names: readonly string[];
    ids: readonly string[] | undefined;
    stampOf(stamp: number): Partial<ActionRow>;
  },
  add: (row: PartRow) => void,
): Promise<void> {
  const { names, ids, stampOf } = given;
  const wanted =
    ids === undefined
      ? ''
      : `WHERE actionId IN (${ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')})`;
  const result = await connection.stream(
    `SELECT stamp, ${names.join(', ')} FROM parts ${wanted} ORDER BY actionId, atUs, ordinal`,
  );
  let group: PartRow[] = [];
  const emit = () => {
    const [first] = group;
    if (first !== undefined) add({ ...joinRows(group), actionId: first.actionId, ordinal: first.ordinal });
    group = [];
  };
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const values of chunk.getRows()) {
      const own = Object.fromEntries(names.map((name, at) => [name, values[at + 1]]));
      const row = { ...own, ...stampOf(values[0] as number) } as unknown as PartRow;
      if (group[0] !== undefined && group[0].actionId !== row.actionId) emit();
      group.push(row);
    }
  }
  emit();
}
