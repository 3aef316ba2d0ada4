import { hasMembers, isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, textWidth, visibleText } from '../../base/terminal.ts';
import type { Palette } from '../output.ts';

/** How much of a long list or text is shown; --json shows all. */
const maxItems = 12;
const deepestLevel = 6;

/** A JSON value as an indented outline, safe to print: names left, values aligned beside them. */
export function formatTree(value: JsonValue, palette: Palette, width = 100, indent = ''): string[] {
  const entries = entriesOf(value);
  if (entries === undefined) return [`${indent}${formatLeaf(value, palette, width - indent.length)}`];
  const labels = entries.map(([name]) => visibleText(name));
  const column = Math.min(28, Math.max(0, ...labels.map(textWidth)));
  return entries.flatMap(([, child], index) => {
    const label = ellipsis(labels[index]!, 28);
    const inside = entriesOf(child);
    if (inside === undefined || inside.length === 0 || indent.length / 2 >= deepestLevel) {
      const gap = ' '.repeat(Math.max(0, column - textWidth(label)) + 2);
      return [
        `${indent}${palette.faint(label)}${gap}${formatLeaf(child, palette, width - indent.length - column - 2)}`,
      ];
    }
    return [`${indent}${palette.faint(label)}`, ...formatTree(child, palette, width, `${indent}  `)];
  });
}

/** Named parts of a value; undefined for what fits on one line. */
function entriesOf(value: JsonValue): [string, JsonValue][] | undefined {
  if (isObject(value)) return Object.entries(value);
  if (!Array.isArray(value) || !value.some(hasMembers)) {
    return Array.isArray(value) && jsonText(value).length > 60 ? itemsOf(value) : undefined;
  }
  return itemsOf(value);
}

function itemsOf(list: JsonValue[]): [string, JsonValue][] {
  const items = list.slice(0, maxItems).map((item, index): [string, JsonValue] => [String(index + 1), item]);
  if (list.length > maxItems) items.push(['…', `${list.length - maxItems} more`]);
  return items;
}

function formatLeaf(value: JsonValue, palette: Palette, width: number): string {
  const most = Math.max(20, width);
  if (typeof value === 'string') return ellipsis(visibleText(value), most);
  if (value === null) return palette.faint('null');
  if (!hasMembers(value)) return String(value);
  if (Object.keys(value).length === 0) return palette.faint('none');
  return ellipsis(Array.isArray(value) ? value.map(plain).join(', ') : visibleText(jsonText(value)), most);
}

function plain(value: JsonValue): string {
  return visibleText(typeof value === 'string' ? value : jsonText(value));
}
