import { join } from 'node:path';
import { messageOf } from '../../../../base/errors.ts';
import type { JsonObject } from '../../../../base/json/json.ts';
import { showText } from '../../../../base/show.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { runMeta } from '../../../../formats/mlflow/meta.ts';
import type { Evidence, RunSource } from '../../../../runs/evidence.ts';
import { lastPartOf } from '../../../../runs/key.ts';
import { troubleOf } from '../../../ledger/sqlite.ts';
import { artifactFolder } from './artifact-folder.ts';
import { databaseFiles, withDatabase } from './database.ts';
import { DatabaseRows } from './database-rows.ts';
import { mlflowEvidence } from './evidence.ts';
import { filesAttached } from './files-attached.ts';

/** mlflow.db: the database in which MLflow keeps runs since version 3, or was told to before. */
export const mlflowDatabaseSource: RunSource = {
  name: 'mlflow-db',
  registers: true,
  claims: (path) => /(?:mlflow|mlruns)[^/]*\.(?:db|sqlite3?)$/i.test(lastPartOf(path)),
  filesOf: databaseFiles,
  ofFileAlone: true,
  async read(path, { root, report }) {
    try {
      return withDatabase(join(root, path), (database) =>
        evidenceIn(new DatabaseRows(database), path, root, report),
      );
    } catch (error) {
      report(unreadable(path, error));
      return [];
    }
  },
  values: async (path, key, root) =>
    withDatabase(join(root, path), (database) => new DatabaseRows(database).metrics(lastPartOf(key))),
};

function evidenceIn(
  rows: DatabaseRows,
  path: string,
  root: string,
  report: (finding: Finding) => void,
): Evidence[] {
  if (rows.tables.get('runs')?.has('run_uuid') !== true) {
    report({
      code: 'wrong-schema',
      severity: 'note',
      file: path,
      expected: 'a database of MLflow, with a table of runs',
      found: `one with ${rows.tables.size === 0 ? 'no tables' : showText([...rows.tables.keys()].slice(0, 5).join(', '))}`,
      hint: 'Nothing needs to be done if it is of another program.',
    });
    return [];
  }
  const experiments = rows.experiments();
  return rows.runs().map((raw) => evidenceOf(rows, raw, experiments, path, root));
}

function evidenceOf(
  rows: DatabaseRows,
  raw: JsonObject,
  experiments: ReturnType<DatabaseRows['experiments']>,
  path: string,
  root: string,
): Evidence {
  const meta = runMeta(raw);
  const id = meta.id ?? '';
  const experimentId = meta.experimentId ?? '0';
  const experiment = experiments.get(experimentId) ?? {
    name: experimentId,
    isDeleted: false,
    tags: new Map(),
  };
  const folder = artifactFolder(root, path, meta.artifacts);
  const evidence = mlflowEvidence({
    source: 'mlflow-db',
    file: path,
    store: path,
    id,
    meta,
    experiment,
    params: rows.params(id),
    tags: rows.tags(id),
    metrics: rows.metrics(id),
    artifacts: [...rows.datasets(id), ...(folder === undefined ? [] : filesAttached(root, folder))],
  });
  // A database can hold more points than memory does: they are read where they are shown.
  evidence.says.values = undefined;
  // Nothing else lies in a folder of that name: the database is a file.
  const key = `${path}/${id}`;
  const isDeleted = meta.isDeleted || experiment.isDeleted;
  return {
    ...evidence,
    folder: key,
    prefix: '',
    registered: { key, identifier: evidence.says.group!, uid: id },
    ...(isDeleted ? { deleted: true } : {}),
  };
}

function unreadable(path: string, error: unknown): Finding {
  const isDamaged = troubleOf(error) === 'damaged';
  return {
    code: 'unreadable',
    severity: 'warning',
    file: path,
    expected: 'a database of MLflow (SQLite)',
    found: showText(messageOf(error), 160),
    hint: isDamaged
      ? 'Its runs are not shown. If it is one, sqlite3 may recover it: .recover'
      : 'Its runs are not shown; check who may read it, and try again when nobody writes it.',
  };
}
