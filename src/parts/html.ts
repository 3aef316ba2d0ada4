import { group, type Inside, type Part } from './part.ts';

/** Elements that HTML closes by itself: nothing can stand in them. */
const empty = new Set(['br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'wbr']);

/** Parts as HTML, for the build. Text and the values of attributes are escaped: no recorded character is ever markup. */
export function html(of: Inside): string {
  if (of === undefined || typeof of === 'boolean') return '';
  if (Array.isArray(of)) return of.map(html).join('');
  return typeof of === 'object' ? element(of as Part) : escaped(String(of));
}

function element({ tag, attributes, children }: Part): string {
  if (tag === group) return children.map(html).join('');
  let start = tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    start += value === true || value === '' ? ` ${name}` : ` ${name}="${escaped(String(value))}"`;
  }
  return empty.has(tag) ? `<${start}>` : `<${start}>${children.map(html).join('')}</${tag}>`;
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => marks[mark]!);
}
