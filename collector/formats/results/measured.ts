import type { JsonObject } from '../../base/json/json.ts';

/** A number that a tool measured: of a benchmark, a test, a file. */
export interface Measured {
  name: string;
  /** As the tool writes it: "ns/iter", "%". */
  unit?: string | undefined;
  value: number;
  /** Whether less or more of it is better, where the tool or the unit says so. */
  better?: 'min' | 'max' | undefined;
}

/** What a file of results says of one time at which something was measured. What it does not say is not there. */
export interface MeasuredRun {
  /** What tells it from others of the same file. */
  id?: string | undefined;
  name?: string | undefined;
  /** What was measured over and over: its runs are a series. */
  group?: string | undefined;
  status?: 'completed' | 'failed' | undefined;
  startedAtUs?: number | undefined;
  atUs?: number | undefined;
  zoneless?: boolean | undefined;
  durationMs?: number | undefined;
  commit?: string | undefined;
  description?: string | undefined;
  error?: string | undefined;
  params?: JsonObject | undefined;
  /** What it was measured on, as receipts have it: processor, os, arch, python. */
  environment?: JsonObject | undefined;
  values: readonly Measured[];
  /** Where it came from, under the names that people know. */
  facts: readonly (readonly [name: string, value: string])[];
}

/**
 * The name under which a number is a metric: with its unit, so that values in another unit are another series and are never
 * compared with it.
 */
export function metricName({ name, unit }: Pick<Measured, 'name' | 'unit'>): string {
  const plain = oneLine(name);
  return unit === undefined || unit === '' ? plain : `${plain} (${oneLine(unit)})`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
