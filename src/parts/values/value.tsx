import type { LeafView, TableView, ValueView } from '../../data/values/value.ts';
import { foldPart, linkPart, pathPart, rawPart, timePart } from '../basics.tsx';
import { group, type Inside, type Part, part } from '../part.ts';

const most = 12;
const cellKinds = { number: 'number', short: 'short', long: 'long', plain: undefined };

/** A recorded value: nested names and values, tables of records, lists folded where they are long. */
export function valuePart(value: ValueView): Part {
  switch (value.kind) {
    case 'leaf':
      return leafPart(value);
    case 'object':
      return (
        <dl class="fields">
          {value.entries.map(({ key, value: inner }) => (
            <div class={inner.kind === 'leaf' ? 'field' : 'field field-deep'}>
              <dt>{pathPart(key)}</dt>
              <dd>{valuePart(inner)}</dd>
            </div>
          ))}
        </dl>
      );
    case 'list':
      return listPart(value.items);
    case 'table':
      return <>{inTwo(value.rows, (rows) => tablePart(value, rows))}</>;
    case 'raw':
      return rawPart(value.text);
  }
}

/** One value without parts. */
export function leafPart(leaf: LeafView): Part {
  if (leaf.timeUs !== undefined)
    return (
      <span class="leaf mono" title={leaf.exact}>
        {timePart(leaf.timeUs)}
      </span>
    );
  const kind = `leaf ${leaf.type === 'nothing' ? 'pale' : 'mono'}`;
  if (leaf.href !== undefined) return linkPart(leaf.href, leaf.text, kind);
  return (
    <span class={kind} title={leaf.exact}>
      {leaf.text}
    </span>
  );
}

function listPart(items: ValueView[]): Part {
  const simple = items.every(({ kind }) => kind === 'leaf') ? 'items items-simple' : 'items';
  const list = (some: ValueView[]) => (
    <ol class={simple}>
      {some.map((item) => (
        <li>{valuePart(item)}</li>
      ))}
    </ol>
  );
  return <>{inTwo(items, list)}</>;
}

function tablePart(table: TableView, rows: LeafView[][]): Part {
  const kindOf = (at: number) => cellKinds[table.columns[at]?.type ?? 'plain'];
  return (
    <div class="table-frame">
      <table class="table records">
        <thead>
          <tr>
            {table.columns.map(({ name }, at) => (
              <th scope="col" class={kindOf(at)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((leaf, at) => (
                <td class={kindOf(at)}>{leafPart(leaf)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The first few, and the rest folded. */
function inTwo<One>(all: One[], print: (some: One[]) => Part): Inside {
  if (all.length <= most) return print(all);
  return [print(all.slice(0, most)), foldPart(`${all.length - most} more`, print(all.slice(most)))];
}
