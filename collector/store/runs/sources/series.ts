import type { MetricsRecord } from '../../../formats/metrics/metrics.ts';

/** What is known of a run that logged nothing. */
export function noPoints(): MetricsRecord {
  return { series: new Map(), lines: 0, firstAtUs: undefined, lastAtUs: undefined, zoneless: false };
}

/** Adds the series of one file to those of a run; a name that is there already stays. */
export function joined(
  record: MetricsRecord,
  { series, lines, firstAtUs, lastAtUs, zoneless }: MetricsRecord,
): void {
  for (const [name, each] of series) if (!record.series.has(name)) record.series.set(name, each);
  record.lines += lines;
  record.zoneless ||= zoneless;
  if (firstAtUs !== undefined && !(record.firstAtUs! <= firstAtUs)) record.firstAtUs = firstAtUs;
  if (lastAtUs !== undefined && !(record.lastAtUs! >= lastAtUs)) record.lastAtUs = lastAtUs;
}
