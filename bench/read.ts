import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { timeOf } from './processes.ts';
import { interleave, ms, printRows, timeRow } from './report.ts';

/** Reading a log of a million lines, each reader a process of its own: time against the ndjson package, and memory. */
export async function benchRead(ownBook: string, foreignBook: string): Promise<boolean> {
  const peaks: Record<string, number> = {};
  const run = (script: string, book: string) => {
    const { stdout, status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'peers', script), book],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const [time, peak] = stdout.trim().split(' ').map(Number) as [number, number];
    peaks[script] = Math.max(peaks[script] ?? 0, peak);
    return time;
  };
  const time = await interleave(5, {
    ours: () => run('read-daybook.ts', ownBook),
    ndjson: () => run('read-ndjson.ts', ownBook),
    parse: () => run('read-json-parse.ts', ownBook),
    duckdb: () => run('read-duckdb.ts', ownBook),
    cat: () => timeOf('sh', ['-c', `cat '${logOf(ownBook)}' >/dev/null`]),
    count: () => timeOf('wc', ['-l', logOf(ownBook)]),
    sum: () => timeOf('sha256sum', [logOf(ownBook)]),
    oursForeign: () => run('read-daybook.ts', foreignBook),
    ndjsonForeign: () => run('read-ndjson.ts', foreignBook),
  });
  const peak = peaks['read-daybook.ts']!;
  return printRows('Reading 1,000,000 lines and grouping them by type and status (median of 5)', [
    {
      what: "Daybook's own lines, checksums verified",
      ours: ms(time.ours),
      peer: ms(time.ndjson),
      ratio: time.ours / time.ndjson,
      limit: 0.75,
    },
    {
      what: "the original's lines, parsed whole",
      ours: ms(time.oursForeign),
      peer: ms(time.ndjsonForeign),
      ratio: time.oursForeign / time.ndjsonForeign,
    },
    timeRow('our own lines, against JSON.parse for each line', time.ours, time.parse),
    timeRow('the same, against DuckDB on all cores', time.ours, time.duckdb),
    timeRow('the same, against sha256sum', time.ours, time.sum),
    timeRow('the same, against wc -l', time.ours, time.count),
    timeRow('the same, against cat', time.ours, time.cat),
    { what: 'peak memory, MiB', ours: peak.toFixed(0), peer: '256', ratio: peak / 256, limit: 1 },
  ]);
}

const logOf = (book: string) => join(book, 'snapshots', 'action_log.jsonl');
