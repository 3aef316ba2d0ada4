import {
  type LineageItem,
  type LineageLink,
  type LineageNeighbours,
  lineageNeighbours,
  relatives,
} from '../../charts/lineage-groups.ts';
import type { ActionView } from '../actions/types.ts';
import type { SiteBook } from '../book/types.ts';
import { runHref } from '../links.ts';
import type { ArtifactPreview } from '../publish/artifact-preview.ts';
import { isGoingOn, lastChangeUs, toldUntilUs } from './going-on.ts';
import { type PeerRun, peerGroup, type RunPeers } from './peers.ts';
import {
  type LineageGraph,
  type LineageNode,
  ownValue,
  type ReceiptVerdict,
  type RunDetails,
  type RunSeries,
  type RunShape,
  type RunsSummary,
} from './types.ts';

/** All that the page of one run is printed from, at build time and in the browser. */
export interface RunPageFacts {
  run: RunDetails;
  series: RunSeries[];
  verdict: ReceiptVerdict | undefined;
  /** Those of its parameters that are not the same in all runs it is compared with. */
  varying: ReadonlySet<string>;
  /**
   * Whether those are the runs of its name, or all that there are: a page without a print knows no more. Undefined where there
   * is no other. How many they are is not said: each run that is added would change the pages of all others.
   */
  among: 'name' | 'book' | undefined;
  /** The runs of the same name just before and after it. */
  before: { slug: string; name: string } | undefined;
  after: { slug: string; name: string } | undefined;
  /** What it is held against: others of its name, and what it was made from. */
  peers: RunPeers;
  actions: RunActions;
  /** One for each artifact, in their order. */
  previews: readonly (ArtifactPreview | undefined)[];
  /** Said where nothing is copied or previewed, because the page is not printed. */
  noPreviews?: string | undefined;
  lineage: RunLineage;
  repository: string | undefined;
  /** The way to the top of the site. */
  up: string;
  hrefOf(slug: string): string;
  /** The time up to which a run that goes on is drawn. */
  nowUs: number;
}

/** What the log has about a run. */
export interface RunActions {
  /** Newest first, as far as the newest actions of the book reach. */
  shown: ActionView[];
  /** The names under which the log knows it, and how many actions each has. */
  named: { name: string; count: number }[];
}

/** The part of the graph that a run hangs in. */
export interface RunLineage {
  items: LineageItem[];
  links: LineageLink[];
  ancestors: number;
  descendants: number;
}

const maxRelatives = 300;
const maxActions = 20;

/** The facts of one run of the book, or undefined if it holds no such run. */
export function runPageFacts(book: SiteBook, slug: string, up: string): RunPageFacts | undefined {
  const { runs } = book;
  const run = runs.detailsOf(slug);
  if (run === undefined) return undefined;
  const series = run.series.length === 0 ? [] : runs.seriesOf(slug);
  const known = { ...run, paramNames: Object.keys(run.params), sinceUs: lastChangeUs(run) };
  return { run, series, ...aroundRun(book, known, up) };
}

/** What the page of a run says beside what is known of the run itself. */
export function aroundRun(
  book: SiteBook,
  run: NamedRun &
    Pick<RunShape, 'status' | 'artifacts' | 'metrics' | 'parents' | 'parentSlugs' | 'paramNames' | 'sinceUs'>,
  up: string,
): Omit<RunPageFacts, 'run' | 'series'> {
  const { runs, builtAtUs } = book;
  const { slug } = run;
  const pages = pagesOf(runs);
  const family = familyOf(runs, run.identifier);
  return {
    verdict: runs.verdictOf(slug),
    varying: new Set(run.paramNames.filter((name) => family.varying.has(name))),
    among: family.slugs.length > 1 ? 'name' : undefined,
    before: neighbourIn(family, slug, 1),
    after: neighbourIn(family, slug, -1),
    peers: family.peersOf(run),
    actions: actionsOf(book, run),
    previews: runs.previewsOf(run),
    lineage: lineageAround(runs.lineage, slug),
    repository: book.repository,
    up,
    hrefOf: (other) => runHref(up, other, pages.has(other)),
    nowUs: isGoingOn(run) ? toldUntilUs(runs.staleOf(slug)?.sinceUs ?? run.sinceUs, builtAtUs) : builtAtUs,
  };
}

/** A node of the book's graph as the charts take it. */
export function lineageItem(node: LineageNode): LineageItem {
  return {
    id: node.id,
    label: node.name,
    group: node.kind === 'run' ? node.identifier : '',
    kind: node.kind,
    status: node.kind === 'run' ? node.status : undefined,
  };
}

/** A run with everything it was made from and everything made from it. */
export function lineageAround(graph: LineageGraph, slug: string): RunLineage {
  const known = indexOf(graph);
  if (!known.nodes.has(slug)) return { items: [], links: [], ancestors: 0, descendants: 0 };
  const { ancestors, descendants } = relatives(known.neighbours, slug, maxRelatives);
  const inside = new Set([slug, ...ancestors, ...descendants]);
  const links: LineageLink[] = [];
  const seen = new Set<string>();
  for (const id of inside) {
    for (const link of known.links.get(id) ?? []) {
      const key = `${link.kind} ${link.from}\0${link.to}`;
      if (seen.has(key) || !inside.has(link.from) || !inside.has(link.to)) continue;
      seen.add(key);
      links.push(link);
    }
  }
  const items = [...inside].flatMap((id) => {
    const node = known.nodes.get(id);
    if (node === undefined) return [];
    const item = lineageItem(node);
    return [id === slug ? { ...item, group: 'this run' } : item];
  });
  return { items, links, ancestors: ancestors.size, descendants: descendants.size };
}

