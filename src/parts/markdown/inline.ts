import { type Part, textOf } from '../part.ts';

/** How links of a page are written: pages that have a Markdown form lead to that. */
export type LinkTo = (href: string) => string;

/** Elements that are for hands, or say with shapes what stands beside them in words. */
const silent = new Set([
  'button',
  'input',
  'select',
  'textarea',
  'datalist',
  'template',
  'script',
  'style',
  'canvas',
  'wbr',
  'col',
  'colgroup',
  'kbd',
]);

/** Whether a reader of text gets nothing of an element. */
export function isSilent({ tag, attributes }: Part): boolean {
  if (silent.has(tag) || attributes['hidden'] === true || attributes['hidden'] === '') return true;
  if (attributes['aria-hidden'] === 'true' || attributes['aria-hidden'] === true) return true;
  return tag === 'svg' && attributes['aria-label'] === undefined;
}

/** What stands in a line: text, marked where the page marks it. */
export function inlineText(children: readonly (Part | string)[], linkTo: LinkTo): string {
  return joined(children, (child) =>
    typeof child === 'string' ? escapeText(child) : elementText(child, linkTo),
  );
}

/** The same without any mark, for descriptions. */
export function plainInline(children: readonly (Part | string)[]): string {
  const text = (child: Part | string): string =>
    typeof child === 'string' ? child : (replaced(child) ?? joined(child.children, text));
  return joined(children, text).replace(/\s+/g, ' ').trim();
}

/**
 * Elements side by side that a style sheet sets apart have no space between them; words would run together. What is text
 * says itself where its spaces are.
 */
function joined(children: readonly (Part | string)[], print: (child: Part | string) => string): string {
  let text = '';
  let wasElement = false;
  for (const child of spoken(children)) {
    const next = print(child);
    if (next === '') continue;
    const isElement = typeof child !== 'string';
    if (isElement && wasElement && /[^\s(]$/.test(text) && /^[^\s,.;:)]/.test(next)) text += ' ';
    text += next;
    wasElement = isElement;
  }
  return text;
}

/** What is read, and texts in one piece that only a place to break them parts: what is a mark in them shows by its neighbours. */
function spoken(children: readonly (Part | string)[]): (Part | string)[] {
  const read: (Part | string)[] = [];
  for (const child of children) {
    const before = read.at(-1);
    if (typeof child === 'string' && typeof before === 'string') read[read.length - 1] = before + child;
    else if (typeof child === 'string' || !isSilent(child)) read.push(child);
  }
  return read;
}

/** What is said in place of an element: a chart by its label; a time that a script keeps fresh by the time itself. */
function replaced({ tag, attributes }: Part): string | undefined {
  if (tag === 'svg') return `[chart: ${String(attributes['aria-label'])}]`;
  if (tag === 'img') return String(attributes['alt'] ?? '');
  if (tag === 'br') return ' ';
  if (tag === 'time' && attributes['data-relative'] !== undefined)
    return String(attributes['title'] ?? attributes['datetime']);
  return undefined;
}

function elementText(element: Part, linkTo: LinkTo): string {
  const { tag, attributes, children } = element;
  const instead = replaced(element);
  if (instead !== undefined) return escapeText(instead);
  if (tag === 'code' || isMono(element)) return codeSpan(textOf(element));
  const inside = inlineText(children, linkTo);
  if (inside.trim() === '') return inside === '' ? '' : ' ';
  switch (tag) {
    case 'a':
      return linkText(inside, attributes['href'], linkTo);
    case 'b':
    case 'strong':
      return around(inside, '**');
    case 'del':
    case 's':
      return around(inside, '~~');
    default:
      return inside;
  }
}

function isMono({ tag, attributes, children }: Part): boolean {
  if (tag !== 'span' || !/(?:^| )mono(?: |$)/.test(String(attributes['class'] ?? ''))) return false;
  return children.every((child) => typeof child === 'string' || child.tag === 'wbr');
}

/** Marks stand close to the words, spaces outside of them. */
function around(inside: string, mark: string): string {
  const [, before = '', text = '', behind = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inside) ?? [];
  return `${before}${mark}${text}${mark}${behind}`;
}

function linkText(inside: string, href: Part['attributes'][string], linkTo: LinkTo): string {
  if (typeof href !== 'string' || href === '') return inside;
  const to = linkTo(href).replace(
    /[\s<>()\\]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  const [, before = '', text = '', behind = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inside) ?? [];
  return `${before}[${text.replace(/\s*\n\s*/g, ' ')}](${to})${behind}`;
}

/** Recorded text as code, whatever marks are in it. */
export function codeSpan(given: string): string {
  const text = given.replace(/\s+/g, ' ').trim();
  if (text === '') return '';
  // In a table a bar ends the cell even in code.
  if (text.includes('|')) return escapeText(text);
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = longest > 0 ? ' ' : '';
  return `${fence}${gap}${text}${gap}${fence}`;
}

/** Recorded text as text: no character of it is a mark. "_" within a word is none by itself. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/\s+/g, ' ');
}
