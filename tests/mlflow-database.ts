import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runId } from './mlflow-store.ts';

/** The tables of MLflow 2 and 3, as far as they tell of runs. */
export const tablesNow = `
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
CREATE TABLE experiment_tags (key TEXT, value TEXT, experiment_id INTEGER);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, source_type TEXT, source_name TEXT, user_id TEXT, status TEXT,
  start_time BIGINT, end_time BIGINT, source_version TEXT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
`;

/** Before version 1 metrics had neither steps nor NaN, and experiments no tags. */
export const tablesThen = tablesNow
  .replace(/CREATE TABLE experiment_tags .*;\n/, '')
  .replace(', step BIGINT, is_nan BOOLEAN', '');

/** One run with a metric, as SQL. */
export const oneRun = `
INSERT INTO experiments VALUES (0, 'Default', './mlruns/0', 'active');
INSERT INTO runs VALUES ('${runId(1)}', 'bold-fox-1', 'LOCAL', 'train.py', 'ada', 'FINISHED', 1704117113860, 1704121208700, '',
  'active', './mlruns/0/${runId(1)}/artifacts', 0);
INSERT INTO params VALUES ('lr', '0.1', '${runId(1)}');
`;

/** Writes a database of MLflow. */
export function writeMlflowDatabase(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** The bytes of one with a run in it. */
export function mlflowDatabase(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-'));
  try {
    writeMlflowDatabase(join(folder, 'x.db'), tablesNow + oneRun);
    return readFileSync(join(folder, 'x.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
