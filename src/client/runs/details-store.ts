import type { CodeChanges, CommitChanges } from '../../data/runs/code-changes.ts';
import { type RunIndex, type RunNow, shardName, shardOf } from '../../data/runs/index.ts';
import { revivedDetails, revivedSeries } from '../../data/runs/json.ts';
import type { ReceiptVerdict, RunDetails, RunSeries } from '../../data/runs/types.ts';
import { type DataFiles, dataFiles } from '../data-files.ts';

/** Any run of a book with all that is published of it. */
export interface RunDetailsStore {
  index: RunIndex;
  /** The run as it was at the time of the build; undefined where the book has none of that name. */
  detailsOf(slug: string): Promise<RunDetails | undefined>;
  seriesOf(slug: string): Promise<RunSeries[]>;
  verdictOf(slug: string): Promise<ReceiptVerdict | undefined>;
  /** Which files differ between the code of runs; read when it is first asked for. */
  codeChanges(): Promise<CodeChanges>;
  /** Which commits lie between the code of runs; read when it is first asked for. */
  commitChanges(): Promise<CommitChanges>;
  /** Address of its page, from the top of the site. */
  hrefOf(slug: string): string;
}

/** Opens data/runs below `base`; `up` is the way to the top of the site. */
export async function openRunDetails(base: string, up = ''): Promise<RunDetailsStore> {
  const files: DataFiles = dataFiles(base, 'runs/');
  const [index, now] = (await Promise.all([files.json('index'), files.json('now')])) as [RunIndex, RunNow];
  const loading = new Map<string, Promise<Record<string, unknown>>>();
  const entry = async (kind: 'details' | 'series' | 'verdicts', slug: string): Promise<unknown> => {
    const shards = kind === 'series' ? index.shards.series : index.shards.details;
    const name = shardName(kind, shardOf(slug, shards));
    const shard = loading.get(name) ?? (files.packedJson(name) as Promise<Record<string, unknown>>);
    loading.set(name, shard);
    shard.catch(() => loading.delete(name));
    const known = await shard;
    return Object.hasOwn(known, slug) ? known[slug] : undefined;
  };
  let code: Promise<CodeChanges> | undefined;
  let commits: Promise<CommitChanges> | undefined;
  const allHavePages = index.pages >= index.total;
  const recordedOf = async (slug: string) => revivedDetails(await entry('details', slug));
  return {
    index,
    async detailsOf(slug) {
      const details = await recordedOf(slug);
      if (details === undefined) return undefined;
      return { ...details, stale: Object.hasOwn(now.stale, slug) ? now.stale[slug] : undefined };
    },
    async seriesOf(slug) {
      const run = await recordedOf(slug);
      return run === undefined || run.series.length === 0 ? [] : revivedSeries(await entry('series', slug));
    },
    verdictOf: async (slug) =>
      Object.hasOwn(now.verdicts, slug) ? ((await entry('verdicts', slug)) as ReceiptVerdict) : undefined,
    codeChanges: () => (code ??= files.json('code') as Promise<CodeChanges>),
    commitChanges: () => (commits ??= files.json('commits') as Promise<CommitChanges>),
    hrefOf: (slug) =>
      allHavePages
        ? `${up}runs/${encodeURIComponent(slug)}.html`
        : `${up}run.html?run=${encodeURIComponent(slug)}`,
  };
}
