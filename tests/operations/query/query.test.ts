import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queryExamples } from '../../../collector/operations/query/examples.ts';
import { exportView } from '../../../collector/operations/query/export.ts';
import { queryBook } from '../../../collector/operations/query/query.ts';
import { columnsOf, viewNames } from '../../../collector/operations/query/views.ts';
import { foreignLine, temporaryBook } from '../../helpers.ts';

const action = (at: string, type: string, status: string, details: unknown = {}, id?: string) => {
  const line = JSON.parse(foreignLine({ at, id: `action_${at}`, type, status, details }));
  return `${JSON.stringify({ ...line, action: { ...line.action, ...(id === undefined ? {} : { id }) } })}\n`;
};

const snapshot = (at: string, health: string, load: number) =>
  JSON.stringify({
    snapshot_type: 'periodic',
    timestamp: at,
    system_state: { health, load, health_reasons: ['because'] },
    modules: [{ name: 'core', state: health }],
  });

function book(): string {
  return temporaryBook({
    'snapshots/action_log.jsonl': [
      action('2026-01-01T00:00:00Z', 'deploy', 'completed', { duration_ms: 20 }),
      action('2026-01-01T00:10:00Z', 'build', 'failed', { module: 'core', result: 'red' }),
      action('2026-01-01T09:00:00Z', 'train', 'executing', {}, 'one'),
      action('2026-01-01T10:00:00Z', 'train', 'completed', {}, 'one'),
      'no line\n',
    ].join(''),
    'snapshots/periodic_20260101_000000.json': snapshot('2026-01-01T00:00:00Z', 'operational', 1),
    'snapshots/periodic_20260102_000000.json': snapshot('2026-01-02T00:00:00Z', 'failing', 5),
    'runs/a/metrics.jsonl':
      '{"timestamp":"2026-01-01T00:00:00Z","step":0,"loss":2}\n{"timestamp":"2026-01-03T00:00:00Z","step":1,"loss":1.5}\n',
    'runs/a/config.json': '{"lr":0.1,"optimizer":"adam"}',
    'runs/b/metrics.jsonl': '{"step":0,"loss":1}\n{"step":1,"loss":"NaN"}\n',
    'results/metadata.json': JSON.stringify({
      id_A: {
        '': {
          '000': {
            status: 'done',
            param_hash: 'x',
            files: { data: '/gone/000/id_A_data.json' },
            timestamp_status_lst: [],
          },
        },
      },
    }),
    'runs/b/config.json': '{"lr":0.2,"optimizer":"sgd"}',
  });
}

async function ask(
  root: string,
  sql: string,
  more: { timeoutMs?: number; signal?: AbortSignal; sinceUs?: number } = {},
) {
  return queryBook(sql, { root, timeoutMs: 30_000, ...more }, async ({ columns, pieces }) => {
    const rows: unknown[][] = [];
    for await (const piece of pieces) rows.push(...piece);
    return { columns, rows };
  });
}

