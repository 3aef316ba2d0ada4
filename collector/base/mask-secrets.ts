import { isExactNumber } from './exact-number.ts';
import { hasMembers, type JsonValue } from './json.ts';

/** What keeps secrets out of records. */
export interface Masking {
  /** Whether a text may hold a secret: a cheap look before a walk, right about "no". */
  suspects(text: string): boolean;
  /** Replaces what looks like a secret; returns the same value where nothing had to go. */
  mask(value: JsonValue): JsonValue;
}

/**
 * What keeps secrets out of a record: values under names such as "password", "token" or `names`, the same in command
 * lines and output (`--token=…`, `API_KEY=…`), and whatever has the shape of a well-known token. Readers see
 * "‹masked: github token›" in its place. A guard against accidents, not a proof that nothing secret is left.
 */
export function createMasker(names: readonly string[] = []): Masking {
  const own = new Set(names.map(plainName));
  const isSecretName = (name: string) => secretName.test(plainName(name)) || own.has(plainName(name));
  const ownHints = names.length === 0 ? undefined : new RegExp(names.map(escaped).join('|'), 'i');
  const ownPairs = names.length === 0 ? undefined : pairsOf(names.map(escaped).join('|'));
  const maskText = (text: string) =>
    maskShapes(ownPairs === undefined ? text : text.replace(ownPairs, maskedPair));
  return {
    suspects: (text) => hints.test(text) || (ownHints?.test(text) ?? false),
    mask: (value) => maskValue(value, { isSecretName, maskText }),
  };
}

interface Rules {
  isSecretName(name: string): boolean;
  maskText(text: string): string;
}

const masked = (what: string) => `‹masked: ${what}›`;

/** Names without case and separators: "API-Key" and "api_key" are one. */
const plainName = (name: string) => name.replace(/[\s_.-]/g, '').toLowerCase();
const escaped = (name: string) => name.replace(/[^\w]/g, '\\$&');

// "tokens" is missing on purpose: it is a count of words far more often than a list of secrets.
const secretName =
  /(?:passwords?|passwd|passphrase|pwd|secrets?|token|apikeys?|accesskey|secretkey|privatekey|signingkey|credentials?|authorization|setcookie|^cookie)$/;

/** Everything below contains one of these; most lines contain none. */
const hints =
  /pass|pwd|secret|token|key|credential|authori|cookie|bearer|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|npm_|sk-|AKIA|ASIA|AIza|hf_|[rs]k_(?:live|test)_|eyJ|wandb_|:\/\/[^\s/"]{1,256}@/i;

/** Well-known tokens: shapes that nothing else has. */
const shapes: readonly [string, RegExp][] = [
  [
    'private key',
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,30}-----|$)/g,
  ],
  ['github token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g],
  ['gitlab token', /\bglpat-[\w-]{16,}/g],
  ['slack token', /\bxox[abeoprs]-[\w-]{10,}/g],
  ['npm token', /\bnpm_[A-Za-z0-9]{30,}/g],
  ['anthropic key', /\bsk-ant-[\w-]{16,}/g],
  ['openai key', /\bsk-(?=[A-Za-z_-]{0,80}\d)(?:proj-|svcacct-)?[\w-]{20,}/g],
  ['aws key id', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['google key', /\bAIza[\w-]{35}/g],
  ['hugging face token', /\bhf_[A-Za-z0-9]{30,}/g],
  ['stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['wandb key', /\bwandb_v\d_[\w-]{20,}/g],
  ['json web token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g],
];

const words =
  'passwords?|passwd|passphrase|pwd|secrets?|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|credentials?';

/** `NAME=value`, `"name": "value"`, `--name value`: what stands before the value, and the value. */
function pairsOf(names: string): RegExp {
  return new RegExp(
    `((?:${names})(?:=["']?|["'] ?[:=] ?["']|(?<=--?[\\w-]{0,40}) +(?!-)["']?))([^\\s"'&;,]+)`,
    'gi',
  );
}

const pairs = pairsOf(words);
/** `password: value` in running text, where "token: unexpected" must stay: passwords always, others if they look random. */
const statements =
  /((?:passwords?|passwd|passphrase|pwd)\s{0,3}[:=]\s{1,3}|(?:secret|token|[_-]?key)\s{0,3}[:=]\s{1,3}(?=[^\s"']{0,60}\d)(?=[^\s"']{12}))([^\s"'&;,]+)/gi;
const authorization =
  /(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token)\s{1,3})?)([^\s"']+)/gi;
const bearer = /(\bbearer\s{1,3})(?=\S{0,60}\d)([\w.~+/=-]{12,})/gi;
const address = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,256}:)([^\s/@"']{1,256})(?=@)/gi;

/** What stands where a value should be and is none: references, placeholders, what is masked already. */
const placeholder = /^(?:[$‹<*({%].*|true|false|null|none|undefined|yes|no)$/i;

function maskedPair(whole: string, before: string, value: string): string {
  return placeholder.test(value) ? whole : `${before}${masked('secret')}`;
}

function maskShapes(text: string): string {
  if (!hints.test(text)) return text;
  let clean = text;
  for (const [what, shape] of shapes) clean = clean.replace(shape, masked(what));
  for (const rule of [authorization, bearer, pairs, statements, address])
    clean = clean.replace(rule, maskedPair);
  return clean;
}

function maskValue(value: JsonValue, rules: Rules): JsonValue {
  if (typeof value === 'string') return rules.maskText(value);
  if (!hasMembers(value)) return value;
  if (Array.isArray(value)) return maskList(value, rules);
  let isChanged = false;
  const entries = Object.entries(value).map(([name, member]): [string, JsonValue] => {
    const clean = rules.isSecretName(name) ? maskAll(member) : maskValue(member, rules);
    isChanged ||= clean !== member;
    return [name, clean];
  });
  return isChanged ? Object.fromEntries(entries) : value;
}

/** Under a secret name every text and number goes; true, false and null say only whether there is one. */
function maskAll(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value === '' || placeholder.test(value) ? value : masked('secret');
  if (typeof value === 'number' || isExactNumber(value)) return masked('secret');
  if (!hasMembers(value)) return value;
  if (Array.isArray(value)) return value.map(maskAll);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskAll(member)]));
}

const keyBegins = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/;
const keyEnds = /-----END [A-Z ]{0,30}PRIVATE KEY/;

/** Lists are command lines (`--token`, then its value) and lines of output (a private key spans several). */
function maskList(list: JsonValue[], rules: Rules): JsonValue[] {
  const inKey = linesOfKeys(list);
  const clean = list.map((value, at) => {
    if (inKey.has(at)) return masked('private key');
    const before = list[at - 1];
    const isArgument = typeof value === 'string' && !value.startsWith('-') && typeof before === 'string';
    if (isArgument && /^--?\w/.test(before) && rules.isSecretName(before)) return maskAll(value);
    return maskValue(value, rules);
  });
  return clean.some((value, at) => value !== list[at]) ? clean : list;
}

function linesOfKeys(list: JsonValue[]): Set<number> {
  const lines = new Set<number>();
  let isInside = false;
  for (const [at, value] of list.entries()) {
    if (typeof value !== 'string') continue;
    const [begins, ends] = [keyBegins.test(value), keyEnds.test(value)];
    // The beginning was cut off: everything before the end may belong to the key.
    if (ends && !begins && !isInside) for (let before = 0; before < at; before++) lines.add(before);
    if (begins || ends || isInside) lines.add(at);
    isInside = (isInside || begins) && !ends;
  }
  return lines;
}
