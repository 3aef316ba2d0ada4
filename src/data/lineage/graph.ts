import type { RunRecord } from '../../../collector/runs/record.ts';
import { jsonText } from '../browser.ts';
import type { LineageEdge, LineageGraph, LineageNode, RunDetails } from '../runs/types.ts';

/** The graph of a book, and what each run's page says about its neighbours. */
export interface Lineage {
  graph: LineageGraph;
  childrenOf(key: string): RunDetails['children'];
  slugOf(key: string | undefined): string | undefined;
}

const most = 20_000;
const maxChildren = 200;

/** Runs, their inputs and the stages they name, with what was made from what; `runs` newest first. */
export function lineage(runs: RunRecord[]): Lineage {
  const slugs = new Map(runs.map(({ key, slug }) => [key, slug]));
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  const children = new Map<string, RunDetails['children']>();
  const users = inputUsers(runs);
  for (const run of runs) {
    for (const parent of run.parents) {
      const slug = parent.key === undefined ? undefined : slugs.get(parent.key);
      const from = slug ?? `stage:${parent.path ?? parent.name}`;
      if (slug === undefined) nodes.set(from, stageNode(from, parent.name));
      addEdge(edges, { from, to: run.slug, kind: parent.kind });
      if (slug === undefined) continue;
      const known = children.get(parent.key as string) ?? [];
      if (known.length < maxChildren) known.push({ slug: run.slug, name: run.name, kind: parent.kind });
      children.set(parent.key as string, known);
    }
    for (const { id, name } of inputsOf(run)) {
      // An input of one run alone connects nothing: it stands on that run's page.
      if ((users.get(id) ?? 0) < 2) continue;
      nodes.set(id, { ...stageNode(id, name), kind: 'data' });
      addEdge(edges, { from: id, to: run.slug, kind: 'data' });
    }
  }
  const connected = new Set([...edges.values()].flatMap(({ from, to }) => [from, to]));
  const joined = runs.filter(({ slug }) => connected.has(slug));
  return {
    graph: limited(
      [...joined.map(runNode), ...nodes.values()],
      [...edges.values()],
      runs.length - joined.length,
    ),
    childrenOf: (key) => children.get(key) ?? [],
    slugOf: (key) => (key === undefined ? undefined : slugs.get(key)),
  };
}

function inputsOf(run: RunRecord): { id: string; name: string }[] {
  const { data = {}, inputs = {} } = run.receipt ?? {};
  return Object.keys(data).map((name) => ({
    id: `data:${data[name]}`,
    name: Object.hasOwn(inputs, name) ? (inputs[name]?.path ?? name) : name,
  }));
}

function inputUsers(runs: RunRecord[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const run of runs) {
    for (const id of new Set(inputsOf(run).map((input) => input.id))) users.set(id, (users.get(id) ?? 0) + 1);
  }
  return users;
}

function runNode(run: RunRecord): LineageNode {
  const { slug, name, identifier, status, atUs } = run;
  return { id: slug, kind: 'run', name, identifier, status, atUs: atUs ?? null };
}

function stageNode(id: string, name: string): LineageNode {
  return { id, kind: 'stage', name, identifier: '', status: 'unknown', atUs: null };
}

function addEdge(edges: Map<string, LineageEdge>, edge: LineageEdge): void {
  if (edge.from !== edge.to) edges.set(jsonText([edge.from, edge.to, edge.kind]), edge);
}

function limited(nodes: LineageNode[], edges: LineageEdge[], alone: number): LineageGraph {
  if (nodes.length <= most && edges.length <= most) return { nodes, edges, alone, left: 0 };
  const kept = nodes.slice(0, most);
  const ids = new Set(kept.map(({ id }) => id));
  const between = edges.filter(({ from, to }) => ids.has(from) && ids.has(to)).slice(0, most);
  return {
    nodes: kept,
    edges: between,
    alone,
    left: nodes.length - kept.length + edges.length - between.length,
  };
}