interface GraphIndex {
  nodes: Map<string, LineageNode>;
  neighbours: LineageNeighbours;
  links: Map<string, LineageLink[]>;
}

const graphs = new WeakMap<LineageGraph, GraphIndex>();

function indexOf(graph: LineageGraph): GraphIndex {
  let known = graphs.get(graph);
  if (known === undefined) {
    const links = new Map<string, LineageLink[]>();
    for (const edge of graph.edges) {
      const list = links.get(edge.to);
      if (list === undefined) links.set(edge.to, [edge]);
      else list.push(edge);
    }
    known = {
      nodes: new Map(graph.nodes.map((node) => [node.id, node])),
      neighbours: lineageNeighbours(graph.edges),
      links,
    };
    graphs.set(graph, known);
  }
  return known;
}

interface Family {
  /** Newest first. */
  slugs: string[];
  names: string[];
  varying: Set<string>;
  peersOf: ReturnType<typeof peerGroup>;
}

const families = new WeakMap<RunsSummary, Map<string, Family>>();
const pageSets = new WeakMap<RunsSummary, Set<string>>();

function pagesOf(runs: RunsSummary): Set<string> {
  const known = pageSets.get(runs) ?? new Set(runs.pageSlugs);
  pageSets.set(runs, known);
  return known;
}

/** The runs of one identifier: how many, and which parameters are not the same in all of them. */
function familyOf(runs: RunsSummary, identifier: string): Family {
  let known = families.get(runs);
  if (known === undefined) {
    const members = new Map<string, RunsSummary['views']>();
    for (const view of runs.views) {
      const list = members.get(view.identifier);
      if (list === undefined) members.set(view.identifier, [view]);
      else list.push(view);
    }
    known = new Map(
      [...members].map(([name, views]) => [
        name,
        {
          peersOf: peerGroup(views.map(peerOf), runs.columns),
          slugs: views.map(({ slug }) => slug),
          names: views.map(({ name: called }) => called),
          // A run without any parameter says nothing about how others differ.
          varying: varyingNames(
            views.map(({ params }) => params).filter((params) => Object.keys(params).length > 0),
          ),
        },
      ]),
    );
    families.set(runs, known);
  }
  return (
    known.get(identifier) ?? {
      slugs: [],
      names: [],
      varying: new Set(),
      peersOf: peerGroup([], runs.columns),
    }
  );
}

function peerOf({ slug, name, status, stale, metrics, more }: RunsSummary['views'][number]): PeerRun {
  return { slug, name, status, stale, metrics, hasCurves: Number(more['series'] ?? 0) > 0 };
}

function neighbourIn(family: Family, slug: string, step: 1 | -1): RunPageFacts['before'] {
  const at = family.slugs.indexOf(slug);
  const other = at === -1 ? undefined : family.slugs[at + step];
  return other === undefined ? undefined : { slug: other, name: family.names[at + step] ?? other };
}

/** Names whose values are not the same in all of these records, or are missing in some. */
export function varyingNames(records: readonly Record<string, unknown>[]): Set<string> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  const first = records[0] ?? {};
  return new Set(
    [...names].filter((name) =>
      records.some(
        (record) => !Object.hasOwn(record, name) || !Object.is(ownValue(record, name), ownValue(first, name)),
      ),
    ),
  );
}

type NamedRun = Pick<RunDetails, 'key' | 'slug' | 'identifier' | 'name' | 'place'> & {
  ledger?: { uid: string } | undefined;
};

/** The names under which an action can mean this run and no other. */
export function namesOfRun(
  run: Pick<RunDetails, 'key' | 'slug' | 'identifier' | 'name' | 'place'>,
): Set<string> {
  const names = new Set([run.key, run.slug, `${run.identifier}/${run.name}`]);
  if (run.place !== '') names.add(run.place);
  return names;
}

/** Actions name a run by its key or place, or by the last part of its name where no other run is called so. */
function actionsOf(book: SiteBook, run: NamedRun): RunActions {
  const names = namesOfRun(run);
  for (const short of [run.name, run.ledger?.uid]) {
    if (short !== undefined && (shortNames(book.runs).get(short) ?? 0) <= 1) names.add(short);
  }
  const named = book.actions.runs
    .filter(({ value }) => names.has(value))
    .map(({ value, count }) => ({ name: value, count }));
  const shown = book.actions.newest.filter((action) => action.run !== undefined && names.has(action.run));
  return { shown: shown.slice(0, maxActions), named };
}

const shortNamesOf = new WeakMap<RunsSummary, Map<string, number>>();

function shortNames(runs: RunsSummary): Map<string, number> {
  let known = shortNamesOf.get(runs);
  if (known === undefined) {
    known = new Map();
    for (const { name } of runs.views) known.set(name, (known.get(name) ?? 0) + 1);
    shortNamesOf.set(runs, known);
  }
  return known;
}
