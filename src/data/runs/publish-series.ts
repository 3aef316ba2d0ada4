import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { jsonText } from '../browser.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import { writePackedText } from '../publish/twin.ts';
import type { RunTableFile, SeriesFile } from './index.ts';
import { packedSeries } from './json.ts';
import { pointsOf, type SeriesGroup, type SeriesSizes, seriesGroups, seriesSizes } from './series-groups.ts';
import { type PointRows, sumOfRows, writePoints } from './series-table.ts';
import { thinSeries } from './thin-series.ts';
import type { ExactPart, RunSeries } from './types.ts';

/** A file of points, and what stands for the rows in it where it is one run's own. */
interface PointFile extends RunTableFile {
  rowsSum?: string;
  /** Whether pages ask for its points: curves of few points have all of them already. */
  hasTwin: boolean;
}

/** What was published of a group of runs; `key` stands for all that it was made from. */
export interface PublishedGroup extends SeriesFile {
  key: string;
  points: PointFile[];
  /** Checksums of the curves of each run, by slug, wherever their points stand. */
  sums: Record<string, string>;
}

/** Where series come from, and what was published of them before. */
export interface SeriesGiven {
  seriesOf(run: RunRecord): MetricSeries[] | Promise<MetricSeries[]>;
  /** Stands for the content of the files of a run's series; undefined where that is not known. */
  contentOf(run: RunRecord): string | undefined;
  earlier: { folder: string; groups: readonly PublishedGroup[] } | undefined;
  /** For tests on few points. */
  sizes?: SeriesSizes | undefined;
}

/**
 * Writes the series of all runs below runs/: thinned ones and all points, by groups. A group of which no run has changed is
 * taken from what was published before, and so are the files of a long run that only got more points behind them.
 */
export async function publishSeries(
  home: string,
  runs: readonly RunRecord[],
  given: SeriesGiven,
): Promise<PublishedGroup[]> {
  const publisher = new Publisher(home, given);
  const groups: PublishedGroup[] = [];
  for (const group of seriesGroups(runs, given.sizes ?? seriesSizes))
    groups.push(await publisher.publish(group));
  return groups;
}

class Publisher {
  readonly #home: string;
  readonly #given: SeriesGiven;
  readonly #longest: number;
  readonly #groups: ReadonlyMap<string, PublishedGroup>;
  readonly #rows: ReadonlyMap<string, PointFile>;

