import { formatBytes, formatCount, formatShare } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import type { RailRow } from '../../charts/version-rail.ts';
import { compareHref, taggedHref, versionHref } from '../../data/links.ts';
import type { VersionView } from '../../data/versions/types.ts';
import { linkPart, pathPart, timePart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { railPart, railRoom, statePart } from './marks.ts';

/** A line of the list of versions; without a rail where the ones it rests on are not beside it. */
export interface VersionRow {
  view: VersionView;
  rail: RailRow;
}

/** The list of versions as a table. */
export function versionTable(rows: readonly VersionRow[], given: { lanes: number; caption: string }): Part {
  const head = (text: string, kind?: string) => part('th', { scope: 'col', class: kind }, text);
  return part(
    'table',
    { class: 'table version-table' },
    part('caption', { class: 'visually-hidden' }, given.caption),
    part(
      'thead',
      {},
      part(
        'tr',
        {},
        part(
          'th',
          { scope: 'col', class: 'rail-cell' },
          part('span', { class: 'visually-hidden' }, 'Rests on'),
          railRoom(given.lanes),
        ),
        head('Version'),
        head('Tags', 'wide-only'),
        head('Saved (UTC)', 'time-cell wide-only'),
        head('Changed', 'number'),
        head('Whole', 'number wide-only'),
        head('On disk', 'number'),
        head('Spared', 'number wide-only'),
      ),
    ),
    part(
      'tbody',
      {},
      rows.map((row) => rowPart(row, given.lanes)),
    ),
  );
}

function rowPart({ view, rail }: VersionRow, lanes: number): Part {
  return part(
    'tr',
    {},
    part('td', { class: 'rail-cell' }, railPart(rail, lanes, view.state), restsOn(view)),
    part(
      'th',
      { scope: 'row', class: 'version-cell' },
      part(
        'span',
        { class: 'version-name' },
        linkPart(versionHref('', view), pathPart(view.version), 'mono'),
        statePart(view),
      ),
      view.description !== '' && part('span', { class: 'version-description' }, plainText(view.description)),
      view.problem !== '' &&
        view.state !== 'python' &&
        part('span', { class: 'version-description' }, plainText(view.problem)),
      view.atUs !== undefined &&
        part('span', { class: 'narrow-only version-description' }, timePart(view.atUs)),
      view.tags.length > 0 && part('span', { class: 'narrow-only' }, tagsPart(view.tags, '')),
    ),
    part('td', { class: 'wide-only' }, view.tags.length > 0 && tagsPart(view.tags, '')),
    part(
      'td',
      { class: 'mono time-cell wide-only' },
      view.atUs === undefined ? part('span', { class: 'no-time' }, 'no time') : timePart(view.atUs),
    ),
    part('td', { class: 'number' }, changedPart(view, '')),
    part('td', { class: 'number wide-only' }, formatBytes(view.fullBytes)),
    part('td', { class: 'number' }, formatBytes(view.storedBytes)),
    part(
      'td',
      { class: 'number wide-only' },
      view.base === undefined ? part('span', { class: 'pale' }, 'whole') : sparedText(view),
    ),
  );
}

/** For who does not see the rail. */
function restsOn({ base }: VersionView): Part {
  const text = base === undefined ? 'whole' : `delta to ${plainText(base)}`;
  return part('span', { class: 'visually-hidden' }, text);
}

/** The share of the whole that a delta does without: "93 %". */
export function sparedText({
  fullBytes,
  storedBytes,
}: Pick<VersionView, 'fullBytes' | 'storedBytes'>): string {
  const spared = fullBytes - storedBytes;
  return spared <= 0 ? 'none' : formatShare(spared, fullBytes);
}

/** How many differences there are to the version before, leading to them. */
function changedPart({ version, before, changes }: VersionView, up: string): Inside {
  if (before === undefined) return part('span', { class: 'pale' }, 'first');
  if (changes === undefined)
    return part('span', { class: 'pale', title: 'One of the two cannot be read' }, '–');
  const href = compareHref(up, before, version);
  const label = `${formatCount(changes)} since ${plainText(before)}`;
  return part('a', { href, title: label, 'aria-label': label }, formatCount(changes));
}

const maxTags = 6;

/** Tags as links to what else has them. */
export function tagsPart(tags: readonly string[], up: string): Part {
  const rest = tags.length - maxTags;
  return part(
    'ul',
    { class: 'tags' },
    tags
      .slice(0, maxTags)
      .map((tag) =>
        part(
          'li',
          {},
          part(
            'a',
            { class: 'tag', href: taggedHref(up, tag), 'data-tag': tag, title: plainText(tag) },
            plainText(tag),
          ),
        ),
      ),
    rest > 0 &&
      part('li', { class: 'pale', title: tags.slice(maxTags).map(plainText).join(', ') }, `and ${rest} more`),
  );
}
