import { plural } from '../../../collector/base/format/words.ts';
import type { ValueView } from '../../data/values/value.ts';
import { foldPart, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { valuePart } from './value.tsx';

/** A value that takes more lines than this has its long fields folded. */
const maxLines = 28;
const maxFieldLines = 6;

/** A recorded value in which what is long is folded, field by field, so that the page shows all of its parts at once. */
export function foldedValue(value: ValueView): Part {
  if (value.kind !== 'object' || linesOf(value, maxLines) <= maxLines) return valuePart(value);
  return (
    <dl class="fields">
      {value.entries.map(({ key, value: inner }) => {
        const isLong = inner.kind !== 'leaf' && linesOf(inner, maxFieldLines) > maxFieldLines;
        return (
          <div class={inner.kind === 'leaf' ? 'field' : 'field field-deep'}>
            <dt>{pathPart(key)}</dt>
            <dd>{isLong ? foldPart(holdsText(inner), valuePart(inner)) : valuePart(inner)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function holdsText(value: ValueView): string {
  switch (value.kind) {
    case 'object':
      return plural(value.entries.length, 'field');
    case 'list':
      return plural(value.items.length, 'entry', 'entries');
    case 'table':
      return plural(value.rows.length, 'entry', 'entries');
    default:
      return 'text';
  }
}

/** About how many lines a value takes; counting stops behind `most`. */
function linesOf(value: ValueView, most: number): number {
  if (value.kind === 'raw') return most + 1;
  if (value.kind === 'table') return Math.min(value.rows.length, 13) + 1;
  if (value.kind === 'leaf') return 1 + Math.floor(value.text.length / 120);
  const inside =
    value.kind === 'object' ? value.entries.map((entry) => entry.value) : value.items.slice(0, 13);
  let lines = 0;
  for (const one of inside) {
    lines += linesOf(one, most - lines);
    if (lines > most) return lines;
  }
  return lines;
}
