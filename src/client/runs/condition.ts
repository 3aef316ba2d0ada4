import { type FilterSubject, matchesRun, parseRunFilter, type RunFilter } from '../../data/browser.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';

/** A condition that a reader wrote: what it asks, which columns it needs, or what is wrong with it. */
export interface Condition {
  text: string;
  /** Columns whose values it looks at. */
  needs: TableColumn[];
  /** Undefined where the text is not understood, or empty. */
  holds: ((run: FilterSubject) => boolean) | undefined;
  problem: { message: string; at: number } | undefined;
}

/** Understands a condition over the parameters and metrics there are. */
export function parseCondition(text: string, columns: readonly TableColumn[]): Condition {
  const named = columns.filter(({ group }) => group !== 'fixed');
  const { filter, problem } = parseRunFilter(
    text,
    named.map(({ name }) => name),
  );
  if (filter === undefined) return { text, needs: [], holds: undefined, problem };
  const names = new Set(namesIn(filter));
  const isNamed = ({ group, name }: TableColumn) => names.has(name) || names.has(`${group}s.${name}`);
  return {
    text,
    needs: columns.filter(isNamed),
    holds: filter.kind === 'all' ? undefined : (run) => matchesRun(filter, run),
    problem: undefined,
  };
}

function namesIn(filter: RunFilter): string[] {
  switch (filter.kind) {
    case 'all':
      return [];
    case 'not':
      return namesIn(filter.term);
    case 'compare':
      return [filter.name];
    default:
      return filter.terms.flatMap(namesIn);
  }
}
