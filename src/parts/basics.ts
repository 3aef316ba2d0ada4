import { plainText } from '../../collector/base/format/plain.ts';
import { formatMoment, formatTime, isoTime } from '../../collector/base/format/time.ts';
import { shorten } from '../../collector/base/format/words.ts';
import { type MarkName, shapeBox, statusShape } from '../charts/status-shape.ts';
import { notRecorded } from '../data/browser.ts';
import { type Inside, type Part, part } from './part.ts';

/** A mark alone, for places where its word stands beside it. */
export function markPart(name: MarkName): Part {
  const shape = statusShape(name);
  return part(
    'svg',
    {
      class: `mark mark-${name}${shape.filled ? ' mark-filled' : ''}`,
      viewBox: `0 0 ${shapeBox} ${shapeBox}`,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    part('path', { d: shape.path }),
  );
}

/** A status as its mark and its word; `word` is what the file itself says and stands for a status that is none of the known. */
export function statusPart(status: MarkName, word?: string): Part {
  const own = status === 'unknown' && word !== undefined && word.trim() !== '' ? word : undefined;
  const isRecorded = word !== undefined && word !== status && word !== notRecorded;
  const title = isRecorded ? `${status}, recorded as “${word}”` : undefined;
  return part(
    'span',
    { class: own === undefined ? 'status' : 'status status-own', title },
    markPart(status),
    part('span', { class: 'status-word' }, own === undefined ? status : shorten(own, 200)),
  );
}

/** A mark and any words of ours beside it. */
export function markedPart(name: MarkName, ...words: Inside[]): Part {
  return part('span', { class: 'status' }, markPart(name), part('span', { class: 'status-word' }, ...words));
}

/** A time in the fixed form; with `nowUs` as "Nov 20, 16:18", the whole in reach. */
export function timePart(us: number, nowUs?: number): Part {
  const iso = isoTime(us);
  if (iso === undefined) return part('span', { class: 'no-time' }, 'no time');
  if (nowUs !== undefined)
    return part('time', { datetime: iso, title: `${formatTime(us)} UTC` }, formatMoment(us, nowUs));
  const [date, clock] = formatTime(us).split(' ');
  return part('time', { datetime: iso }, part('span', {}, date ?? ''), ' ', part('span', {}, clock ?? ''));
}

/** A path or dotted name that breaks only behind its dots, slashes and underscores. */
export function pathPart(path: string): Inside {
  return plainText(path)
    .split(/(?<=[._\]/\\])/)
    .flatMap((piece, index) => (index === 0 ? [piece] : [part('wbr'), piece]));
}

/** A code-like value. */
export function monoPart(text: string, title?: string): Part {
  return part('span', { class: 'mono', title }, plainText(text));
}

/** A link; without an address only its text. */
export function linkPart(href: string | undefined, inside: Inside, kind?: string): Part {
  return href === undefined
    ? part('span', { class: kind }, inside)
    : part('a', { class: kind, href, rel: /^https?:/i.test(href) ? 'noreferrer' : undefined }, inside);
}

/** A titled part of a page. */
export function panelPart(
  given: { title: string; id: string; note?: Inside; legend?: Inside; flush?: boolean },
  ...inside: Inside[]
): Part {
  const heading = `${given.id}-heading`;
  return part(
    'section',
    { class: given.flush ? 'panel panel-flush' : 'panel', id: given.id, 'aria-labelledby': heading },
    part(
      'header',
      { class: 'panel-head' },
      part('h2', { id: heading }, given.title),
      given.legend,
      given.note !== undefined && part('div', { class: 'panel-note' }, given.note),
    ),
    ...inside,
  );
}

/** Names and values in two columns; what has no value is left out. */
export function factsPart(facts: readonly (readonly [name: string, value: Inside])[]): Part {
  return part(
    'dl',
    { class: 'about' },
    facts
      .filter(([, value]) => value !== undefined && value !== false && value !== '')
      .map(([name, value]) => [part('dt', {}, name), part('dd', {}, value)]),
  );
}

/** Something folded that the reader can open. */
export function foldPart(summary: Inside, ...inside: Inside[]): Part {
  return part('details', { class: 'fold' }, part('summary', {}, summary), ...inside);
}

/** Recorded text as it is, in a box of its own. */
export function rawPart(text: string): Part {
  return part('pre', { class: 'raw', tabindex: 0 }, part('code', {}, plainText(text)));
}
