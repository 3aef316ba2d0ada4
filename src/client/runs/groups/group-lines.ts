import type { GatheredRuns } from '../../../data/browser.ts';
import type { RowGroups } from './gather-rows.ts';

/** One line of the table of groups: a group, or a run of one that is open. */
export type GroupLine =
  | { kind: 'group'; group: GatheredRuns<number>; id: string; isOpen: boolean }
  | { kind: 'run'; group: GatheredRuns<number>; row: number; isApart: boolean };

/** The lines that are shown: each group, behind it its runs where it is open, those that count first. */
export function groupLines({ groups, ids }: RowGroups, open: ReadonlySet<string>): GroupLine[] {
  const lines: GroupLine[] = [];
  for (const [at, group] of groups.entries()) {
    const id = ids[at]!;
    const isOpen = open.has(id);
    lines.push({ kind: 'group', group, id, isOpen });
    if (!isOpen) continue;
    for (const row of group.runs) lines.push({ kind: 'run', group, row, isApart: false });
    for (const row of group.apart) lines.push({ kind: 'run', group, row, isApart: true });
  }
  return lines;
}

/** The best mean of each measure, where more than one group has one and something says what is better. */
export function bestMeans({ groups, measures }: RowGroups): Map<string, number> {
  const best = new Map<string, number>();
  for (const { column, direction } of measures) {
    const means = groups.flatMap(({ measures: measured }) => measured[column.id]?.mean ?? []);
    if (direction === undefined || means.length < 2) continue;
    const [least, most] = [means.reduce((a, b) => Math.min(a, b)), means.reduce((a, b) => Math.max(a, b))];
    if (least !== most) best.set(column.id, direction === 'min' ? least : most);
  }
  return best;
}
