import { judgeName, type NameVerdict } from './names.ts';
import { isOrdinary } from './ordinary.ts';
import { isPlaceholder } from './placeholders.ts';
import { endsAround, OpenQuotes, type Quote, quoteAt } from './quotes.ts';
import { bracketsAt, connectionValueAt, lineAt, quotedAt, type Span, unitAt, wordAt } from './values.ts';
import { blockBelow } from './yaml-block.ts';

/** What the names in a text say; `own` are the names of the user, plain and as a pattern for those with odd characters. */
export interface NameRules {
  judge(name: string): NameVerdict;
  names: RegExp;
}

/** Rules for the names that are known, and those of the user. */
export function nameRulesOf(names: readonly string[], plain: ReadonlySet<string>): NameRules {
  const own = names.filter((name) => /[^\w.-]/.test(name)).map((name) => name.replace(/[^\w]/g, '\\$&'));
  const word = '-{0,2}[\\w$\\u0080-\\u1fff\\u2c00-\\uffff][\\w.$\\u0080-\\u1fff\\u2c00-\\uffff-]*';
  return {
    judge: (name) => judgeName(name, plain),
    names: new RegExp([...own, word].join('|'), 'gi'),
  };
}

/** A value in a text. */
interface Value extends Span {
  /** Where reading goes on. */
  after: number;
  /** What to put around the mask, so that JSON stays JSON. */
  quote?: string;
}

interface Place {
  text: string;
  name: string;
  verdict: NameVerdict;
  /** Behind the name and the quote that closes it. */
  end: number;
  /** The quote that the name stands in, where it stands in quotes alone. */
  nameQuote: Quote | undefined;
  around: Quote | undefined;
  /** Nothing but indentation and the like stands before the name. */
  isFirst: boolean;
  before: string;
}

/**
 * Masks the values that stand in a text under secret names: `NAME=value`, `name: value`, `"name": "value"` (also escaped,
 * as JSON inside of JSON), `--name value`, `<name>value</name>`, blocks of YAML. A value ends where its quotes end, or
 * else with its word in a command or an address, or else with its line.
 */
export function maskPairs(text: string, rules: NameRules, mask: string): string {
  const quotes = new OpenQuotes(text);
  const { names } = rules;
  let clean = '';
  let done = 0;
  names.lastIndex = 0;
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const place = placeOf(text, found[0], found.index, rules, quotes);
    if (place === undefined) continue;
    const value = valueAt(place);
    if (value === undefined) continue;
    names.lastIndex = Math.max(names.lastIndex, value.after);
    const inner = text.slice(value.from, value.to);
    if (!isSecret(place, inner, rules)) {
      // What is no secret may hold pairs of its own.
      names.lastIndex = place.end;
      if (isReference(inner, rules)) names.lastIndex = value.after;
      continue;
    }
    clean += `${text.slice(done, value.from)}${value.quote ?? ''}${mask}${value.quote ?? ''}`;
    done = value.to;
  }
  return done === 0 ? text : clean + text.slice(done);
}

function placeOf(
  text: string,
  found: string,
  index: number,
  rules: NameRules,
  quotes: OpenQuotes,
): Place | undefined {
  const name = withoutEnd(found);
  const verdict = rules.judge(name) ?? rules.judge(withWordBefore(text, name, index));
  if (verdict === undefined) return undefined;
  const around = quotes.at(index);
  const closing = quoteAt(text, index + found.length);
  const isQuoted =
    closing !== undefined &&
    around !== undefined &&
    closing.mark === around.mark &&
    closing.depth === around.depth;
  const before = text.slice(Math.max(0, index - 60), index);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const isWhole = line.length < before.length || index <= 60;
  return {
    text,
    name,
    verdict,
    end: isQuoted ? closing.end : index + found.length,
    nameQuote: isQuoted ? around : undefined,
    around: isQuoted ? undefined : around,
    isFirst: (isWhole && firstOnLine.test(line)) || (around !== undefined && firstInQuotes.test(line)),
    before: line,
  };
}

/** The last characters say what a name is; a point or dash behind it is none of its own. */
function withoutEnd(found: string): string {
  const name = found.slice(-120);
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === '-')) end -= 1;
  return name.slice(0, end);
}

