import { parseDuration } from '../schedule/duration.ts';
import type { BookConfig } from './defaults.ts';
import type { ConfigInput } from './schema.ts';
import { readSize } from './size.ts';

/** Metrics of a run go along up to so many bytes where the book names no other size. */
const usualMetricsBytes = 5_000_000;

/** What daybook.yaml says of `daybook sync`. */
export function resolveSync(input: ConfigInput['sync']): BookConfig['sync'] {
  const { branch, history, runs } = input ?? {};
  const historyMs = history === undefined ? undefined : parseDuration(history);
  const metrics = typeof runs === 'object' ? runs.metrics : undefined;
  const metricsBytes = (metrics === undefined ? undefined : readSize(metrics)) ?? usualMetricsBytes;
  return {
    ...(branch === undefined || branch === 'current' || branch === 'none' ? {} : { branch }),
    ...(historyMs === undefined ? {} : { historyMs }),
    ...(runs === undefined || runs === false ? {} : { runs: { metricsBytes } }),
  };
}
