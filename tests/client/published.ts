import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DataFiles } from '../../src/client/data-files.ts';
import { cutRows, type NumberedCut } from '../../src/data/actions/cuts.ts';
import { actionFacts } from '../../src/data/actions/facts.ts';
import { LineTable } from '../../src/data/actions/line-table.ts';
import { publishActions } from '../../src/data/actions/publish.ts';
import type { ActionRow } from '../../src/data/actions/row.ts';
import { rowOrder } from '../../src/data/actions/row-order.ts';
import { ShardFiles } from '../../src/data/actions/shard-files.ts';
import { parseJson } from '../../src/data/browser.ts';

/** Published files read from a folder of the disk, as a page reads them from a server. */
export interface FilesOnDisk extends DataFiles {
  /** Names in the order in which they were asked for. */
  asked: string[];
  /** Names whose reading fails. */
  broken: Set<string>;
  /** Whatever is asked for comes only after this. */
  gate: Promise<void>;
}

/** The published files below `folder`. */
export function filesOnDisk(folder: string): FilesOnDisk {
  const read = async (name: string): Promise<Buffer> => {
    files.asked.push(name);
    await files.gate;
    if (files.broken.has(name)) throw new Error(`${name}: the server answered 500`);
    return readFileSync(join(folder, name));
  };
  const files: FilesOnDisk = {
    asked: [],
    broken: new Set(),
    gate: Promise.resolve(),
    json: async (name) => parseJson((await read(`${name}.json`)).toString()),
    packedJson: async (name) => parseJson(gunzipSync(await read(`${name}.json.gz`)).toString()),
    packedNumbers: async (name) => JSON.parse(gunzipSync(await read(`${name}.json.gz`)).toString()),
    async open(name, bytes) {
      const { buffer, byteOffset, byteLength } = await read(name);
      if (byteLength !== bytes) throw new Error(`${name} has ${byteLength} B, its index says ${bytes}`);
      const whole = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
      return { byteLength, slice: (start, end) => whole.slice(start, end) };
    },
  };
  return files;
}

/** Publishes actions as the build does, but in shards of few rows. */
export async function publishRows(
  folder: string,
  rows: readonly ActionRow[],
  sizes: { shardRows: number; groupRows: number },
): Promise<void> {
  const table = new LineTable();
  for (const [at, row] of rows.entries())
    table.add({ ...row, offset: at, lengthBytes: 0, crc: at, stamp: row, actionId: undefined });
  const order = rowOrder(table);
  const actions = { table, order, row: (lines: ArrayLike<number>) => rows[lines[0]!]! };
  const facts = actionFacts(actions, { lines: rows.length, repeated: 0, broken: 0 });
  // Shards that are full and no others: tests say which rows lie in which.
  const cuts = cutRows(table, order, { ...sizes, leastRows: sizes.shardRows, openRows: 2 * sizes.shardRows });
  const write = async (wanted: readonly NumberedCut[]) =>
    wanted.map(({ cut: { start, count }, number }) => {
      const files = new ShardFiles(sizes.groupRows);
      for (const line of order.rows.subarray(start, start + count)) files.add(rows[line]!);
      return files.write(folder, number, start);
    });
  await publishActions(folder, cuts, facts, {
    groupRows: sizes.groupRows,
    shards: { ahead: new Map(), write },
  });
}

/** One line of a log; `given` overrides. */
export function actionRow(given: Partial<ActionRow>): ActionRow {
  return {
    atUs: 1_000_000,
    type: 'build',
    status: 'completed',
    run: null,
    writer: 'gpu-3',
    took: null,
    key: 'action',
    summary: '',
    word: 'completed',
    wordFrom: 'action.status',
    endable: true,
    zoneless: false,
    started: null,
    ended: null,
    error: null,
    source: null,
    details: '{}',
    extra: null,
    file: 'snapshots/action_log.jsonl',
    line: 1,
    history: null,
    ...given,
  };
}
