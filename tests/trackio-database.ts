import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The tables of Trackio that tell of runs, as it makes them; the first versions had no run_id. */
export const trackioTables = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
  step INTEGER NOT NULL, metrics TEXT NOT NULL);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL,
  created_at TEXT NOT NULL, UNIQUE(run_id));
`;

const oneRun = `
INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES
  ('r1', '2026-01-02T03:04:05+00:00', 'brave-cat', 0, '{"loss": 0.5}'),
  ('r1', '2026-01-02T03:04:06+00:00', 'brave-cat', 5, '{"loss": 0.25, "odd": "NaN", "pic": {"_type": "trackio.image", "width": 5}}');
INSERT INTO configs (run_id, run_name, config, created_at) VALUES
  ('r1', 'brave-cat', '{"lr": 0.1, "_Username": "ada", "_Group": "g"}', '2026-01-02T03:04:04+00:00');
`;

/** The bytes of a database of Trackio; of one with a run in it, if nothing else is said. */
export function trackioDatabase(sql = trackioTables + oneRun): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'trackio-'));
  const path = join(folder, 'demo.db');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}