/** Indentation, a dash, `export`, `#`, a quote: what may stand before a name that begins its line. */
const firstOnLine =
  /^[\s>+*#|-]{0,40}(?:(?:export|set|setx|env|declare -x|local|readonly|ENV|ARG|let|const|var) )?\$?(?:env:)?["'{]?$/;
const firstInQuotes = /(?:["'`]|\\+[nrt])$/;

/** "API key: …": a name of two words. */
function withWordBefore(text: string, name: string, index: number): string {
  if (!/^(?:key|token|string|uri|url|code|phrase)$/i.test(name)) return name;
  const word = /([A-Za-z]{2,20}) $/.exec(text.slice(Math.max(0, index - 22), index))?.[1];
  return word === undefined ? name : `${word}_${name}`;
}

function valueAt(place: Place): Value | undefined {
  const { text, end, name, nameQuote } = place;
  if (text[end] === '>' && nameQuote === undefined && place.before.endsWith('<'))
    return inElement(text, end + 1);
  assigns.lastIndex = end;
  const sign = assigns.exec(text)?.[0];
  if (sign === undefined) return withoutSign(place);
  if (/^\s*:(?!=)/.test(sign) && text[end] === ':' && text[end + 1] === ':') return undefined;
  const from = end + sign.length;
  const isGluedSign = sign === '=' || sign === ':=';
  const quote = quoteAt(text, skipPrefix(text, from));
  if (quote !== undefined && !endsAround(text, skipPrefix(text, from), place.around)) {
    const isShell = isGluedSign && nameQuote === undefined;
    return quotedAt(text, skipPrefix(text, from), quote, place.around, isShell);
  }
  if (nameQuote !== undefined) return unquotedMember(place, from);
  if (
    text[from] === undefined ||
    text[from] === '\n' ||
    text[from] === '\r' ||
    /^[|>][-+\d]{0,2}\s*\n/.test(text.slice(from, from + 12))
  ) {
    const isBlock = place.isFirst && place.verdict === 'secret' && sign.includes(':');
    return isBlock ? blockBelow(text, place.before.length, from) : undefined;
  }
  return unquoted(place, from, isGluedSign, sign, name);
}

const assigns = /\]?[ \t]{0,8}(?::=|=>|->|==?|:|\+=)[ \t]{0,8}/y;

/** Python and shells write letters before a quote: b'…', f"…", $'…'. */
function skipPrefix(text: string, at: number): number {
  const prefix = /^(?:[bBrRuUfF]{1,2}|\$)(?=["'])/.exec(text.slice(at, at + 3));
  return at + (prefix?.[0].length ?? 0);
}

function inElement(text: string, from: number): Value | undefined {
  const to = text.indexOf('<', from);
  if (to === from) return undefined;
  return to === -1 ? { from, to: text.length, after: text.length } : { from, to, after: to };
}

/** `--name value`, `"--name", "value"`, and `PASSWORD 'value'` as SQL has it. */
function withoutSign(place: Place): Value | undefined {
  const { text, end, name, nameQuote, around } = place;
  const beside = besideName.exec(text.slice(end, end + 60));
  if (beside !== null && (nameQuote !== undefined || beside[0].startsWith('\n'))) {
    const from = end + beside[0].length;
    const quote = quoteAt(text, from);
    if (quote !== undefined) return quotedAt(text, from, quote, around, false);
    const line = lineAt(text, from, around, false);
    return { ...line, after: line.to };
  }
  const gap = /^(?:[ \t]+|,\s{0,8})/.exec(text.slice(end, end + 12))?.[0];
  if (gap === undefined) return undefined;
  const from = end + gap.length;
  const quote = quoteAt(text, from);
  const isOption = name.startsWith('-');
  if (quote !== undefined && (around === undefined || !endsAround(text, from, around))) {
    const isSql =
      !isOption && quote.mark === "'" && /^(?:password|passwd)$/i.test(name) && nameQuote === undefined;
    const fits = gap.startsWith(',') ? nameQuote !== undefined && isOption : isOption || isSql;
    return fits ? quotedAt(text, from, quote, around, !gap.startsWith(',')) : undefined;
  }
  if (gap.startsWith(',') || nameQuote !== undefined) return undefined;
  const isNetrc = /^password$/i.test(name) && /\b(?:login|machine)\s+\S+\s+$/.test(place.before);
  if ((!isOption && !isNetrc) || text[from] === '-' || text[from] === undefined) return undefined;
  const word = wordAt(text, from, around, false);
  return word.to === word.from ? undefined : { ...word, after: word.to };
}

/** `{"name": "DB_PASSWORD", "value": "…"}`, in JSON, YAML and XML. */
const besideName = /^(?:,?\s{1,30}|,)(\\*["']?)value\1\s{0,3}[:=]\s{0,3}/i;

/** `"name": 1234`, `"name": [ … ]`: the mask gets the quotes of the name. */
function unquotedMember({ text, verdict, nameQuote }: Place, given: number): Value | undefined {
  let from = given;
  while (/\s/.test(text[from] ?? 'x') && from < given + 200) from += 1;
  const quote = `${'\\'.repeat(nameQuote!.depth)}${nameQuote!.mark}`;
  const late = quoteAt(text, from);
  if (late !== undefined && from > given) return quotedAt(text, from, late, undefined, false);
  if (text[from] === '[' || text[from] === '{') {
    if (verdict !== 'secret') return undefined;
    if (unitAt(text, from) > from) return undefined;
    const all = bracketsAt(text, from) ?? { from, to: text.length };
    return { ...all, after: all.to, quote };
  }
  literal.lastIndex = from;
  const found = literal.exec(text)?.[0] ?? '';
  return found === '' ? undefined : { from, to: from + found.length, after: from + found.length, quote };
}

const literal = /[^\s,}\]"'\\]{1,400}/y;

function unquoted(
  place: Place,
  from: number,
  isGluedSign: boolean,
  sign: string,
  name: string,
): Value | undefined {
  const { text, around, isFirst, before, verdict } = place;
  const plain = name.toLowerCase();
  const asValue = (span: Span): Value | undefined =>
    span.to > span.from ? { ...span, after: span.to } : undefined;
  if (/cookie$|authorization$/.test(plain)) {
    const scheme = /^(?:(?:bearer|basic|token|digest|apikey|negotiate|key)[ \t]{1,3})?/i.exec(
      text.slice(from, from + 16),
    )![0];
    return asValue(lineAt(text, from + scheme.length, around, false));
  }
  const isPassword = /pass(?:word|wd|phrase|code)?s?$|pwd?$|creds$|credentials?$/.test(plain);
  const isQuery = /[?&]$/.test(before);
  if (isGluedSign) {
    const unit = unitAt(text, from);
    if (unit > from) return asValue({ from, to: unit });
    if (isFirst && !name.startsWith('-') && !isQuery && sign === '=') return assigned(place, from);
    if (/;\s?$/.test(before)) return asValue(connectionValueAt(text, from, around));
    // A password may hold spaces; what follows an option or stands in an address ends with its word.
    const mayHoldSpaces = isPassword && verdict === 'secret' && !name.startsWith('-') && !isQuery;
    return mayHoldSpaces ? assigned(place, from) : asValue(wordAt(text, from, around, isQuery));
  }
  const isFlow = /[{,]\s?$/.test(before);
  if (isFlow) {
    flowEnd.lastIndex = from;
    const found = flowEnd.exec(text)?.[0] ?? '';
    return asValue({ from, to: from + found.length });
  }
  const line = () => asValue(lineAt(text, from, around, false));
  if (isPassword && verdict === 'secret') return line();
  const word = wordAt(text, from, around, false);
  const first = text.slice(word.from, word.to);
  if (verdict === 'doubtful') {
    // "PASS: tests/a.test.ts" is what test runners print.
    const isReport = isPassword && name === name.toUpperCase();
    return isReport || isOrdinary(name, first.slice(0, 400)) ? undefined : line();
  }
  if (isFirst) return line();
  // In running text ("token: identifier expected") a value must look like one.
  return looksRandom(first) ? asValue(word) : undefined;
}

const flowEnd = /[^,}\]\n]{1,400}/y;

/** In `NAME=value other words` the first word alone may be a reference; else the line is the value, as env prints it. */
function assigned({ text, around }: Place, from: number): Value | undefined {
  const word = wordAt(text, from, around, false);
  const line = lineAt(text, from, around, true);
  const isReferenceFirst = /^(?:\$[A-Za-z_]\w*|\$\{\w+\}|%\w+%|\*{3,})$/.test(text.slice(word.from, word.to));
  const span = isReferenceFirst ? word : { from, to: Math.max(word.to, line.to) };
  return span.to > span.from ? { ...span, after: span.to } : undefined;
}

function isSecret({ name, verdict }: Place, value: string, rules: NameRules): boolean {
  if (value.trim() === '' || isReference(value.trim(), rules)) return false;
  return verdict === 'secret' || !isOrdinary(name, value);
}

function isReference(value: string, rules: NameRules): boolean {
  return isPlaceholder(value, (name) => rules.judge(name) !== undefined);
}

function looksRandom(word: string): boolean {
  return word.length >= 12 && /\d/.test(word);
}
