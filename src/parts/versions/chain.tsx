import { formatBytes } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { versionRail } from '../../charts/version-rail.ts';
import { versionHref } from '../../data/links.ts';
import type { VersionPageFacts } from '../../data/versions/page.ts';
import { linkPart, monoPart, Panel, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { railPart, railRoom, statePart } from './marks.tsx';

/** The versions that a version rests on and that rest on it, newest first, with the lines between them. */
export function versionChain(facts: VersionPageFacts): Part {
  const { chain, view, up, moreUpon } = facts;
  const rail = versionRail(chain.map(({ version, base }) => ({ name: version, base })));
  const rows = chain.map((one, at) => {
    const row = rail.rows[at]!;
    const isThis = one.version === view.version;
    const name = (
      <span class="chain-name">
        {isThis ? (
          <b class="mono">{pathPart(one.version)}</b>
        ) : (
          linkPart(versionHref(up, one), pathPart(one.version), 'mono')
        )}
        {statePart(one)}
      </span>
    );
    return (
      <li aria-current={isThis ? 'true' : undefined}>
        <span class="rail-cell">
          {railPart(row, rail.lanes, one.state)}
          {railRoom(rail.lanes)}
        </span>
        {name}
        <span class="chain-time">{one.atUs === undefined ? '' : formatTime(one.atUs)}</span>
        <span class="chain-size">
          {one.base === undefined ? 'whole' : 'delta'}, {formatBytes(one.storedBytes)}
        </span>
      </li>
    );
  });
  const lost = chain.find(({ base }) => base !== undefined && !chain.some(({ version }) => version === base));
  const note =
    chain.length === 1
      ? undefined
      : `${plural(chain.length, 'version')}; each rests on the one its line leads down to`;
  return (
    <Panel title="Chain" id="chain" note={note}>
      {<ol class="chain">{rows}</ol>}
      {chain.length === 1 && view.base === undefined && (
        <p class="panel-text">It is stored whole, and no other rests on it.</p>
      )}
      {moreUpon > 0 && <p class="panel-text">and {moreUpon} more that rest on it</p>}
      {lost !== undefined && (
        <p class="panel-text">Its base {monoPart(lost.base ?? '')} is not in the store.</p>
      )}
    </Panel>
  );
}
