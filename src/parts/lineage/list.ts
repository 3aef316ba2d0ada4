import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { LineageEntry } from '../../data/lineage/view.ts';
import { foldPart, linkPart, pathPart, statusPart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';

const maxItems = 1000;
const maxNames = 12;

/** The graph as a list to read: the same facts as the picture, for those who cannot see it and for finding a name. */
export function lineageList(entries: readonly LineageEntry[], hrefOf: (slug: string) => string): Part {
  return part(
    'ul',
    { class: 'rows lineage-list' },
    entries.map((entry) => part('li', { id: `group-${entry.group.id}` }, entryPart(entry, hrefOf))),
  );
}

function entryPart({ group, from, to }: LineageEntry, hrefOf: (slug: string) => string): Inside {
  const [only] = group.items;
  const single = group.items.length === 1 && only !== undefined;
  const relations = part(
    'p',
    { class: 'lineage-said' },
    from.length > 0 && [part('span', { class: 'pale' }, 'made from '), namesOf(from), ' '],
    to.length > 0 && [part('span', { class: 'pale' }, 'used by '), namesOf(to)],
  );
  if (single) {
    return [
      part(
        'p',
        { class: 'lineage-head' },
        linkPart(only.kind === 'run' ? hrefOf(only.id) : undefined, pathPart(only.label), 'mono'),
        only.status !== undefined
          ? statusPart(only.status)
          : part('span', { class: 'pale' }, only.kind === 'data' ? 'input' : 'not in this book'),
        only.group !== '' && part('span', { class: 'pale' }, pathPart(only.group)),
      ),
      relations,
    ];
  }
  return [
    foldPart(
      [
        part('b', {}, plural(group.items.length, group.kind === 'data' ? 'input' : 'run')),
        ' ',
        plainText(group.label),
      ],
      part(
        'ul',
        { class: 'lineage-members' },
        group.items
          .slice(0, maxItems)
          .map((item) =>
            part(
              'li',
              {},
              linkPart(item.kind === 'run' ? hrefOf(item.id) : undefined, pathPart(item.label), 'mono'),
              item.status !== undefined && item.status !== 'completed' && statusPart(item.status),
            ),
          ),
      ),
    ),
    relations,
  ];
}

function namesOf(names: string[]): Inside {
  const more = names.length - maxNames;
  return [
    part('span', { class: 'mono' }, names.slice(0, maxNames).map(plainText).join(', ')),
    more > 0 && ` and ${more} more`,
  ];
}
