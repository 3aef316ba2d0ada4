import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { oneRun, tablesNow, tablesThen, writeMlflowDatabase } from '../../../mlflow-database.ts';
import { putFile, runId } from '../../../mlflow-store.ts';

async function read(root: string) {
  const findings: Finding[] = [];
  const runs = await readRuns(root, {}, (finding) => findings.push(finding));
  return { runs: runs.sort((a, b) => (a.key < b.key ? -1 : 1)), findings };
}

function bookWith(sql: string): string {
  const root = temporaryBook();
  mkdirSync(join(root, 'ml'));
  writeMlflowDatabase(join(root, 'ml/mlflow.db'), sql);
  return root;
}

const id = runId(1);
const points = (rows: string) => `INSERT INTO metrics VALUES ${rows};`;

describe('an mlflow.db', () => {
  it('is a run for each of its runs, with curves, tags, parents and the artifacts that lie in the book', async () => {
    const root = bookWith(
      `${tablesNow}${oneRun}${points(`('loss', 1.5, 1704117114000, '${id}', 1, 0), ('loss', 0.5, 1704117115000, '${id}', 2, 0), ('odd', 0, 1704117115000, '${id}', 0, 1)`)}
      INSERT INTO tags VALUES ('team', 'vision', '${id}'), ('mlflow.source.git.commit', 'c0ffee', '${id}');
      INSERT INTO runs VALUES ('${runId(2)}', 'child', '', '', 'ada', 'FAILED', 1704117113860, 1704117113960, '', 'active', '', 749985226233759206);
      INSERT INTO experiments VALUES (749985226233759206, 'Sweep', '', 'active');
      INSERT INTO tags VALUES ('mlflow.parentRunId', '${id}', '${runId(2)}');`,
    );
    putFile(root, `ml/mlruns/0/${id}/artifacts/plot.txt`, 'plot');
    const before = [readdirSync(join(root, 'ml')), readFileSync(join(root, 'ml/mlflow.db')).toString('hex')];
    const { runs, findings } = await read(root);
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: `ml/mlflow.db/${id}`,
        name: 'bold-fox-1',
        identifier: 'ml/Default',
        status: 'completed',
        statusFrom: 'mlflow-db',
        params: { lr: 0.1 },
        metrics: { loss: 0.5, odd: Number.NaN },
        tags: ['team=vision'],
        origin: { commit: 'c0ffee' },
        artifacts: [{ id: 'plot.txt', file: `ml/mlruns/0/${id}/artifacts/plot.txt`, bytes: 4 }],
      },
      {
        name: 'child',
        identifier: 'ml/Sweep',
        status: 'failed',
        parents: [{ key: `ml/mlflow.db/${id}`, kind: 'sweep' }],
      },
    ]);
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(series.map(({ name, steps, values }) => [name, steps, values])).toEqual([
      ['loss', [1, 2], [1.5, 0.5]],
      ['odd', [0], [Number.NaN]],
    ]);
    // Reading leaves no trace.
    expect([readdirSync(join(root, 'ml')), readFileSync(join(root, 'ml/mlflow.db')).toString('hex')]).toEqual(
      before,
    );
  });

  it('is read in the shape of old versions, too', async () => {
    const root = bookWith(
      `${tablesThen}${oneRun}${points(`('loss', 1.5, 1543881218, '${id}'), ('loss', 0.5, 1543881219, '${id}')`)}`,
    );
    const { runs, findings } = await read(root);
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([{ metrics: { loss: 0.5 }, series: [{ name: 'loss', count: 2 }] }]);
  });

  it('is read with what its writer has not put into it yet, and while it is locked', async () => {
    const root = bookWith(`PRAGMA journal_mode = WAL; ${tablesNow}${oneRun}`);
    const writer = new DatabaseSync(join(root, 'ml/mlflow.db'));
    try {
      writer.exec(`PRAGMA wal_autocheckpoint = 0; INSERT INTO params VALUES ('late', '7', '${id}');`);
      writer.exec('BEGIN IMMEDIATE');
      expect((await read(root)).runs).toMatchObject([{ params: { lr: 0.1, late: 7 } }]);
    } finally {
      writer.close();
    }
  });

  it('that is no database, or another program’s, is a finding', async () => {
    const other = bookWith('CREATE TABLE songs (name TEXT);');
    expect(await read(other)).toMatchObject({
      runs: [],
      findings: [{ code: 'wrong-schema', file: 'ml/mlflow.db' }],
    });
    const none = temporaryBook();
    putFile(none, 'mlflow.db', 'this is no database, and long enough to be taken for one'.repeat(20));
    expect(await read(none)).toMatchObject({
      runs: [],
      findings: [{ code: 'unreadable', file: 'mlflow.db' }],
    });
  });
});
