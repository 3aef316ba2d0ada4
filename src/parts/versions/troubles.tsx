import { plural } from '../../../collector/base/format/words.ts';
import type { VersionState } from '../../data/versions/types.ts';
import { linkPart, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { statePart } from './marks.tsx';

/** A version that cannot be read, and why. */
export interface VersionTrouble {
  version: string;
  href: string | undefined;
  state: VersionState;
  problem: string;
}

const maxShown = 5;
const maxFolded = 100;

/** What cannot be read, each with its reason; of many the first few, and the rest folded. */
export function troublesPart(troubles: readonly VersionTrouble[]): Part[] {
  // What is broken is worse than what another program can read.
  const worstFirst = [...troubles].sort(
    (a, b) => Number(a.state === 'python') - Number(b.state === 'python'),
  );
  const rest = worstFirst.slice(maxShown);
  if (rest.length === 0) return [listPart(worstFirst)];
  const more = rest.length - maxFolded;
  return [
    listPart(worstFirst.slice(0, maxShown)),
    <details class="more">
      <summary>{rest.length} more</summary>
      {listPart(rest.slice(0, maxFolded))}
      {more > 0 && <p class="pale">and {plural(more, 'version')}, each with its reason on its page</p>}
    </details>,
  ];
}

function listPart(troubles: readonly VersionTrouble[]): Part {
  const rows = troubles.map((trouble) => (
    <li>
      {statePart(trouble)}
      {linkPart(trouble.href, pathPart(trouble.version), 'mono')}
      <span class="dim">{trouble.problem}</span>
    </li>
  ));
  return <ul class="rows version-troubles">{rows}</ul>;
}
