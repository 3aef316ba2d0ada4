import type { RunParent, RunRecord } from '../../runs/record.ts';

/** A run in a lineage, or something a receipt names that is not in the book. */
export interface LineageNode {
  /** Key of the run; "?" and its name for what is not here. */
  id: string;
  name: string;
  run: RunRecord | undefined;
}

/** `to` was made from `from`. */
export interface LineageEdge {
  from: string;
  to: string;
  kind: RunParent['kind'];
  /** What the receipt calls it. */
  name: string;
}

/** Runs and what connects them. */
export interface Lineage {
  /** The run that was asked for, if one was. */
  start: string | undefined;
  nodes: Map<string, LineageNode>;
  edges: LineageEdge[];
}

/** How far a lineage reaches. */
export type Direction = 'up' | 'down' | 'both';

/**
 * What a run was made from and what was made from it, with all their own; without a run, all runs of the book that have
 * to do with another one. Ends also where chains come back to themselves.
 */
export function traceLineage(
  runs: readonly RunRecord[],
  start: RunRecord | undefined,
  direction: Direction = 'both',
): Lineage {
  const all = wholeLineage(runs);
  if (start === undefined) return all;
  const kept = new Set([start.key]);
  if (direction !== 'down') reach(start.key, kept, linksOf(all.edges, 'to', 'from'));
  if (direction !== 'up') reach(start.key, kept, linksOf(all.edges, 'from', 'to'));
  const nodes = new Map(
    [...kept].map((id) => [id, all.nodes.get(id) ?? { id, name: start.name, run: start }]),
  );
  return {
    start: start.key,
    nodes,
    edges: all.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

function wholeLineage(runs: readonly RunRecord[]): Lineage {
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const nodes = new Map<string, LineageNode>();
  const edges: LineageEdge[] = [];
  const add = (id: string, name: string, run: RunRecord | undefined) => {
    if (!nodes.has(id)) nodes.set(id, { id, name, run });
  };
  for (const run of runs) {
    for (const { key, name, kind, path } of run.parents) {
      const from = key ?? `?${path ?? name}`;
      add(from, name, key === undefined ? undefined : byKey.get(key));
      add(run.key, run.name, run);
      edges.push({ from, to: run.key, kind, name });
    }
  }
  return { start: undefined, nodes, edges };
}

function linksOf(
  edges: readonly LineageEdge[],
  from: 'from' | 'to',
  to: 'from' | 'to',
): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const edge of edges) {
    const known = links.get(edge[from]);
    if (known === undefined) links.set(edge[from], [edge[to]]);
    else known.push(edge[to]);
  }
  return links;
}

function reach(start: string, kept: Set<string>, links: ReadonlyMap<string, string[]>): void {
  const seen = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of links.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      kept.add(next);
      open.push(next);
    }
  }
}
