import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../book/types.ts';
import { differences, isObject, type JsonValue } from '../browser.ts';
import { type DifferenceText, differenceText } from './changes.ts';
import { noHabits, rankChanges } from './ranking.ts';
import { type UnchangedView, unchangedView } from './unchanged.ts';

/** What the page of comparisons shows before anything is chosen: the two newest states. */
export interface ComparePage {
  sides: { side: 'a' | 'b'; title: string; name: string; label: string }[];
  said: string;
  /** Undefined where one of the two cannot be read. */
  rows: DifferenceText[] | undefined;
  unchanged: UnchangedView | undefined;
  kind: 'snapshot' | 'version';
}

interface State {
  name: string;
  label: string;
  atUs: number | undefined;
  content: JsonValue | undefined;
}

/** The two newest snapshots, or the two newest versions where there are no snapshots; undefined where there is neither. */
export function comparePageFacts(book: SiteBook): ComparePage | undefined {
  const kind = book.snapshots.length > 0 ? 'snapshot' : 'version';
  const [after, before] = kind === 'snapshot' ? newestSnapshots(book) : newestVersions(book);
  if (after === undefined) return undefined;
  const sides = [
    { side: 'a' as const, title: 'Before', ...(before ?? after) },
    { side: 'b' as const, title: 'After', ...after },
  ].map(({ side, title, name, label }) => ({ side, title, name, label }));
  if (before === undefined)
    return { sides, said: `There is only one ${kind}.`, rows: [], unchanged: undefined, kind };
  const [old, now] = [before.content, after.content];
  if (old === undefined || now === undefined)
    return { sides, said: 'One of the two cannot be shown.', rows: undefined, unchanged: undefined, kind };
  const found = kind === 'snapshot' ? book.changesOf(after.name) : differences(old, now);
  const { telling, readings } = rankChanges(found, noHabits);
  const rows = [...telling, ...readings].map(differenceText);
  const later =
    before.atUs === undefined || after.atUs === undefined
      ? ''
      : `, ${formatSpan((after.atUs - before.atUs) / 1000)} later`;
  const unchanged = isObject(old) && isObject(now) ? unchangedView(old, now) : undefined;
  return { sides, said: `${plural(rows.length, 'difference')}${later}.`, rows, unchanged, kind };
}

function newestSnapshots(book: SiteBook): State[] {
  return book.snapshots
    .slice(-2)
    .reverse()
    .map(({ id, atUs }) => ({ name: id, label: formatTime(atUs), atUs, content: book.contentOf(id) }));
}

function newestVersions({ versions }: SiteBook): State[] {
  return versions.views.slice(0, 2).map(({ version, atUs }) => ({
    name: version,
    label: version,
    atUs,
    content: versions.detailsOf(version)?.content,
  }));
}
