import type { MetricsRecord } from '../../formats/metrics/record.ts';
import type { MetricSeries } from '../../formats/metrics/series.ts';
import type { RunSource } from '../../runs/evidence.ts';
import type { RunRecord } from '../../runs/record.ts';
import { factsOfSource, sourceNamed } from './source-files.ts';

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

  /**
   * Remembers what was just read of a file, as far as there is room; of a register with the `key` of the run. `facts` are those
   * from before it was read.
   */
  add(file: string, key: string | undefined, facts: string | undefined, record: MetricsRecord): void {
    const points = pointsIn(record);
    const name = nameOf(file, key);
    if (facts === undefined || this.#known.has(name) || this.#points + points > mostPoints) return;
    this.#points += points;
    this.#known.set(name, { facts, record });
  }

  /** What is remembered of a file that is as it was then; it is forgotten with that. */
  take(source: RunSource, file: string, key: string): MetricsRecord | undefined {
    const name = [nameOf(file, undefined), nameOf(file, key)].find((each) => this.#known.has(each));
    const known = name === undefined ? undefined : this.#known.get(name);
    if (known === undefined) return undefined;
    this.#known.delete(name!);
    this.#points -= pointsIn(known.record);
    return this.factsOf(source, file) === known.facts ? known.record : undefined;
  }

  factsOf(source: RunSource, file: string): string | undefined {
    return factsOfSource(this.#root, source, file)?.text;
  }
}

function nameOf(file: string, key: string | undefined): string {
  return key === undefined ? file : `${file}\0${key}`;
}

function pointsIn({ series }: MetricsRecord): number {
  let points = 0;
  for (const { values } of series.values()) points += values.length;
  return points;
}

/** The values of all series of a run, read from its files; the names are those of `run.series`. */
export async function readSeries(
  root: string,
  run: Pick<RunRecord, 'files'> & Partial<Pick<RunRecord, 'key'>>,
  known?: ReadMetrics,
): Promise<MetricSeries[]> {
  const series = new Map<string, MetricSeries>();
  for (const { kind, path } of run.files) {
    const source = sourceNamed(kind);
    if (source?.values === undefined) continue;
    const { key = '' } = run;
    const record = known?.take(source, path, key) ?? (await source.values(path, key, root));
    for (const each of record.series.values()) {
      const name = series.has(each.name) ? `${each.name} (${path})` : each.name;
      series.set(name, { ...each, name });
    }
  }
  return [...series.values()];
}
