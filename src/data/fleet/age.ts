import { longestUs, type PageAge } from '../overview/age.ts';
import { type Fleet, isRead } from './types.ts';

/** Until when the page of several books can be believed: as long as the first pages of all of them. */
export function fleetAge({ builtAtUs, books }: Pick<Fleet, 'builtAtUs' | 'books'>): PageAge {
  const ages = books.filter(isRead).map(({ age }) => age);
  const due = ages.flatMap(({ dueAtUs }) => (dueAtUs === undefined ? [] : [dueAtUs]));
  return {
    builtAtUs,
    staleAtUs: Math.min(builtAtUs + longestUs, ...ages.map(({ staleAtUs }) => staleAtUs)),
    dueAtUs: due.length === 0 ? undefined : Math.min(...due),
  };
}
