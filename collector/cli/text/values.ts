import { formatNumber as numberText } from '../../base/format/number.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { Palette } from '../output.ts';

const marks: Record<string, string> = {
  pending: '○',
  running: '◐',
  completed: '●',
  failed: '✕',
  aborted: '□',
  unknown: '?',
  operational: '●',
  degraded: '▲',
  failing: '✕',
};

/** A status or health as shape and word: "● completed". */
export function formatStatus(status: string, word: string = status): string {
  return `${marks[status] ?? '?'} ${word}`;
}

/** The colour that says what a status or health means. */
export function paintStatus(status: string, palette: Palette): (text: string) => string {
  if (status === 'completed' || status === 'operational') return palette.good;
  if (status === 'failed' || status === 'failing') return palette.bad;
  if (status === 'running') return palette.active;
  if (status === 'aborted' || status === 'degraded') return palette.warning;
  return palette.faint;
}

/** A number as one can type it again, with six digits: "-12400", "0.0058714", "1.5e-7", "Infinity". */
export function formatNumber(value: number): string {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return String(value);
  return numberText(value, 6).replaceAll('−', '-').replaceAll(',', '');
}

/** Details on one line, safe to print: "target=production version=1.2.0"; at most 200 characters. */
export function formatDetails(details: JsonValue): string {
  if (!isObject(details)) return ellipsis(formatValue(details), 200);
  const keys = Object.keys(details);
  const only = details[keys[0] ?? ''];
  if (keys.length === 1 && keys[0] === 'description' && typeof only === 'string')
    return ellipsis(visibleText(only), 200);
  const pairs = keys.slice(0, 12).map((key) => `${visibleText(key)}=${formatValue(details[key]!)}`);
  return ellipsis(pairs.join(' '), 200);
}

function formatValue(value: JsonValue): string {
  if (typeof value === 'string')
    return ellipsis(/[\s=]/.test(value) ? jsonText(visibleText(value)) : visibleText(value), 80);
  return ellipsis(visibleText(jsonText(value).slice(0, 400)), 80);
}
