import type { MetricSeries } from './series.ts';

/** What a metrics.jsonl holds, no matter who wrote it. */
export interface MetricsRecord {
  /** By name, in the order in which they first occur; complete when the reading is finished. */
  series: Map<string, MetricSeries>;
  /** Lines that were read; repeated ones count once. */
  lines: number;
  firstAtUs: number | undefined;
  lastAtUs: number | undefined;
  zoneless: boolean;
}

/** What is known of metrics before anything was read of them, and of a run that logged nothing. */
export function noPoints(): MetricsRecord {
  return { series: new Map(), lines: 0, firstAtUs: undefined, lastAtUs: undefined, zoneless: false };
}
