import { isObject, type JsonValue } from '../base/json.ts';
import { jsonText } from '../base/json-text.ts';
import { ellipsis, visibleText } from '../base/terminal.ts';
import type { Palette } from './output.ts';

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

/** "2025-12-22 02:20:57", UTC; the zone is named once, in the head of the list. */
export function formatTime(us: number | undefined): string {
  if (us === undefined || Number.isNaN(us)) return 'no time';
  return new Date(us / 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** "12 ms", "3.2 s", "4 min 10 s", "2 h 5 min" */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "45 s", "12 min", "5 h 10 min", "3 days": a stretch of time, coarser the longer it is. */
export function formatSpan(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 1) return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
  if (hours < 48) return `${Math.floor(hours)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
  return plural(Math.round(hours / 24), 'day');
}

/** "812 B", "4.7 MB": thousands, as file managers count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const exponent = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** exponent).toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][exponent]}`;
}

/** "7,771" */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 action", "3 actions" */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
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
