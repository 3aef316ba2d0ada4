import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { QueryDatabase } from '../../../collector/operations/query/database.ts';
import { indexedRows } from '../../../collector/operations/query/indexed-rows.ts';
import { queryBook } from '../../../collector/operations/query/query.ts';
import type { Row } from '../../../collector/operations/query/rows.ts';
import { columnsOf } from '../../../collector/operations/query/views.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

const all = columnsOf('actions').map(([name]) => name);

/** What a question needs, by view. */
async function needsOf(sql: string) {
  const database = await QueryDatabase.open();
  try {
    const needs = await database.needsOf(sql);
    return needs === undefined ? undefined : Object.fromEntries(needs);
  } finally {
    database.close();
  }
}

describe('what a question needs', () => {
  it.each<[string, Record<string, readonly string[]>]>([
    ['SELECT type, count(*) FROM actions GROUP BY ALL', { actions: ['type'] }],
    ['SELECT count(*) FROM actions', { actions: [] }],
    ['FROM actions', { actions: all }],
    ['SELECT count(*) FROM (SELECT DISTINCT * FROM actions)', { actions: all }],
    ['SELECT count(a) FROM actions a', { actions: all }],
    [
      "WITH x AS (FROM actions) SELECT type FROM x WHERE status = 'failed' ORDER BY time",
      { actions: ['time', 'type', 'status'] },
    ],
    [
      'SELECT r.name FROM runs r WHERE EXISTS (SELECT 1 FROM actions a WHERE a.run = r.run)',
      { runs: ['run', 'name'], actions: ['run'] },
    ],
    ['-- all\nSELECT max(time) FROM actions WHERE false', { actions: ['time'] }],
    ['SELECT 1', {}],
  ])('%s', async (sql, needs) => {
    const found = await needsOf(sql);
    const sorted = (given: Record<string, readonly string[]> = {}) =>
      Object.fromEntries(Object.entries(given).map(([view, columns]) => [view, columns.toSorted()]));
    expect(sorted(found)).toEqual(sorted(needs));
  });

  it('is found out without reaching a file, or running anything', async () => {
    const file = join(temporaryFolder(), 'out.csv');
    await needsOf(`SELECT 1; COPY (SELECT 1) TO '${file}'`);
    await needsOf(`COPY (SELECT 1) TO '${file}'`);
    expect(existsSync(file)).toBe(false);
    expect(await needsOf(`SELECT * FROM read_text('${import.meta.filename}')`)).toBeUndefined();
    expect(await needsOf('SELECT nothing FROM actions')).toBeUndefined();
  });
});

const line = (at: string, type: string, status: string, id?: string) =>
  `${JSON.stringify({ snapshot_id: `s${at}${type}`, timestamp: at, action: { type, status, ...(id && { id }) } })}\n`;

it('gives the same rows of actions from the index of the log as from its lines', async () => {
  const root = temporaryBook({
    'snapshots/action_log.jsonl': [
      line('2026-01-01T00:00:00Z', 'a', 'executing', 'one'),
      line('2026-01-01T00:00:01Z', 'b', 'completed'),
      line('2026-01-01T00:00:03Z', 'c', 'failed', 'one'),
      line('2026-01-01T00:00:02Z', 'd', 'completed', 'one'),
      line('2026-01-01T00:00:05Z', 'e', 'executing', 'two'),
      line('2026-01-01T00:00:05Z', 'f', 'completed', 'two'),
      'no line\n',
    ].join(''),
  });
  const atOf = all.indexOf('time');
  for (const sinceUs of [Number.NEGATIVE_INFINITY, Date.parse('2026-01-01T00:00:02Z') * 1000]) {
    const found: unknown[][] = [];
    await indexedRows(
      { root, build: 'x' },
      (atUs) => atUs >= sinceUs,
      (row: Row) => found.push([row[atOf]!, row[all.indexOf('type')], row[all.indexOf('status')]]),
    );
    const sql = 'SELECT epoch_us(time), type, status FROM actions';
    const read = await queryBook(sql, { root, timeoutMs: 30_000, sinceUs }, async ({ pieces }) => {
      const rows: unknown[][] = [];
      for await (const piece of pieces) rows.push(...piece);
      return rows;
    });
    expect(found.sort()).toEqual(read.sort());
  }
});
