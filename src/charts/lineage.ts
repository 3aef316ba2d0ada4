import { Graph, layout } from '@dagrejs/dagre';
import { curveBasis, line } from 'd3';
import { formatCount } from '../../collector/base/format/number.ts';
import { shorten } from '../../collector/base/format/words.ts';
import type { GroupedLineage, LineageGroup, LineageItem, LineageLink } from './lineage-groups.ts';
import { type StatusName, statusOrder } from './status-shape.ts';

/** One group as drawn: a box with one item, a stack that stands for many, or a frame in which each has its place. */
export interface LineageBox {
  id: string;
  kind: LineageItem['kind'];
  shape: 'single' | 'stack' | 'frame';
  /** What stands in the box, cut to fit: "run_0031", "40 × results/train". */
  label: string;
  /** The second, quieter line. */
  note: string;
  x: number;
  y: number;
  width: number;
  height: number;
  items: LineageItem[];
  /** Places of the items inside a frame, from the corner of the drawing. */
  places: { item: LineageItem; label: string; x: number; y: number; width: number; height: number }[];
  /** How many items have each status, in the order of charts; a bar shows them. */
  shares: { status: StatusName; count: number; x: number; width: number }[];
}

/** A drawn link: path data, and what it stands for. */
export interface LineageLine {
  from: string;
  to: string;
  kind: LineageLink['kind'];
  count: number;
  path: string;
}

/** The graph in pixels, from left to right. */
export interface LineageDrawing {
  width: number;
  height: number;
  boxes: LineageBox[];
  lines: LineageLine[];
}

const boxHeight = 44;
const rowHeight = 24;
const headHeight = 34;
const inset = 8;
const margin = 6;
const [leastWidth, maxWidth] = [104, 232];
const maxChars = 30;

/** Lays a grouped lineage out in layers, parents left of children; `opened` names the groups whose items are shown. */
export function drawLineage(grouped: GroupedLineage, opened: ReadonlySet<string>): LineageDrawing {
  if (grouped.groups.length === 0) return { width: 0, height: 0, boxes: [], lines: [] };
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 56, edgesep: 10, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes = new Map(grouped.groups.map((group) => [group.id, sizeOf(group, opened.has(group.id))]));
  for (const [id, { width, height }] of sizes) graph.setNode(id, { width, height });
  for (const { from, to, kind } of grouped.links) graph.setEdge(from, to, {}, kind);
  layout(graph);
  const lines = grouped.links.map((link) => ({ ...link, points: pointsOf(graph, link) }));
  const shift = -Math.min(0, ...lines.flatMap(({ points }) => points.map(({ y }) => y - margin)));
  const boxes = grouped.groups.map((group) => {
    const node = graph.node(group.id) as { x: number; y: number };
    return boxOf(group, sizes.get(group.id)!, node.x, node.y + shift);
  });
  const drawn = lines.map(({ points, ...link }) => ({
    ...link,
    path: draw(points.map(({ x, y }) => ({ x, y: y + shift }))) ?? '',
  }));
  // Lines may run outside of all boxes, which the layout does not count.
  const bottom = Math.max(
    ...boxes.map((box) => box.y + box.height),
    ...lines.flatMap(({ points }) => points.map(({ y }) => y + shift)),
  );
  return {
    width: Math.ceil(Math.max(...boxes.map((box) => box.x + box.width)) + margin),
    height: Math.ceil(bottom + margin),
    boxes,
    lines: drawn.map((one) => ({ ...one, path: rounded(one.path) })),
  };
}

