import type { Difference, SiteBook } from '../book/types.ts';
import { PublishedContents } from './publish/earlier.ts';
import { fieldsOf, type SnapshotFacts, viewsOf } from './publish/facts.ts';
import { publishedFieldPoints, publishedRolledSpans } from './published-fields.ts';
import { tellingDifferences } from './telling.ts';

/** The snapshots of a book for its pages, from what was published below `folder`; the newest `pages` get one. */
export function loadedSnapshots(
  folder: string,
  facts: SnapshotFacts,
  pages: number,
): Pick<
  SiteBook,
  'snapshots' | 'contentOf' | 'changesOf' | 'pageIds' | 'fields' | 'fieldPointsOf' | 'fieldRolledOf'
> {
  const views = viewsOf(facts);
  const numbers = new Map(views.map(({ id }, number) => [id, number]));
  const contents = new PublishedContents(folder, facts.parts);
  const firstPage = Math.max(0, views.length - pages);
  const changes = new Map<string, Difference[]>();
  const changesAt = (number: number): Difference[] => {
    const [before, after] = [contents.at(number - 1), contents.at(number)];
    const found = before && after && tellingDifferences(before, after, views[number]!.atUs);
    return found ?? [];
  };
  return {
    snapshots: views,
    contentOf: (id) => contents.at(numbers.get(id) ?? -1),
    changesOf(id) {
      const number = numbers.get(id) ?? -1;
      if (number < firstPage) return [];
      const found = changes.get(id) ?? changesAt(number);
      changes.set(id, found);
      return found;
    },
    pageIds: facts.ids.slice(firstPage).reverse(),
    fields: fieldsOf(facts).map(({ section: _, ...field }) => field),
    fieldPointsOf: publishedFieldPoints(folder),
    fieldRolledOf: publishedRolledSpans(folder),
  };
}
