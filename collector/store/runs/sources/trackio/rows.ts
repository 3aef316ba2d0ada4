import type { DatabaseSync } from 'node:sqlite';
import { isObject, type JsonObject } from '../../../../base/json/json.ts';
import { parseLenientJson } from '../../../../base/json/lenient.ts';
import { PointsReading } from '../../../../formats/metrics/from-points.ts';
import type { MetricsRecord } from '../../../../formats/metrics/record.ts';
import { plainValues } from '../../../../formats/wandb/values.ts';
import { tablesOf } from '../mlflow/database.ts';

/** A run as the tables of Trackio name it: the first versions knew no ids. */
export interface TrackioRun {
  id: string;
  name: string;
}

/** The tables of a project of Trackio, as far as they tell of runs. */
export class TrackioRows {
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.tables = tablesOf(database);
  }

  /** Whether the database is one of Trackio. */
  get isTrackio(): boolean {
    return ['run_name', 'step', 'metrics', 'timestamp'].every(
      (name) => this.tables.get('metrics')?.has(name) === true,
    );
  }

  runs(): TrackioRun[] {
    const id = this.#idOf('metrics');
    const known = new Map<string, string>();
    const tables = ['metrics', ...(this.tables.has('configs') ? ['configs'] : [])];
    for (const table of tables) {
      const rows = this.#database
        .prepare(`SELECT DISTINCT ${id} AS id, run_name AS name FROM ${table}`)
        .all();
      for (const row of rows) known.set(String(row['id']), String(row['name']));
    }
    return [...known].map(([each, name]) => ({ id: each, name }));
  }

  config(id: string): JsonObject {
    if (!this.tables.has('configs')) return {};
    const row = this.#database
      .prepare(`SELECT config FROM configs WHERE ${this.#idOf('configs')} = ? ORDER BY id DESC LIMIT 1`)
      .get(id);
    return membersIn(row?.['config']);
  }

  metrics(id: string): MetricsRecord {
    const reading = new PointsReading({ steps: ['_step'], time: '_timestamp' });
    const rows = this.#database
      .prepare(`SELECT timestamp, step, metrics FROM metrics WHERE ${this.#idOf('metrics')} = ? ORDER BY id`)
      .iterate(id);
    for (const { timestamp, step, metrics } of rows)
      reading.add({ ...plainValues(membersIn(metrics)), _step: Number(step), _timestamp: String(timestamp) });
    return reading.finish();
  }

  #idOf(table: string): string {
    return this.tables.get(table)?.has('run_id') === true ? 'run_id' : 'run_name';
  }
}

function membersIn(text: unknown): JsonObject {
  const parsed = typeof text === 'string' ? parseLenientJson(text) : undefined;
  return parsed?.ok === true && isObject(parsed.value) ? parsed.value : {};
}
