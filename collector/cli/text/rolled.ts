import { formatNumber } from '../../base/format/number.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { visibleText } from '../../base/terminal.ts';
import type { RolledField } from '../../formats/snapshots/rollup.ts';

/** What is left of a field in thinned snapshots: "0 to 7, mean 2.5, last 3", "main, dev, last dev". */
export function rolledText({ numbers, min, max, mean, seen, more, last }: RolledField): string {
  const parts = numbers > 0 ? [`${min} to ${max}, mean ${formatNumber(mean!)}`] : [];
  parts.push(...seen.slice(0, 3).map((text) => recordedText(text)));
  if (more || seen.length > 3) parts.push('…');
  return `${parts.join(', ')}, last ${recordedText(last)}`;
}

/** A recorded value in one line of bounded length. */
export function recordedText(value: JsonValue | undefined): string {
  if (value === undefined) return 'not there';
  const text = typeof value === 'string' && value.trim() !== '' ? value : jsonText(value);
  return visibleText(text.length > 80 ? `${text.slice(0, 79).toWellFormed()}…` : text);
}
