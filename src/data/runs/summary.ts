import type { ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type { RunRecord, Staleness } from '../../../collector/runs/record.ts';
import type { RunFacts } from './facts.ts';
import { revivedShape } from './json.ts';
import {
  type ChartColumns,
  type LineageGraph,
  ownValue,
  type RunColumn,
  type RunDetails,
  type RunSeries,
  type RunShape,
  type RunsSummary,
  type RunView,
  type VerdictCounts,
} from './types.ts';

const maxListed = 20;

/** What the pages get: the facts of the cache, and what was true of the world at the time of the build. */
export function runsSummary(given: {
  facts: RunFacts;
  columns: RunColumn[];
  graph: LineageGraph;
  charts: ChartColumns;
  shapes: Record<string, RunShape>;
  stale: Map<string, Staleness>;
  verdicts: Map<string, ReceiptVerdict>;
  published: { detailsOf(slug: string): RunDetails | undefined; seriesOf(slug: string): RunSeries[] };
  pages: number;
  files: { kind: RunRecord['files'][number]['kind']; bytes: number }[];
}): RunsSummary {
  const { facts, shapes, stale, verdicts, published } = given;
  const { unfinished, receipts, ...counts } = facts;
  const withReceipt = new Set(receipts.map(([slug]) => slug));
  const asOfNow = (view: RunView): RunView => ({
    ...view,
    stale: stale.get(view.slug),
    verdict: verdicts.get(view.slug)?.state,
  });
  const open = unfinished.map(asOfNow);
  const gone = open.filter((view) => view.stale !== undefined);
  const states: VerdictCounts = { matches: 0, reproducible: 0, differs: 0, unproven: 0 };
  for (const { state } of verdicts.values()) states[state] += 1;
  return {
    ...counts,
    columns: given.columns,
    charts: given.charts,
    views: facts.views.map(asOfNow),
    pageSlugs: facts.views.slice(0, given.pages).map(({ slug }) => slug),
    failed: facts.failed.map(asOfNow),
    running: open.filter((view) => view.stale === undefined).slice(0, maxListed),
    stale: gone.slice(0, maxListed),
    staleTotal: stale.size,
    verdicts: states,
    lineage: given.graph,
    fileCounts: fileCounts(given.files),
    detailsOf(slug) {
      const details = published.detailsOf(slug);
      return details === undefined ? undefined : { ...details, stale: stale.get(slug) };
    },
    seriesOf: published.seriesOf,
    verdictOf: (slug) => verdicts.get(slug),
    staleOf: (slug) => stale.get(slug),
    shapeOf: (slug) => revivedShape(ownValue(shapes, slug)),
    hasReceipt: (slug) => withReceipt.has(slug),
    codeChanges: {},
    commitChanges: {},
    previewsOf: () => [],
  };
}

function fileCounts(
  files: { kind: RunRecord['files'][number]['kind']; bytes: number }[],
): RunsSummary['fileCounts'] {
  const kinds = new Map<RunRecord['files'][number]['kind'], { files: number; bytes: number }>();
  for (const { kind, bytes } of files) {
    const known = kinds.get(kind) ?? { files: 0, bytes: 0 };
    kinds.set(kind, { files: known.files + 1, bytes: known.bytes + bytes });
  }
  return [...kinds].map(([kind, counted]) => ({ kind, ...counted }));
}
