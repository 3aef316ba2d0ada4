import { plural } from '../../../collector/base/format/words.ts';
import type { LineageEntry } from '../../data/lineage/view.ts';
import { foldPart, linkPart, pathPart, statusPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';

const maxItems = 1000;
const maxNames = 12;

/** The graph as a list to read: the same facts as the picture, for those who cannot see it and for finding a name. */
export function lineageList(entries: readonly LineageEntry[], hrefOf: (slug: string) => string): Part {
  return (
    <ul class="rows lineage-list">
      {entries.map((entry) => (
        <li id={`group-${entry.group.id}`}>{entryPart(entry, hrefOf)}</li>
      ))}
    </ul>
  );
}

function entryPart({ group, from, to }: LineageEntry, hrefOf: (slug: string) => string): Inside {
  const [only] = group.items;
  const single = group.items.length === 1 && only !== undefined;
  const relations = (
    <p class="lineage-said">
      {from.length > 0 && [<span class="pale">made from </span>, namesOf(from), ' ']}
      {to.length > 0 && [<span class="pale">used by </span>, namesOf(to)]}
    </p>
  );
  if (single) {
    return [
      <p class="lineage-head">
        {linkPart(only.kind === 'run' ? hrefOf(only.id) : undefined, pathPart(only.label), 'mono')}
        {only.status !== undefined ? (
          statusPart(only.status)
        ) : (
          <span class="pale">{only.kind === 'data' ? 'input' : 'not in this book'}</span>
        )}
        {only.group !== '' && <span class="pale">{pathPart(only.group)}</span>}
      </p>,
      relations,
    ];
  }
  return [
    foldPart(
      [<b>{plural(group.items.length, group.kind === 'data' ? 'input' : 'run')}</b>, ' ', group.label],
      <ul class="lineage-members">
        {group.items.slice(0, maxItems).map((item) => (
          <li>
            {linkPart(item.kind === 'run' ? hrefOf(item.id) : undefined, pathPart(item.label), 'mono')}
            {item.status !== undefined && item.status !== 'completed' && statusPart(item.status)}
          </li>
        ))}
      </ul>,
    ),
    relations,
  ];
}

function namesOf(names: string[]): Inside {
  const more = names.length - maxNames;
  return [<span class="mono">{names.slice(0, maxNames).join(', ')}</span>, more > 0 && ` and ${more} more`];
}
