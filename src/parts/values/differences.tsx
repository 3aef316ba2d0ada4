import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { DifferenceText } from '../../data/snapshots/changes.ts';
import type { UnchangedView } from '../../data/snapshots/unchanged.ts';
import type { WordPart } from '../../data/values/words.ts';
import { pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';

/**
 * Differences as sentences: path, old struck and pale, arrow, new, and how much that is. Changed texts are shown in one
 * piece with what went struck and what came behind it; those above `most` are folded.
 */
export function differencesPart(rows: readonly DifferenceText[], most = Number.POSITIVE_INFINITY): Part[] {
  if (rows.length <= most) return [listOf(rows)];
  const rest = rows.slice(most);
  return [
    listOf(rows.slice(0, most)),
    <details class="more">
      <summary>{formatCount(rest.length)} more</summary>
      {listOf(rest)}
    </details>,
  ];
}

/** What two states have in common: one line, and by section where it is unfolded; nothing where there is nothing. */
export function unchangedPart({ count, sections }: UnchangedView): Part[] {
  if (count === 0) return [];
  const rows = sections.map((section) => (
    <li>
      {pathPart(section.name)} <span>{formatCount(section.count)}</span>
    </li>
  ));
  const summary = <summary>{plural(count, 'value')} the same</summary>;
  return [
    <details class="more change-same">
      {summary}
      <ul>{rows}</ul>
    </details>,
  ];
}

/** A page of more is read by nobody, and no browser shows it in time. */
const maxRows = 2000;

function listOf(rows: readonly DifferenceText[]): Part {
  const left = rows.length - maxRows;
  const more = left > 0 && (
    <li class="change dim">and {formatCount(left)} more; daybook diff lists them all</li>
  );
  return (
    <ul class="changes">
      {rows.slice(0, maxRows).map(rowOf)}
      {more}
    </ul>
  );
}

function rowOf(row: DifferenceText): Part {
  return (
    <li class={`change change-${row.kind}`}>
      <span class="change-path">{pathPart(row.path)}</span>
      <span class="change-values">{valuesOf(row)}</span>
      <span class="change-amount">{row.amount}</span>
    </li>
  );
}

function valuesOf(row: DifferenceText): Inside[] {
  if (row.words !== undefined) return [wordsOf(row.words, row.afterWhole)];
  const before = row.before !== undefined && <del title={row.beforeWhole}>{row.before}</del>;
  const after = row.after !== undefined && <ins title={row.afterWhole}>{row.after}</ins>;
  const sign = row.sign !== '' && signOf(row);
  const inOrder = row.kind === 'removed' ? [sign, before] : [before, sign, after];
  return inOrder.filter(Boolean).flatMap((one, at) => (at === 0 ? [one] : [' ', one]));
}

const spoken = { added: 'added', removed: 'removed', changed: 'is now', gathered: '', moved: '' };

/** The arrow for the eye, its meaning for the ear. */
function signOf({ sign, kind }: DifferenceText): Part {
  return (
    <span class="change-arrow">
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">{spoken[kind]}</span>
    </span>
  );
}

function wordsOf(words: readonly WordPart[], whole: string | undefined): Part {
  const parts = words.map(({ kind, text }) => {
    const shown = text;
    return kind === 'same' ? shown : part(kind === 'removed' ? 'del' : 'ins', {}, shown);
  });
  return (
    <span class="change-words" title={whole}>
      {parts}
    </span>
  );
}
