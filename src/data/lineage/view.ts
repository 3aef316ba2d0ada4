import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import {
  type GroupedLineage,
  groupLineage,
  type LineageGroup,
  type LineageItem,
  type LineageLink,
} from '../../charts/lineage-groups.ts';
import { lineageItem } from '../runs/page.ts';
import type { LineageGraph } from '../runs/types.ts';

/** The whole graph of a book, ready to be drawn. */
export interface LineageView {
  items: LineageItem[];
  links: LineageLink[];
  grouped: GroupedLineage;
}

/** One line of the list that stands beside the picture. */
export interface LineageEntry {
  group: LineageGroup;
  /** Names of what it was made from and of what was made from it. */
  from: string[];
  to: string[];
}

/** Takes a published graph apart into items, links and groups. */
export function lineageView(graph: LineageGraph): LineageView {
  const items = graph.nodes.map(lineageItem);
  return { items, links: graph.edges, grouped: groupLineage(items, graph.edges) };
}

/** What the page says first: how much there is, and how much stands alone. */
export function lineageLead(graph: LineageGraph): string {
  const runs = graph.nodes.filter(({ kind }) => kind === 'run').length;
  const inputs = graph.nodes.filter(({ kind }) => kind === 'data').length;
  const joined = `${plural(runs, 'run')} ${runs === 1 ? 'is' : 'are'} connected${inputs === 0 ? '' : `, also through ${plural(inputs, 'shared input')}`}`;
  const alone =
    graph.alone === 0
      ? 'none stands alone'
      : `${plural(graph.alone, 'stands', 'stand')} alone: nothing says what they were made from or used for`;
  const left =
    graph.left === 0
      ? ''
      : ` ${plural(graph.left, 'part')} of the graph ${graph.left === 1 ? 'is' : 'are'} left out here; the data files of the book have all.`;
  return `${joined}; ${graph.alone === 1 ? 'one stands alone: nothing says what it was made from or used for' : alone}.${left}`;
}

/** The graph as a list: each group with what it was made from and what it led to, parents before children. */
export function lineageEntries({ groups, links }: GroupedLineage): LineageEntry[] {
  const known = new Map(groups.map((group) => [group.id, group]));
  const name = (id: string) => {
    const group = known.get(id)!;
    return group.items.length === 1 ? group.label : `${formatCount(group.items.length)} × ${group.label}`;
  };
  return inOrder(groups, links).map((group) => ({
    group,
    from: [...new Set(links.filter(({ to }) => to === group.id).map(({ from }) => name(from)))],
    to: [...new Set(links.filter(({ from }) => from === group.id).map(({ to }) => name(to)))],
  }));
}

/** Groups behind everything they were made from; circles, which a receipt could claim, end somewhere. */
function inOrder(groups: LineageGroup[], links: LineageLink[]): LineageGroup[] {
  const open = new Map(groups.map((group) => [group.id, 0]));
  for (const { to } of links) open.set(to, (open.get(to) ?? 0) + 1);
  const waiting = [...groups];
  const done: LineageGroup[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ id }) => open.get(id) === 0);
    const [group] = waiting.splice(Math.max(0, free), 1) as [LineageGroup];
    done.push(group);
    for (const { from, to } of links) if (from === group.id) open.set(to, (open.get(to) ?? 0) - 1);
  }
  return done;
}
