import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { Rail, RailRow } from '../../charts/version-rail.ts';
import { maxVersionRows } from '../../data/versions/list.ts';
import type { VersionView } from '../../data/versions/types.ts';

/** What a reader asks of the list of versions; pages count from 0. */
export interface VersionWish {
  tag: string;
  text: string;
  page: number;
}

/** One page of the versions that match. */
export interface VersionRows {
  rows: { view: VersionView; rail: RailRow }[];
  lanes: number;
  /** The page that is shown: the last one where fewer match than were asked for. */
  page: number;
  lastPage: number;
  /** How many match, in words. */
  said: string;
}

/** What the parameters of an address ask for. */
export function wishOf(parameters: URLSearchParams): VersionWish {
  return {
    tag: parameters.get('tag') ?? '',
    text: parameters.get('q') ?? '',
    page: Math.max(0, Math.floor(Number(parameters.get('page') ?? 1)) - 1) || 0,
  };
}

/** The query of an address that asks for the same; "" where it asks for all from the beginning. */
export function wishQuery({ tag, text, page }: VersionWish): string {
  const parameters = new URLSearchParams();
  if (tag !== '') parameters.set('tag', tag);
  if (text !== '') parameters.set('q', text);
  if (page > 0) parameters.set('page', String(page + 1));
  return parameters.toString();
}

/** The versions that have the tag and the text. Chains are drawn only where all of their rows are there. */
export function versionRows(views: readonly VersionView[], rail: Rail, wish: VersionWish): VersionRows {
  const matches = [...views.keys()].filter((at) => isWanted(views[at]!, wish));
  const lastPage = Math.max(0, Math.ceil(matches.length / maxVersionRows) - 1);
  const page = Math.min(wish.page, lastPage);
  const isWhole = matches.length === views.length;
  const rows = matches.slice(page * maxVersionRows, (page + 1) * maxVersionRows).map((at) => ({
    view: views[at]!,
    rail: isWhole ? rail.rows[at]! : alone(rail.rows[at]!),
  }));
  const said = countText(matches.length, views.length, page);
  return { rows, lanes: isWhole ? rail.lanes : 1, page, lastPage, said };
}

/** "12 of 446", "446 versions, page 2 of 3". */
export function countText(matching: number, total: number, page: number): string {
  const pages = Math.ceil(matching / maxVersionRows);
  const count =
    matching === total ? plural(total, 'version') : `${formatCount(matching)} of ${formatCount(total)}`;
  return pages > 1 ? `${count}, page ${formatCount(page + 1)} of ${formatCount(pages)}` : count;
}

function isWanted({ version, description, tags }: VersionView, wish: VersionWish): boolean {
  if (wish.tag !== '' && !tags.includes(wish.tag)) return false;
  const text = wish.text.trim().toLowerCase();
  return [version, description, ...tags].some((one) => one.toLowerCase().includes(text));
}

/** A row whose neighbours are not beside it: its mark alone. */
function alone({ kind }: RailRow): RailRow {
  return { lane: 0, kind, lines: [], isLost: false };
}
