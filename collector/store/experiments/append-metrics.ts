import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Durability } from '../../formats/config/config.ts';
import { serializeMetrics } from '../../formats/metrics/points.ts';
import { openAppendLog } from '../append-log.ts';
import { maskingOf } from '../book-masking.ts';

/** One point of the history of an experiment. */
export interface MetricsPoint {
  values: Readonly<Record<string, number>>;
  step?: number | undefined;
  epoch?: number | undefined;
  /** UTC time with microseconds. */
  time: string;
}

/**
 * Appends one point to a metrics.jsonl of the book, made with its folder where it is not there, safely beside other writers (docs/formats.md, "How lines
 * are appended"); it stands in the file when this returns.
 */
export async function appendMetrics(
  root: string,
  file: string,
  point: MetricsPoint,
  durability: Durability = 'os',
): Promise<void> {
  const values = (await maskingOf(root)).texts({ ...point.values });
  const log = openAppendLog(join(root, file), durability);
  try {
    await log.appendShared(serializeMetrics({ ...point, values, id: randomBytes(9).toString('base64url') }));
  } finally {
    await log.close();
  }
}
