/** Groups the log of a book with DuckDB, on all cores, columns named; prints milliseconds and peak MiB. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const start = performance.now();
const log = join(process.argv[2]!, 'snapshots', 'action_log.jsonl').replaceAll("'", "''");
const database = await (await DuckDBInstance.create()).connect();
const result = await database.runAndReadAll(
  `SELECT action.type, action.status, count(*) FROM read_json('${log}', format = 'newline_delimited',
   columns = {action: 'STRUCT("type" VARCHAR, status VARCHAR)'}) GROUP BY ALL`,
);
if (result.currentRowCount < 10) throw new Error('too few groups');
console.log(performance.now() - start, process.resourceUsage().maxRSS / 1024);
