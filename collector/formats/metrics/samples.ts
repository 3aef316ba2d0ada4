import { parseDuration } from '../schedule/duration.ts';

/** The file of metrics in which `daybook exec --sample` keeps what the machine did; the program's own are in metrics.jsonl. */
export const samplesName = 'system.metrics.jsonl';

/** The shortest and the longest time between samples. */
const [leastMs, mostMs] = [1000, 3_600_000];

/** A time between samples as it was written, from a second to an hour; undefined where it is none. */
export function parseSampleTime(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined || ms < leastMs || ms > mostMs ? undefined : ms;
}
