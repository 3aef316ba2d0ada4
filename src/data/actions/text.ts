import { formatCount, shortNumber } from '../../../collector/base/format/number.ts';
import { hasMembers, isObject, type JsonObject, type JsonValue, numberIn } from '../browser.ts';
import { measureText } from '../values/unit.ts';

const most = 120;
const telling = ['description', 'message', 'summary', 'title', 'subject', 'command', 'name', 'event', 'task'];
const silent = new Set(['status', 'timestamp', 'time', 'id', 'type', '$blob', 'bytes']);

/** One line of text made from the details, at most 120 characters: what a person would say about them. */
export function summaryText(details: JsonValue): string {
  if (typeof details === 'string') return shorten(details);
  if (!isObject(details)) return details === null ? '' : shorten(valueText(details, 2));
  const command = commandText(details);
  if (command !== undefined) return shorten(command);
  const parts: string[] = [];
  const first = telling.find((key) => Object.hasOwn(details, key) && typeof details[key] === 'string');
  if (first !== undefined) parts.push(details[first] as string);
  let length = parts[0]?.length ?? 0;
  for (const key in details) {
    if (length > most) break;
    if (key === first || silent.has(key)) continue;
    const part = pairText(key, details[key]!, first === undefined && parts.length === 0);
    if (part === '') continue;
    parts.push(part);
    length += part.length + 2;
  }
  return shorten(parts.join(', '));
}

/** What `daybook exec` ran, as it was typed; how it went says the status, and the output stands in the details. */
function commandText(details: JsonObject): string | undefined {
  const { command, exit_code: exitCode } = details;
  if (!Array.isArray(command) || command.length === 0 || !command.every((one) => typeof one === 'string'))
    return undefined;
  return [
    command.join(' '),
    numberIn(exitCode) !== undefined && numberIn(exitCode) !== 0 ? `exit code ${exitCode}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Text without line breaks, control characters and marks that turn the direction of what follows. */
export function oneLine(text: string): string {
  return /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(text)
    ? text
        .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
        .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
        .trim()
    : text;
}

function pairText(key: string, value: JsonValue, isFirst: boolean): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string' && isFirst) return value;
  if (typeof value === 'boolean') return value ? key : `not ${key}`;
  const number = numberIn(value);
  const text = (number === undefined ? undefined : measureText(number, key)) ?? valueText(value, 1);
  return text === '' ? '' : `${key} ${text}`;
}

function valueText(value: JsonValue, depth: number): string {
  if (typeof value === 'string') return value.length > most ? value.slice(0, most) : value;
  if (typeof value === 'number') return shortNumber(value);
  if (!hasMembers(value)) return String(value);
  if (Array.isArray(value)) {
    if (depth > 0 && value.length <= 3 && value.every((one) => !hasMembers(one))) return value.join(' ');
    return value.length === 0
      ? ''
      : `${formatCount(value.length)} ${value.length === 1 ? 'entry' : 'entries'}`;
  }
  if (depth === 0) return '';
  const inner: string[] = [];
  for (const key in value) {
    if (inner.length === 3) break;
    const text = valueText(value[key]!, depth - 1);
    if (text !== '') inner.push(text);
  }
  return inner.join(' ');
}

function shorten(text: string): string {
  const line = oneLine(text.length > most * 4 ? text.slice(0, most * 4) : text);
  if (line.length <= most) return line.toWellFormed();
  return `${line
    .slice(0, most - 1)
    .toWellFormed()
    .trimEnd()}…`;
}
