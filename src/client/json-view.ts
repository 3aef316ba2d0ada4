import { formatCount } from '../../collector/base/format/number.ts';
import { plainText } from '../../collector/base/format/plain.ts';
import { plural } from '../../collector/base/format/words.ts';
import { hasMembers, isExactNumber, isObject, type JsonValue, jsonText, numberIn } from '../data/browser.ts';
import { measureText } from '../data/values/unit.ts';
import { make } from './dom.ts';

const maxEntries = 200;
const maxTextChars = 2000;
const maxDepth = 40;
/** A list of texts up to this long stands in one line. */
const shortList = 60;

/** A JSON value as nested lists of names and values, made of text nodes alone; what is large is folded or cut with a way to see it all. */
export function jsonView(value: JsonValue): HTMLElement {
  if (!hasMembers(value)) {
    return make('div', { class: 'json json-single' }, scalar(value));
  }
  return list(value, 0);
}

function list(value: JsonValue, depth: number): HTMLElement {
  const entries: [string, JsonValue][] = Array.isArray(value)
    ? value.map((one, at) => [String(at), one])
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) {
    return make('div', { class: 'json json-single pale' }, Array.isArray(value) ? 'empty list' : 'no fields');
  }
  const box = make('ul', { class: 'json' });
  const add = (from: number) => {
    for (const [key, one] of entries.slice(from, from + maxEntries)) box.append(entry(key, one, depth));
    const rest = entries.length - from - maxEntries;
    if (rest <= 0) return;
    const more = make('button', { type: 'button', class: 'link' }, `${formatCount(rest)} more`);
    const holder = make('li', {}, more);
    more.addEventListener('click', () => {
      holder.remove();
      add(from + maxEntries);
    });
    box.append(holder);
  };
  add(0);
  return box;
}

function entry(key: string, value: JsonValue, depth: number): HTMLElement {
  const size = hasMembers(value) ? Object.keys(value).length : 0;
  const name = make('span', { class: 'json-key', title: key }, key);
  if (size === 0) return make('li', { class: 'json-pair' }, name, measured(key, value));
  if (isTexts(value) && value.join(', ').length <= shortList)
    return make('li', { class: 'json-pair' }, name, textValue(value.join(', ')));
  if (depth >= maxDepth) return make('li', { class: 'json-pair' }, name, scalar(jsonText(value)));
  const kind = Array.isArray(value) ? plural(size, 'entry', 'entries') : plural(size, 'field');
  const fold = make('details', {}, make('summary', {}, name, ' ', make('span', { class: 'pale' }, kind)));
  const fill = () => {
    if (fold.childElementCount === 1) fold.append(isTexts(value) ? lines(value) : list(value, depth + 1));
  };
  fold.addEventListener('toggle', fill);
  if (depth < 4 && size <= 20) {
    fill();
    fold.open = true;
  }
  return make('li', {}, fold);
}

/** Whether a value is a list of texts and nothing else, short enough to be shown whole. */
function isTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.length <= maxEntries && value.every((one) => typeof one === 'string');
}

/** Texts one below the other: the places of lines of output say nothing. */
function lines(texts: string[]): HTMLElement {
  return make('ul', { class: 'json' }, ...texts.map((text) => make('li', {}, textValue(text))));
}

/** The recorded value; beside a number whose name gives a unit, what that is for people. */
function measured(key: string, value: JsonValue): HTMLElement {
  const number = numberIn(value);
  const text = number === undefined ? undefined : measureText(number, key);
  if (text === undefined) return scalar(value);
  return make('span', {}, scalar(value), make('span', { class: 'pale' }, ` ${text}`));
}

function scalar(value: JsonValue): HTMLElement {
  if (typeof value === 'string') return textValue(value);
  const kind = value === null ? 'null' : isExactNumber(value) ? 'number' : typeof value;
  return make(
    'span',
    { class: `json-${kind}` },
    hasMembers(value) ? (Array.isArray(value) ? '[]' : '{}') : String(value),
  );
}

function textValue(text: string): HTMLElement {
  const shown = text.length > maxTextChars ? text.slice(0, maxTextChars) : text;
  const element = make('span', { class: 'json-string' }, shown);
  if (shown === text) return element;
  const all = make('button', { type: 'button', class: 'link' }, `all ${formatCount(text.length)} characters`);
  all.addEventListener('click', () => element.replaceChildren(plainText(text)));
  element.append('… ', all);
  return element;
}
