import { formatBytes, formatCount, formatShare } from '../../../collector/base/format/number.ts';
import type { RailRow } from '../../charts/version-rail.ts';
import { compareHref, taggedHref, versionHref } from '../../data/links.ts';
import type { VersionView } from '../../data/versions/types.ts';
import { linkPart, pathPart, timePart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { railPart, railRoom, statePart } from './marks.tsx';

/** A line of the list of versions; without a rail where the ones it rests on are not beside it. */
export interface VersionRow {
  view: VersionView;
  rail: RailRow;
}

/** The list of versions as a table. */
export function versionTable(rows: readonly VersionRow[], given: { lanes: number; caption: string }): Part {
  const head = (text: string, kind?: string) => (
    <th scope="col" class={kind}>
      {text}
    </th>
  );
  return (
    <table class="table version-table">
      <caption class="visually-hidden">{given.caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="rail-cell">
            <span class="visually-hidden">Rests on</span>
            {railRoom(given.lanes)}
          </th>
          {head('Version')}
          {head('Tags', 'wide-only')}
          {head('Saved (UTC)', 'time-cell wide-only')}
          {head('Changed', 'number')}
          {head('Whole', 'number wide-only')}
          {head('On disk', 'number')}
          {head('Spared', 'number wide-only')}
        </tr>
      </thead>
      <tbody>{rows.map((row) => rowPart(row, given.lanes))}</tbody>
    </table>
  );
}

function rowPart({ view, rail }: VersionRow, lanes: number): Part {
  return (
    <tr>
      <td class="rail-cell">
        {railPart(rail, lanes, view.state)}
        {restsOn(view)}
      </td>
      <th scope="row" class="version-cell">
        <span class="version-name">
          {linkPart(versionHref('', view), pathPart(view.version), 'mono')}
          {statePart(view)}
        </span>
        {view.description !== '' && <span class="version-description">{view.description}</span>}
        {view.problem !== '' && view.state !== 'python' && (
          <span class="version-description">{view.problem}</span>
        )}
        {view.atUs !== undefined && (
          <span class="narrow-only version-description">{timePart(view.atUs)}</span>
        )}
        {view.tags.length > 0 && <span class="narrow-only">{tagsPart(view.tags, '')}</span>}
      </th>
      <td class="wide-only">{view.tags.length > 0 && tagsPart(view.tags, '')}</td>
      <td class="mono time-cell wide-only">
        {view.atUs === undefined ? <span class="no-time">no time</span> : timePart(view.atUs)}
      </td>
      <td class="number">{changedPart(view, '')}</td>
      <td class="number wide-only">{formatBytes(view.fullBytes)}</td>
      <td class="number">{formatBytes(view.storedBytes)}</td>
      <td class="number wide-only">
        {view.base === undefined ? <span class="pale">whole</span> : sparedText(view)}
      </td>
    </tr>
  );
}

/** For who does not see the rail. */
function restsOn({ base }: VersionView): Part {
  const text = base === undefined ? 'whole' : `delta to ${base}`;
  return <span class="visually-hidden">{text}</span>;
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
  if (before === undefined) return <span class="pale">first</span>;
  if (changes === undefined)
    return (
      <span class="pale" title="One of the two cannot be read">
        –
      </span>
    );
  const href = compareHref(up, before, version);
  const label = `${formatCount(changes)} since ${before}`;
  return (
    <a href={href} title={label} aria-label={label}>
      {formatCount(changes)}
    </a>
  );
}

const maxTags = 6;

/** Tags as links to what else has them. */
export function tagsPart(tags: readonly string[], up: string): Part {
  const rest = tags.length - maxTags;
  return (
    <ul class="tags">
      {tags.slice(0, maxTags).map((tag) => (
        <li>
          <a class="tag" href={taggedHref(up, tag)} data-tag={tag} title={tag}>
            {tag}
          </a>
        </li>
      ))}
      {rest > 0 && (
        <li class="pale" title={tags.slice(maxTags).join(', ')}>
          and {rest} more
        </li>
      )}
    </ul>
  );
}