  constructor(home: string, given: SeriesGiven) {
    this.#home = home;
    this.#given = given;
    this.#longest = (given.sizes ?? seriesSizes).file;
    const groups = given.earlier?.groups ?? [];
    this.#groups = new Map(groups.map((group) => [group.key, group]));
    this.#rows = new Map(
      groups.flatMap(({ points }) =>
        points.flatMap((file) =>
          file.rowsSum === undefined ? [] : [[`${file.rowsSum} ${file.hasTwin}`, file] as const],
        ),
      ),
    );
  }

  async publish(group: SeriesGroup): Promise<PublishedGroup> {
    const key = this.#keyOf(group);
    const known = key === undefined ? undefined : this.#groups.get(key);
    if (known === undefined) return this.#write(group, key ?? '');
    this.#keep(`${known.file}.json.gz`, true);
    for (const { file, hasTwin } of known.points) this.#keep(file, hasTwin);
    return { ...known, upTo: group.upTo };
  }

  #keyOf({ runs }: SeriesGroup): string | undefined {
    const parts = runs.map((run) => [run.slug, this.#given.contentOf(run)]);
    if (parts.some(([, content]) => content === undefined)) return undefined;
    return sumOf(jsonText(parts));
  }

  async #write({ runs, upTo }: SeriesGroup, key: string): Promise<PublishedGroup> {
    const points: PointFile[] = [];
    const thinned = new Map<string, RunSeries[]>();
    const together: PointRows[] = [];
    for (const run of runs) {
      const { slug } = run;
      const read = await this.#given.seriesOf(run);
      const rows = read.map((series) => ({ slug, series, from: 0, to: series.values.length }));
      const thin = read.map((series) => thinSeries(series));
      thinned.set(slug, thin);
      if (pointsOf(run) <= this.#longest) together.push(...rows);
      else
        for (const [at, each] of rows.entries()) {
          const hasTwin = thin[at]!.values.length < each.to;
          const own = this.#writeLong(each, hasTwin);
          points.push(...own.map(({ file }) => file));
          if (hasTwin) thin[at]!.exact = own.map(({ part }) => part);
        }
    }
    if (together.length > 0) {
      const hasTwin = runs.some((run) => thinned.get(run.slug)!.some(isThinned));
      const file = { ...writePoints(this.#home, together, { hasTwin }), hasTwin };
      points.push(file);
      tellParts(thinned, together, file);
    }
    return { key, upTo, points, ...this.#writeThin(thinned) };
  }

  /** Files of one series, all but the last of them full: what is appended changes the last alone. */
  #writeLong(rows: PointRows, hasTwin: boolean): { file: PointFile; part: ExactPart }[] {
    const written: { file: PointFile; part: ExactPart }[] = [];
    for (let from = rows.from; from < rows.to; from += this.#longest) {
      const piece = { ...rows, from, to: Math.min(from + this.#longest, rows.to) };
      const rowsSum = sumOfRows(piece);
      const known = this.#rows.get(`${rowsSum} ${hasTwin}`);
      if (known !== undefined) this.#keep(known.file, hasTwin);
      const file = known ?? { ...writePoints(this.#home, [piece], { hasTwin }), rowsSum, hasTwin };
      written.push({ file, part: partOf(piece, file, 0) });
    }
    return written;
  }

  #writeThin(thinned: ReadonlyMap<string, RunSeries[]>): Pick<PublishedGroup, 'file' | 'sums'> {
    const sums: Record<string, string> = Object.create(null);
    const texts: string[] = [];
    for (const [slug, series] of thinned) {
      texts.push(`${jsonText(slug)}:${jsonText(packedSeries(series))}`);
      sums[slug] = sumOf(jsonText(packedSeries(series.map(withoutPlace))));
    }
    const text = `{${texts.join(',')}}`;
    const file = `series-${sumOf(text).slice(0, 8)}`;
    writePackedText(this.#home, 'runs/', file, text, 4);
    return { file, sums };
  }

  /** Takes a file of the site before this one, and its script twin. */
  #keep(file: string, hasTwin: boolean): void {
    const from = join(this.#given.earlier!.folder, 'runs');
    const twins = hasTwin ? [`${file.replace(/\.(?:json\.gz|parquet)$/, '')}.js`] : [];
    for (const name of [file, ...twins]) linkOrCopy(join(from, name), join(this.#home, name));
  }
}

/** A curve as pages show it: in which files all of its points are depends on the other runs in them. */
function withoutPlace({ exact: _exact, ...series }: RunSeries): RunSeries {
  return series;
}

/** Whether there are points of a series that its curve does not have. */
function isThinned({ values, count }: RunSeries): boolean {
  return values.length < count;
}

/** Says of each thinned series where its points stand in a file of many. */
function tellParts(
  thinned: ReadonlyMap<string, RunSeries[]>,
  rows: readonly PointRows[],
  file: RunTableFile,
): void {
  let from = 0;
  for (const each of rows) {
    const thin = thinned.get(each.slug)?.find(({ name }) => name === each.series.name);
    if (thin !== undefined && thin.values.length < each.to) thin.exact = [partOf(each, file, from)];
    from += each.to - each.from;
  }
}

function partOf({ series, from, to }: PointRows, { file, bytes }: RunTableFile, row: number): ExactPart {
  return {
    file,
    bytes,
    from: row,
    rows: to - from,
    steps: rangeOf(series.steps, from, to)!,
    timesUs: rangeOf(series.timesUs, from, to),
  };
}

function rangeOf(numbers: Float64Array | undefined, from: number, to: number): [number, number] | null {
  if (numbers === undefined) return null;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = from; at < to; at++) {
    const number = numbers[at]!;
    if (Number.isNaN(number)) return null;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
