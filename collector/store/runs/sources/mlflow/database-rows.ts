import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { JsonObject } from '../../../../base/json/json.ts';
import { type MetricsRecord, noPoints } from '../../../../formats/metrics/record.ts';
import { type LoggedPoints, seriesOf } from '../../../../formats/mlflow/metric-file.ts';
import { timeUsOf } from '../../../../formats/mlflow/status.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { tablesOf } from './database.ts';
import type { Experiment } from './evidence.ts';
import { datasetArtifact } from './links.ts';

type Row = Record<string, SQLOutputValue>;

/** Asks a database of MLflow, of whatever version: what its tables do not have is not there. */
export class DatabaseRows {
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.tables = tablesOf(database);
  }

  /** The rows of all runs, as members like those of a meta.yaml. Ids may have more digits than a number holds. */
  runs(): JsonObject[] {
    return this.#all(`SELECT ${this.#columns('runs')} FROM runs`).map((row) => ({
      ...(row as JsonObject),
    }));
  }

  /** Experiments by their ids. */
  experiments(): Map<string, Experiment> {
    if (!this.tables.has('experiments')) return new Map();
    const rows = this.#all(`SELECT ${this.#columns('experiments')} FROM experiments`);
    return new Map(
      rows.map(({ experiment_id: id, name, lifecycle_stage }) => [
        String(id),
        {
          name: typeof name === 'string' && name !== '' ? name : String(id),
          isDeleted: lifecycle_stage === 'deleted',
          tags: this.#texts('experiment_tags', 'CAST(experiment_id AS TEXT)', String(id)),
        },
      ]),
    );
  }

  params(run: string): Map<string, string> {
    return this.#texts('params', 'run_uuid', run);
  }

  tags(run: string): Map<string, string> {
    return this.#texts('tags', 'run_uuid', run);
  }

  /** All series of a run. NaN has a column of its own. */
  metrics(run: string): MetricsRecord {
    const record: MetricsRecord = noPoints();
    const columns = this.tables.get('metrics');
    if (columns === undefined) return record;
    const step = columns.has('step') ? 'step' : 'NULL';
    const isNan = columns.has('is_nan') ? 'is_nan' : '0';
    const byName = new Map<string, LoggedPoints>();
    for (const row of this.#all(
      `SELECT key, value, timestamp, ${step} AS step, ${isNan} AS is_nan FROM metrics WHERE run_uuid = ? ORDER BY timestamp, ${step}, rowid`,
      run,
    )) {
      const name = String(row['key']);
      let points = byName.get(name);
      if (points === undefined) {
        points = { values: [], timesUs: [], steps: [] };
        byName.set(name, points);
      }
      const atUs = typeof row['timestamp'] === 'number' ? timeUsOf(row['timestamp']) : undefined;
      points.values.push(row['is_nan'] ? Number.NaN : Number(row['value']));
      points.timesUs.push(atUs);
      points.steps.push(typeof row['step'] === 'number' ? row['step'] : undefined);
      record.lines += 1;
      record.firstAtUs ??= atUs;
      record.lastAtUs = atUs ?? record.lastAtUs;
    }
    for (const name of [...byName.keys()].sort()) record.series.set(name, seriesOf(name, byName.get(name)!));
    return record;
  }

  /** The datasets that a run says it used. */
  datasets(run: string): RunArtifact[] {
    if (!['datasets', 'inputs'].every((name) => this.tables.has(name))) return [];
    const context = this.tables.has('input_tags')
      ? "(SELECT value FROM input_tags t WHERE t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context')"
      : 'NULL';
    const rows = this.#all(
      `SELECT ${this.#columns('datasets', 'd.')}, ${context} AS context FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id WHERE i.destination_id = ? ORDER BY d.name`,
      run,
    );
    return rows.map(({ context: usedFor, ...row }) =>
      datasetArtifact(row as JsonObject, typeof usedFor === 'string' ? usedFor : undefined),
    );
  }

  /** All columns of a table; ids of experiments as texts, because they may have more digits than a number holds. */
  #columns(table: string, of = ''): string {
    const quoted = [...this.tables.get(table)!].map((name) => `"${name.replaceAll('"', '""')}"`);
    return quoted
      .map((name) => (name === '"experiment_id"' ? `CAST(${of}${name} AS TEXT) AS ${name}` : `${of}${name}`))
      .join(', ');
  }

  #texts(table: string, column: string, id: string): Map<string, string> {
    if (!this.tables.has(table)) return new Map();
    const rows = this.#all(`SELECT key, value FROM ${table} WHERE ${column} = ? ORDER BY key`, id);
    return new Map(rows.map(({ key, value }) => [String(key), String(value ?? '')]));
  }

  #all(sql: string, ...values: string[]): Row[] {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }
}