/** About how wide a text is in the page's type at 12 px; wide scripts count double. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text)
    width += /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(letter) ? 12.5 : 6.9;
  return width;
}

interface Size {
  width: number;
  height: number;
  shape: LineageBox['shape'];
  columns: number;
  cell: number;
}

function sizeOf(group: LineageGroup, open: boolean): Size {
  const { items } = group;
  if (items.length === 1 || !open) {
    const needed = 44 + Math.max(textWidth(titleOf(group)), textWidth(noteOf(group)) * 0.93);
    const width = Math.round(Math.min(maxWidth, Math.max(leastWidth, needed)));
    return { width, height: boxHeight, shape: items.length === 1 ? 'single' : 'stack', columns: 1, cell: 0 };
  }
  const widest = items
    .slice(0, 400)
    .reduce((most, { label }) => Math.max(most, textWidth(labelOf(label))), 0);
  const cell = Math.round(Math.min(196, Math.max(72, widest + 34)));
  const columns = Math.max(
    1,
    Math.min(items.length, Math.round(Math.sqrt((items.length * rowHeight * 1.1) / cell))),
  );
  return {
    width: Math.max(
      columns * cell + 2 * inset,
      Math.min(maxWidth, Math.round(textWidth(titleOf(group)) + 52)),
    ),
    height: headHeight + Math.ceil(items.length / columns) * rowHeight + inset,
    shape: 'frame',
    columns,
    cell,
  };
}

function boxOf(group: LineageGroup, size: Size, middleX: number, middleY: number): LineageBox {
  const [x, y] = [round(middleX - size.width / 2), round(middleY - size.height / 2)];
  const rows = Math.ceil(group.items.length / size.columns);
  return {
    id: group.id,
    kind: group.kind,
    shape: size.shape,
    label: titleOf(group),
    note: noteOf(group),
    x,
    y,
    width: size.width,
    height: size.height,
    items: group.items,
    places:
      size.shape !== 'frame'
        ? []
        : group.items.map((item, index) => ({
            item,
            label: labelOf(item.label),
            x: round(x + inset + Math.floor(index / rows) * size.cell),
            y: round(y + headHeight + (index % rows) * rowHeight),
            width: size.cell,
            height: rowHeight,
          })),
    shares:
      group.items.length === 1 || group.kind !== 'run' ? [] : sharesOf(group.items, size.width - 2 * inset),
  };
}

/** "40 × results/train" for many; the name for one. */
function titleOf(group: LineageGroup): string {
  if (group.items.length === 1) return labelOf(group.label);
  const many = group.kind === 'data' ? 'inputs' : group.label || (group.kind === 'stage' ? 'stages' : 'runs');
  return `${formatCount(group.items.length)} × ${shorten(many, maxChars - 6)}`;
}

function noteOf(group: LineageGroup): string {
  if (group.kind === 'data') return group.items.length === 1 ? 'input' : 'used by the same';
  if (group.kind === 'stage') return 'not in this book';
  if (group.items.length === 1) return shorten(group.items[0]?.group ?? '', maxChars);
  const counts = statusOrder.map((status) => [status, countOf(group.items, status)] as const);
  const told = counts.filter(([, count]) => count > 0);
  if (told.length === 1 && told[0]?.[0] === 'unknown') return 'no status recorded';
  return told.length === 1
    ? `all ${told[0]?.[0]}`
    : told.map(([status, count]) => `${formatCount(count)} ${status}`).join(', ');
}

function sharesOf(items: LineageItem[], width: number): LineageBox['shares'] {
  let x = 0;
  return statusOrder.flatMap((status) => {
    const count = countOf(items, status);
    if (count === 0) return [];
    const share = { status, count, x: round(x), width: round((count / items.length) * width) };
    x += (count / items.length) * width;
    return [share];
  });
}

function countOf(items: LineageItem[], status: StatusName): number {
  return items.reduce((sum, item) => sum + (item.status === status ? 1 : 0), 0);
}

function labelOf(text: string): string {
  return shorten(text, 24);
}

const draw = line<{ x: number; y: number }>()
  .x(({ x }) => round(x))
  .y(({ y }) => round(y))
  .curve(curveBasis);

function pointsOf(graph: Graph, { from, to, kind }: LineageLink): { x: number; y: number }[] {
  const edge = graph.edge(from, to, kind) as { points?: { x: number; y: number }[] } | undefined;
  return edge?.points ?? [];
}

/** One digit behind the point is a tenth of a pixel. */
function rounded(path: string): string {
  return path.replace(/\d+\.\d+/g, (number) => String(round(Number(number))));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
