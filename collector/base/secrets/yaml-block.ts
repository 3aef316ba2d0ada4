import type { Span } from './values.ts';

/**
 * The block that stands below a name of YAML, from the first character of its first line: a text behind `|` or `>`, or
 * members and items. Undefined where the next line is not indented more than the name.
 */
export function blockBelow(
  text: string,
  indent: number,
  from: number,
): (Span & { after: number }) | undefined {
  const first = text.indexOf('\n', from);
  if (first === -1) return undefined;
  let end = first;
  let start: number | undefined;
  for (let at = first + 1; at < text.length; ) {
    const lineEnd = text.indexOf('\n', at);
    const stop = lineEnd === -1 ? text.length : lineEnd;
    const depth = indentOf(text, at, stop);
    // Items may stand as far left as the name that they are under.
    const isItem = depth === indent && text.startsWith('- ', at + indent);
    if (depth !== undefined && depth <= indent && !isItem) break;
    if (depth !== undefined) {
      start ??= at + depth;
      end = stop;
    }
    at = stop + 1;
  }
  return start === undefined ? undefined : { from: start, to: end, after: end };
}

/** Spaces before the first character of a line; undefined for an empty one. */
function indentOf(text: string, from: number, to: number): number | undefined {
  let at = from;
  while (at < to && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return at === to ? undefined : at - from;
}
