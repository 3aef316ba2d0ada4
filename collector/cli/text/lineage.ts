import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { Lineage, LineageEdge } from '../../operations/runs/lineage.ts';
import type { Palette } from '../output.ts';
import { formatStatus, paintStatus } from './values.ts';

/** More lines than this are counted instead of shown; --json and --dot show all. */
const maxLines = 400;

/** A lineage for reading: what the run was made from above, what was made from it below, indented step by step. */
export function formatLineage(lineage: Lineage, palette: Palette): string[] {
  if (lineage.start === undefined) return formatWhole(lineage, palette);
  const start = lineage.start;
  const up = branches(lineage, start, 'from', palette);
  const down = branches(lineage, start, 'to', palette);
  return [
    label(lineage, start, palette),
    ...(up.length > 0
      ? [palette.faint('made from'), ...up]
      : [palette.faint('made from nothing that is recorded')]),
    ...(down.length > 0 ? [palette.faint('made into'), ...down] : []),
  ];
}

/** Every run that was made from none of this book, with what was made from it. */
function formatWhole(lineage: Lineage, palette: Palette): string[] {
  const children = new Set(lineage.edges.map(({ to }) => to));
  const roots = [...lineage.nodes.keys()].filter((id) => !children.has(id));
  // Where every run has a parent the chains come back to themselves: then each is shown from its first run.
  const starts = roots.length > 0 ? roots : [...lineage.nodes.keys()].slice(0, 1);
  return starts.flatMap((id) => [label(lineage, id, palette), ...branches(lineage, id, 'to', palette)]);
}

function branches(lineage: Lineage, start: string, side: 'from' | 'to', palette: Palette): string[] {
  const other = side === 'from' ? 'to' : 'from';
  const links = new Map<string, LineageEdge[]>();
  for (const edge of lineage.edges) {
    const known = links.get(edge[other]);
    if (known === undefined) links.set(edge[other], [edge]);
    else known.push(edge);
  }
  const lines: string[] = [];
  const shown = new Set([start]);
  let left = 0;
  const open = entriesAt(links.get(start) ?? [], '');
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const id = entry.edge[side];
    if (lines.length >= maxLines) {
      left += 1;
      continue;
    }
    const isShown = shown.has(id);
    const kind = palette.faint(`${entry.edge.kind} `);
    const again = isShown && (links.get(id)?.length ?? 0) > 0 ? palette.faint(' (see above)') : '';
    lines.push(`${entry.indent}${entry.isLast ? '└─ ' : '├─ '}${kind}${label(lineage, id, palette)}${again}`);
    if (isShown) continue;
    shown.add(id);
    open.push(...entriesAt(links.get(id) ?? [], `${entry.indent}${entry.isLast ? '   ' : '│  '}`));
  }
  if (left > 0) lines.push(palette.faint(`… and ${plural(left, 'more run')}`));
  return lines;
}

/** Last first, because they are taken from the end. */
function entriesAt(
  edges: readonly LineageEdge[],
  indent: string,
): { edge: LineageEdge; indent: string; isLast: boolean }[] {
  return edges.map((edge, index) => ({ edge, indent, isLast: index === edges.length - 1 })).reverse();
}

function label(lineage: Lineage, id: string, palette: Palette): string {
  const node = lineage.nodes.get(id);
  if (node?.run === undefined)
    return palette.faint(`${visibleText(id.replace(/^\?/, ''))} (not in this book)`);
  const { status } = node.run;
  const mark = status === 'unknown' ? '' : `  ${paintStatus(status, palette)(formatStatus(status))}`;
  return `${visibleText(id)}${mark}`;
}

const colours: Record<string, string> = {
  completed: '#cfe8d5',
  failed: '#f4cccc',
  running: '#cfe2f3',
  aborted: '#fce5cd',
};

/** A lineage in the language of Graphviz: parents on the left. */
export function lineageDot(lineage: Lineage): string {
  const lines = [
    'digraph lineage {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fillcolor="#eeeeee", fontname="sans-serif"];',
  ];
  for (const { id, name, run } of lineage.nodes.values()) {
    const colour = colours[run?.status ?? ''];
    const facts = [`label=${quoted(run === undefined ? name : run.key)}`];
    if (colour !== undefined) facts.push(`fillcolor="${colour}"`);
    if (run === undefined) facts.push('style="rounded,dashed"');
    if (id === lineage.start) facts.push('penwidth=3');
    lines.push(`  ${quoted(id)} [${facts.join(', ')}];`);
  }
  for (const { from, to, kind } of lineage.edges) {
    lines.push(
      `  ${quoted(from)} -> ${quoted(to)}${kind === 'stage' ? '' : ` [style=${kind === 'data' ? 'dashed' : 'dotted'}, label="${kind}"]`};`,
    );
  }
  return [...lines, '}'].join('\n');
}

function quoted(text: string): string {
  return `"${visibleText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
