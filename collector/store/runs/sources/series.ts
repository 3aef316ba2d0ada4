import type { MetricsRecord } from '../../../formats/metrics/record.ts';

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
