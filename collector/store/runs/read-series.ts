import { join } from 'node:path';
import type { MetricsRecord } from '../../formats/metrics/metrics.ts';
import type { MetricSeries } from '../../formats/metrics/series.ts';
import type { RunRecord } from '../../runs/record.ts';
import { quickFactsOf } from '../file-facts.ts';
import { readMetricsFile } from './read-metrics.ts';

/** So many points are remembered; a point takes some thirty bytes. */
const mostPoints = 2_000_000;

/** What files of metrics held when their runs were read, until their series are asked for: they need not be read twice. */
export class ReadMetrics {
  readonly #root: string;
  readonly #known = new Map<string, { facts: string; record: MetricsRecord }>();
  #points = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Remembers what was just read of a file, as far as there is room. `facts` are those from before it was read. */
  add(file: string, facts: string | undefined, record: MetricsRecord): void {
    const points = pointsIn(record);
    if (facts === undefined || this.#known.has(file) || this.#points + points > mostPoints) return;
    this.#points += points;
    this.#known.set(file, { facts, record });
  }

  /** What is remembered of a file that is as it was then; it is forgotten with that. */
  take(file: string): MetricsRecord | undefined {
    const known = this.#known.get(file);
    if (known === undefined) return undefined;
    this.#known.delete(file);
    this.#points -= pointsIn(known.record);
    return this.factsOf(file) === known.facts ? known.record : undefined;
  }

  factsOf(file: string): string | undefined {
    return quickFactsOf(join(this.#root, file))?.text;
  }
}

function pointsIn({ series }: MetricsRecord): number {
  let points = 0;
  for (const { values } of series.values()) points += values.length;
  return points;
}

/** The values of all series of a run, read from its files; the names are those of `run.series`. */
export async function readSeries(
  root: string,
  run: Pick<RunRecord, 'files'>,
  known?: ReadMetrics,
): Promise<MetricSeries[]> {
  const series = new Map<string, MetricSeries>();
  for (const { kind, path } of run.files) {
    if (kind !== 'metrics') continue;
    const record = known?.take(path) ?? (await readMetricsFile(root, path, () => undefined));
    for (const each of record.series.values()) {
      const name = series.has(each.name) ? `${each.name} (${path})` : each.name;
      series.set(name, { ...each, name });
    }
  }
  return [...series.values()];
}
