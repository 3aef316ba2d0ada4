import { formatBytes } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { versionRail } from '../../charts/version-rail.ts';
import { versionHref } from '../../data/links.ts';
import type { VersionPageFacts } from '../../data/versions/page.ts';
import { linkPart, monoPart, panelPart, pathPart } from '../basics.ts';
import { type Part, part } from '../part.ts';
import { railPart, railRoom, statePart } from './marks.ts';

/** The versions that a version rests on and that rest on it, newest first, with the lines between them. */
export function versionChain(facts: VersionPageFacts): Part {
  const { chain, view, up, moreUpon } = facts;
  const rail = versionRail(chain.map(({ version, base }) => ({ name: version, base })));
  const rows = chain.map((one, at) => {
    const row = rail.rows[at]!;
    const isThis = one.version === view.version;
    const name = part(
      'span',
      { class: 'chain-name' },
      isThis
        ? part('b', { class: 'mono' }, pathPart(one.version))
        : linkPart(versionHref(up, one), pathPart(one.version), 'mono'),
      statePart(one),
    );
    return part(
      'li',
      { 'aria-current': isThis ? 'true' : undefined },
      part('span', { class: 'rail-cell' }, railPart(row, rail.lanes, one.state), railRoom(rail.lanes)),
      name,
      part('span', { class: 'chain-time' }, one.atUs === undefined ? '' : formatTime(one.atUs)),
      part(
        'span',
        { class: 'chain-size' },
        `${one.base === undefined ? 'whole' : 'delta'}, ${formatBytes(one.storedBytes)}`,
      ),
    );
  });
  const lost = chain.find(({ base }) => base !== undefined && !chain.some(({ version }) => version === base));
  const note =
    chain.length === 1
      ? undefined
      : `${plural(chain.length, 'version')}; each rests on the one its line leads down to`;
  return panelPart(
    { title: 'Chain', id: 'chain', note },
    part('ol', { class: 'chain' }, rows),
    chain.length === 1 &&
      view.base === undefined &&
      part('p', { class: 'panel-text' }, 'It is stored whole, and no other rests on it.'),
    moreUpon > 0 && part('p', { class: 'panel-text' }, `and ${moreUpon} more that rest on it`),
    lost !== undefined &&
      part('p', { class: 'panel-text' }, 'Its base ', monoPart(lost.base ?? ''), ' is not in the store.'),
  );
}
