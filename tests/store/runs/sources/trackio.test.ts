import { describe, expect, it } from 'vitest';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { readBook } from '../../../run-books.ts';
import { trackioDatabase, trackioTables } from '../../../trackio-database.ts';

describe('a database of Trackio', () => {
  it('is a run for each of its runs: curves, parameters, project', async () => {
    const { root, runs, findings } = await readBook({ '.trackio/demo.db': trackioDatabase() });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: '.trackio/demo.db/r1',
        name: 'brave-cat',
        identifier: 'demo',
        status: 'unknown',
        startedAtUs: Date.parse('2026-01-02T03:04:05Z') * 1000,
        params: { lr: 0.1 },
        metrics: { loss: 0.25, odd: Number.NaN },
        origin: {
          facts: [
            ['Project', 'demo'],
            ['Group', 'g'],
            ['Trackio run', 'r1'],
          ],
        },
      },
    ]);
    expect(JSON.stringify(runs)).not.toContain('ada');
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(series.map(({ name, steps, values }) => [name, steps, values])).toEqual([
      ['loss', [0, 5], [0.5, 0.25]],
      ['odd', [5], [Number.NaN]],
    ]);
  });

  it('is read as the first versions wrote it, and is a note where it is of another program', async () => {
    const then = trackioTables
      .replace(/run_id TEXT NOT NULL, /g, '')
      .replace('UNIQUE(run_id)', 'UNIQUE(run_name)');
    const { runs, findings } = await readBook({
      'a/trackio/old.db': trackioDatabase(
        `${then} INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES ('2025-01-02T03:04:05', 'first', 1, '{"acc": 1}');`,
      ),
      'b/trackio/x.db': trackioDatabase('CREATE TABLE other (id INTEGER);'),
      'c/trackio/x.db': 'no database, but a text',
    });
    expect(runs).toMatchObject([{ key: 'a/trackio/old.db/first', name: 'first', metrics: { acc: 1 } }]);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([
      ['wrong-schema', 'b/trackio/x.db'],
      ['unreadable', 'c/trackio/x.db'],
    ]);
  });
});
