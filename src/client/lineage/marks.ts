import { formatCount } from '../../../collector/base/format/number.ts';
import type { LineageBox } from '../../charts/lineage.ts';

/** What stands out in a graph. */
export interface GraphMarks {
  chosen: string | undefined;
  ancestors: ReadonlySet<string>;
  descendants: ReadonlySet<string>;
  matches: ReadonlySet<string>;
}

/** Says by classes what is chosen, what it was made from, what was made from it, and what the search finds. */
export function markGraph(graph: Element, boxes: readonly LineageBox[], marks: GraphMarks): void {
  const { chosen, ancestors, descendants, matches } = marks;
  graph.classList.toggle('has-chosen', chosen !== undefined);
  graph.classList.toggle('has-matches', matches.size > 0);
  const members = new Map(boxes.map((box) => [box.id, box.items.map(({ id }) => id)]));
  for (const element of graph.querySelectorAll('[data-item], [data-group]')) {
    const item = element.getAttribute('data-item');
    const inside = item === null ? (members.get(element.getAttribute('data-group') ?? '') ?? []) : [item];
    const isOneOf = (ids: ReadonlySet<string>) => inside.some((id) => ids.has(id));
    element.classList.toggle('is-chosen', chosen !== undefined && inside.includes(chosen));
    element.classList.toggle('is-ancestor', isOneOf(ancestors));
    element.classList.toggle('is-descendant', isOneOf(descendants));
    element.classList.toggle('is-match', isOneOf(matches));
    if (item !== null || inside.length === 1) continue;
    const related = inside.filter((id) => ancestors.has(id) || descendants.has(id)).length;
    noteStack(
      element,
      related === 0 ? undefined : `${formatCount(related)} of ${formatCount(inside.length)}`,
    );
  }
  const groups = new Set<string>();
  for (const [group, ids] of members)
    if (ids.some((id) => id === chosen || ancestors.has(id) || descendants.has(id))) groups.add(group);
  for (const line of graph.querySelectorAll('.lineage-line')) {
    const [from, to] = [line.getAttribute('data-from') ?? '', line.getAttribute('data-to') ?? ''];
    line.classList.toggle('is-related', chosen !== undefined && groups.has(from) && groups.has(to));
  }
}

/** Says in the second line of a stack how many of its members have to do with what is chosen. */
function noteStack(stack: Element, text: string | undefined): void {
  const note = stack.querySelector('.lineage-note');
  if (note === null) return;
  const usual = note.getAttribute('data-usual') ?? note.textContent ?? '';
  note.setAttribute('data-usual', usual);
  note.textContent = text ?? usual;
}
