import { plainText } from '../../../collector/base/format/plain.ts';
import type { LeafView, TableView, ValueView } from '../../data/values/value.ts';
import { foldPart, linkPart, pathPart, rawPart, timePart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';

const most = 12;
const cellKinds = { number: 'number', short: 'short', long: 'long', plain: undefined };

/** A recorded value: nested names and values, tables of records, lists folded where they are long. */
export function valuePart(value: ValueView): Part {
  switch (value.kind) {
    case 'leaf':
      return leafPart(value);
    case 'object':
      return part(
        'dl',
        { class: 'fields' },
        value.entries.map(({ key, value: inner }) =>
          part(
            'div',
            { class: inner.kind === 'leaf' ? 'field' : 'field field-deep' },
            part('dt', {}, pathPart(key)),
            part('dd', {}, valuePart(inner)),
          ),
        ),
      );
    case 'list':
      return listPart(value.items);
    case 'table':
      return part(
        'div',
        {},
        inTwo(value.rows, (rows) => tablePart(value, rows)),
      );
    case 'raw':
      return rawPart(value.text);
  }
}

/** One value without parts. */
export function leafPart(leaf: LeafView): Part {
  if (leaf.timeUs !== undefined)
    return part('span', { class: 'leaf mono', title: leaf.exact }, timePart(leaf.timeUs));
  const kind = `leaf ${leaf.type === 'nothing' ? 'pale' : 'mono'}`;
  if (leaf.href !== undefined) return linkPart(leaf.href, plainText(leaf.text), kind);
  return part('span', { class: kind, title: leaf.exact }, plainText(leaf.text));
}

function listPart(items: ValueView[]): Part {
  const simple = items.every(({ kind }) => kind === 'leaf') ? 'items items-simple' : 'items';
  const list = (some: ValueView[]) =>
    part(
      'ol',
      { class: simple },
      some.map((item) => part('li', {}, valuePart(item))),
    );
  return part('div', {}, inTwo(items, list));
}

function tablePart(table: TableView, rows: LeafView[][]): Part {
  const kindOf = (at: number) => cellKinds[table.columns[at]?.type ?? 'plain'];
  return part(
    'div',
    { class: 'table-frame' },
    part(
      'table',
      { class: 'table records' },
      part(
        'thead',
        {},
        part(
          'tr',
          {},
          table.columns.map(({ name }, at) =>
            part('th', { scope: 'col', class: kindOf(at) }, plainText(name)),
          ),
        ),
      ),
      part(
        'tbody',
        {},
        rows.map((row) =>
          part(
            'tr',
            {},
            row.map((leaf, at) => part('td', { class: kindOf(at) }, leafPart(leaf))),
          ),
        ),
      ),
    ),
  );
}

/** The first few, and the rest folded. */
function inTwo<One>(all: One[], print: (some: One[]) => Part): Inside {
  if (all.length <= most) return print(all);
  return [print(all.slice(0, most)), foldPart(`${all.length - most} more`, print(all.slice(most)))];
}
