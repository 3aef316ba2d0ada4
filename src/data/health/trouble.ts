import type { SiteBook } from '../book/types.ts';
import type { SitePart, Trouble } from './guard.ts';

const about: Record<string, readonly SitePart[]> = {
  overview: ['actions', 'snapshots', 'runs', 'versions', 'schedule'],
  actions: ['actions'],
  snapshots: ['snapshots', 'schedule'],
  runs: ['runs', 'code'],
  trends: ['runs', 'actions', 'snapshots'],
  lineage: ['runs'],
  versions: ['versions'],
};

/** What could not be read of that which a page of the navigation is about; the page of findings lists all as findings. */
export function troublesOf({ troubles }: Pick<SiteBook, 'troubles'>, page: string): Trouble[] {
  return troubles.filter(({ part }) => about[page]?.includes(part) === true);
}
