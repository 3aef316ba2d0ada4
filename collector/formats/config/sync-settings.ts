import { parseDuration } from '../schedule/duration.ts';
import type { BookConfig, RunsInSync } from './defaults.ts';
import type { ConfigInput } from './schema.ts';
import { readSize } from './size.ts';

/** What daybook.yaml says of `daybook sync`. */
export function resolveSync(input: ConfigInput['sync']): BookConfig['sync'] {
  const { branch, history, runs } = input ?? {};
  const historyMs = history === undefined ? undefined : parseDuration(history);
  return {
    ...(branch === undefined || branch === 'current' || branch === 'none' ? {} : { branch }),
    ...(historyMs === undefined ? {} : { historyMs }),
    runs: resolveRuns(runs),
  };
}

/** Files of metrics above this stay where they are, unless daybook.yaml names another size: each sync stores them anew. */
export const usualMetricsBytes = 5_000_000;

function resolveRuns(input: NonNullable<ConfigInput['sync']>['runs']): RunsInSync {
  if (input === undefined) return 'unset';
  if (input === false) return 'off';
  const { metrics = true, code = false } = input === true ? {} : input;
  const named = typeof metrics === 'string' ? readSize(metrics) : undefined;
  return { metricsBytes: metrics === false ? 0 : (named ?? usualMetricsBytes), code };
}
