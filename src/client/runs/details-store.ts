import type { CodeChanges, CommitChanges } from '../../data/runs/code-changes.ts';
import { type RunIndex, type RunNow, seriesFileOf, shardName, shardOf } from '../../data/runs/index.ts';
import { revivedDetails, revivedSeries } from '../../data/runs/json.ts';
import type { ReceiptVerdict, RunDetails, RunSeries } from '../../data/runs/types.ts';
import { type DataFiles, dataFiles } from '../data-files.ts';
import { Kept } from '../kept.ts';
import { ExactPoints } from './exact-points.ts';

/** Any run of a book with all that is published of it. */
export class RunDetailsStore {
  readonly index: RunIndex;
  /** All points of series that are too long to be there whole. */
  readonly exact: ExactPoints;
  readonly #now: RunNow;
  readonly #up: string;
  readonly #shards: Kept<string, Record<string, unknown>>;
  readonly #beside: Kept<string, unknown>;

  /** `up` is the way to the top of the site. */
  constructor(files: DataFiles, index: RunIndex, now: RunNow, up = '') {
    this.index = index;
    this.exact = new ExactPoints(files);
    this.#now = now;
    this.#up = up;
    const read = (name: string) =>
      name.startsWith('series-') ? files.packedNumbers(name) : files.packedJson(name);
    this.#shards = new Kept((name) => read(name) as Promise<Record<string, unknown>>);
    this.#beside = new Kept((name) => files.json(name));
  }

  /** Opens data/runs. */
  static async open(files: DataFiles, up = ''): Promise<RunDetailsStore> {
    const [index, now] = (await Promise.all([files.json('index'), files.json('now')])) as [RunIndex, RunNow];
    return new RunDetailsStore(files, index, now, up);
  }

  /** The store of a page that several elements read from: each file travels once. */
  static shared(base: string): Promise<RunDetailsStore> {
    return shared.get(base);
  }

  /** The run as it was at the time of the build; undefined where the book has none of that name. */
  async detailsOf(slug: string): Promise<RunDetails | undefined> {
    const details = revivedDetails(await this.#entry('details', slug));
    const { stale } = this.#now;
    return details && { ...details, stale: Object.hasOwn(stale, slug) ? stale[slug] : undefined };
  }

  async seriesOf(slug: string): Promise<RunSeries[]> {
    const run = revivedDetails(await this.#entry('details', slug));
    return run === undefined || run.series.length === 0 ? [] : this.curvesOf(slug);
  }

  /** The series of a run that is known to have some, without reading its details. */
  async curvesOf(slug: string): Promise<RunSeries[]> {
    return revivedSeries((await this.#entry('series', slug)) ?? []);
  }

  async verdictOf(slug: string): Promise<ReceiptVerdict | undefined> {
    if (!Object.hasOwn(this.#now.verdicts, slug)) return undefined;
    return (await this.#entry('verdicts', slug)) as ReceiptVerdict;
  }

  /** Which files differ between the code of runs; read when it is first asked for. */
  codeChanges(): Promise<CodeChanges> {
    return this.#beside.get('code') as Promise<CodeChanges>;
  }

  /** Which commits lie between the code of runs; read when it is first asked for. */
  commitChanges(): Promise<CommitChanges> {
    return this.#beside.get('commits') as Promise<CommitChanges>;
  }

  /** Address of its page, from the top of the site. */
  hrefOf(slug: string): string {
    const name = encodeURIComponent(slug);
    const { pages, total } = this.index;
    return pages >= total ? `${this.#up}runs/${name}.html` : `${this.#up}run.html?run=${name}`;
  }

  async #entry(kind: 'details' | 'series' | 'verdicts', slug: string): Promise<unknown> {
    const { series, details } = this.index.shards;
    const name = kind === 'series' ? seriesFileOf(slug, series) : shardName(kind, shardOf(slug, details));
    if (name === undefined) return undefined;
    const shard = await this.#shards.get(name);
    return Object.hasOwn(shard, slug) ? shard[slug] : undefined;
  }
}

const shared = new Kept((base: string) => RunDetailsStore.open(dataFiles(base, 'runs/')));