describe('a question', () => {
  it.each(queryExamples)('of the documents is answered: $asks', async ({ sql }) => {
    const { columns, rows } = await ask(book(), sql);
    expect({ columns, rows }).toMatchSnapshot();
  });

  it('of each view gives the columns that are described', async () => {
    const root = book();
    for (const view of viewNames) {
      const { columns } = await ask(root, `FROM ${view}`);
      expect(columns).toEqual(columnsOf(view).map(([name]) => name));
    }
  });

  it('counts an action of several lines once, as it stands now', async () => {
    const { rows } = await ask(book(), 'SELECT type, status, time, line FROM actions ORDER BY time');
    expect(rows).toEqual([
      ['deploy', 'completed', '2026-01-01T00:00:00Z', 1],
      ['build', 'failed', '2026-01-01T00:10:00Z', 2],
      ['train', 'completed', '2026-01-01T10:00:00Z', 4],
    ]);
  });

  it('is narrowed to what happened since', async () => {
    const sinceUs = Date.UTC(2026, 0, 1, 9) * 1000;
    const root = book();
    expect((await ask(root, 'SELECT count(*) FROM actions', { sinceUs })).rows).toEqual([[1]]);
    expect((await ask(root, 'SELECT id FROM snapshots', { sinceUs })).rows).toEqual([
      ['periodic_20260102_000000'],
    ]);
    expect((await ask(root, 'SELECT run, value FROM metrics', { sinceUs })).rows).toEqual([['runs/a', 1.5]]);
  });

  it.each([
    ['SELEC 1', /syntax error at or near "SELEC"/],
    ['SELECT 1; SELECT 2', /one question in SQL, found 2/],
    ['', /one question in SQL, found 0/],
    ['CREATE TABLE t AS SELECT 1', /found something that is none/],
    ['DROP VIEW runs', /found something that is none|does not exist/],
    ["ATTACH 'other.db'", /found something that is none/],
    ['INSTALL httpfs', /found something that is none/],
    ["SET memory_limit = '100GB'", /found something that is none/],
    ["SELECT * FROM read_text('/etc/passwd')", /disabled by configuration/],
    ["SELECT * FROM read_csv('daybook.yaml')", /disabled by configuration/],
    ["SELECT * FROM glob('/*')", /disabled by configuration/],
    ["FROM 'daybook.yaml'", /does not exist/],
    ["COPY (SELECT 1) TO 'out.csv'", /disabled by configuration|found something that is none/],
  ])('that does more than read is refused, or wrong ones told: %s', async (sql, words) => {
    const error = await ask(book(), sql).catch((thrown) => thrown);
    expect(error.message).toMatch(words);
    expect(error.code).toBe('usage');
  });

  it('that names what is not there is told what there is', async () => {
    const error = await ask(book(), 'SELECT typ\nFROM actions').catch((thrown) => thrown);
    expect(error.message).toMatch(/"typ" not found.*\n.*typ\n\s*\^/);
    expect(error.where).toBe('the SQL, line 1');
    expect(error.hint).toMatch(/actions has key, snapshot_id/);
    const other = await ask(book(), 'FROM action').catch((thrown) => thrown);
    expect(other.hint).toMatch(/Did you mean actions\? The views are actions, snapshots/);
  });

  const endless = 'SELECT count(*) FROM range(10000000000) a, range(10000000000) b';

  it('that takes too long is given up', async () => {
    await expect(ask(book(), endless, { timeoutMs: 300 })).rejects.toThrow(/longer than 0.3 s/);
  });

  it('ends when it is interrupted', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(ask(book(), endless, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('that needs too much memory is told so', async () => {
    const sql = "SELECT string_agg(repeat('x', 100000), '') FROM range(100000)";
    await expect(ask(book(), sql)).rejects.toThrow(/memory|limit/i);
  });
});

describe('an export', () => {
  const exported = async (root: string, more: Partial<Parameters<typeof exportView>[0]>) => {
    let text = '';
    const write = (piece: string) => {
      text += piece;
    };
    const rows = await exportView({ root, view: 'actions', format: 'jsonl', plain: false, write, ...more });
    return { rows, text };
  };

  it('as JSON lines keeps the digits of recorded numbers', async () => {
    const root = book();
    const big = foreignLine({ at: '2026-02-01T00:00:00Z', type: 'big' }).replace(
      '"details":{}',
      '"details":{"n":12345678901234567890.10}',
    );
    writeFileSync(join(root, 'snapshots/action_log.jsonl'), `${big}\n`);
    const { text } = await exported(root, {});
    expect(text).toContain('"details":{"n":12345678901234567890.10}');
    expect(JSON.parse(text)).toMatchObject({
      type: 'big',
      time: '2026-02-01T00:00:00Z',
      line: 1,
      error: null,
    });
  });

  it.each(['=1+1', '+1', '-x', '@SUM(A1)', '\tx', '=a"b'])('as CSV shows %j as text', async (type) => {
    const root = temporaryBook({ 'snapshots/action_log.jsonl': `${foreignLine({ type })}\n` });
    const cell = (text: string) => (text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text);
    expect((await exported(root, { format: 'csv' })).text).toContain(`,${cell(`'${type}`)},`);
    expect((await exported(root, { format: 'csv', plain: true })).text).toContain(`,${cell(type)},`);
  });

  it('as CSV never changes a number', async () => {
    const root = temporaryBook({
      'runs/a/metrics.jsonl': '{"step":0,"x":-1.5}\n{"step":1,"x":"-Infinity"}\n',
    });
    const { text } = await exported(root, { view: 'metrics', format: 'csv' });
    expect(text).toBe('run,name,step,time,value\r\nruns/a,x,0,,-1.5\r\nruns/a,x,1,,-Infinity\r\n');
  });

  it('as Parquet is put in place whole', async () => {
    const root = book();
    const path = join(root, 'out.parquet');
    expect((await exported(root, { view: 'snapshots', format: 'parquet', path })).rows).toBe(2);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    const read = await connection.runAndReadAll(`SELECT id, health, reasons FROM '${path}' ORDER BY time`);
    expect(read.getRowsJson()).toEqual([
      ['periodic_20260101_000000', 'operational', ['because']],
      ['periodic_20260102_000000', 'failing', ['because']],
    ]);
  });

  it('that fails leaves nothing, and what was there before', async () => {
    const root = book();
    const path = join(root, 'no/such/folder/out.csv');
    await expect(exported(root, { format: 'csv', path })).rejects.toThrow();
    expect(existsSync(path)).toBe(false);
    const stop = AbortSignal.abort(new Error('enough'));
    writeFileSync(join(root, 'out.csv'), 'before');
    await expect(
      exported(root, { format: 'csv', path: join(root, 'out.csv'), signal: stop }),
    ).rejects.toThrow();
    expect(readFileSync(join(root, 'out.csv'), 'utf8')).toBe('before');
  });
});
