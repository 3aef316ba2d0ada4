import { isExactNumber } from './json/exact-number.ts';
import { hasMembers, type JsonObject, type JsonValue } from './json/json.ts';
import { maskAddresses } from './secrets/addresses.ts';
import { commandHint, maskCommandList, maskCommands } from './secrets/commands.ts';
import { plainName } from './secrets/names.ts';
import { isOrdinary } from './secrets/ordinary.ts';
import { maskPairs, type NameRules, nameRulesOf } from './secrets/pairs.ts';
import { isPlaceholder } from './secrets/placeholders.ts';
import { linesOfKeys } from './secrets/private-keys.ts';
import { hasShape, maskShapes } from './secrets/shape-rules.ts';

/** What keeps secrets out of records. */
export interface Masking {
  /** Whether a text may hold a secret: a cheap look before a walk, right about "no". */
  suspects(text: string): boolean;
  /** Replaces what looks like a secret; returns the same value where nothing had to go. */
  mask(value: JsonValue): JsonValue;
  /** The same for values whose names are ours or say nothing: a data set may be called "token". */
  maskTexts(value: JsonValue): JsonValue;
}

/**
 * What keeps secrets out of a record: values under names such as "password", "token" or `names`, the same in command
 * lines, configuration and output (`--token=…`, `API_KEY=…`), and whatever has the shape of a well-known token. Readers
 * see "‹masked: github token›" in its place. A guard against accidents, not a proof that nothing secret is left.
 */
export function createMasker(names: readonly string[] = []): Masking {
  const rules = nameRulesOf(names, new Set(names.map(plainName)));
  const ownHints = names.length === 0 ? undefined : new RegExp(names.map(looseName).join('|'), 'i');
  const suspects = (text: string) => hints.test(text) || hasShape(text) || (ownHints?.test(text) ?? false);
  const maskText = (text: string) => (suspects(text) ? maskOne(text, rules) : text);
  return {
    suspects,
    mask: (value) => maskValue(value, { rules, maskText }, true),
    maskTexts: (value) => maskValue(value, { rules, maskText }, false),
  };
}

interface Rules {
  rules: NameRules;
  maskText(text: string): string;
}

const masked = (what: string) => `‹masked: ${what}›`;
const secret = masked('secret');

/** A name of the user with any separators in it. */
const looseName = (name: string) =>
  [...plainName(name)].map((char) => char.replace(/[^\w]/, '\\$&')).join('[\\s_.-]?');

/** Everything found by a name, in an address or behind an option contains one of these; most lines contain none. */
const hints =
  /pass|pwd|pw\b|secret|token|key|cred|auth|cookie|bearer|jwt|dsn|conn|webhook|sess|pat\b|:\/\/[^\s"]{1,300}@|["\s]--?[upawk]/i;

const bearer = /(\bbearer\s{1,3})(?=\S{0,60}\d)([\w.~+/=-]{12,})/gi;

function maskOne(text: string, rules: NameRules): string {
  let clean = maskShapes(text);
  clean = maskAddresses(clean, secret);
  clean = clean.replace(bearer, (_, before: string) => `${before}${secret}`);
  clean = maskPairs(clean, rules, secret);
  return commandHint.test(clean) ? maskCommands(clean, secret) : clean;
}

function maskValue(value: JsonValue, rules: Rules, byName: boolean): JsonValue {
  if (typeof value === 'string') return rules.maskText(value);
  if (!hasMembers(value)) return value;
  if (Array.isArray(value)) return maskList(value, rules, byName);
  let isChanged = false;
  const clean: JsonObject = Object.create(Object.getPrototypeOf(value));
  for (const [name, member] of Object.entries(value)) {
    const cleanName = freeName(rules.maskText(name), clean, name);
    const cleanMember = byName ? maskMember(name, member, value, rules) : maskValue(member, rules, byName);
    isChanged ||= cleanMember !== member || cleanName !== name;
    Object.defineProperty(clean, cleanName, {
      value: cleanMember,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return isChanged ? clean : value;
}

function maskMember(name: string, member: JsonValue, all: JsonObject, rules: Rules): JsonValue {
  const verdict = rules.rules.judge(name);
  if (verdict === 'secret') return maskAll(member, rules);
  if (verdict === 'doubtful' && typeof member === 'string' && !countsTests(all)) {
    const stays = member === '' || isReference(member, rules) || isOrdinary(name, member);
    return stays ? rules.maskText(member) : secret;
  }
  // {"name": "DB_PASSWORD", "value": "…"}: how environments are listed.
  const isBeside = name.toLowerCase() === 'value' && typeof member === 'string';
  if (isBeside && namedSecret(all, rules)) return maskAll(member, rules);
  return maskValue(member, rules, true);
}

/** "pass" beside "fail" is a result. */
const countsTests = (all: object) =>
  Object.keys(all).some((name) => /^(?:fail|skip|total|tests)/i.test(name));

function namedSecret(all: JsonObject, { rules }: Rules): boolean {
  return ['name', 'Name', 'key', 'Key', 'variable'].some((each) => {
    const name = Object.hasOwn(all, each) ? all[each] : undefined;
    return (
      typeof name === 'string' &&
      name.length < 120 &&
      /^[\w.-]+$/.test(name) &&
      rules.judge(name) === 'secret'
    );
  });
}

/** A masked name must not push out another one. */
function freeName(name: string, taken: object, given: string): string {
  if (name === given) return name;
  for (let number = 2, free = name; ; number++) {
    if (!Object.hasOwn(taken, free)) return free;
    free = `${name} ${number}`;
  }
}

const isReference = (text: string, { rules }: Rules) =>
  isPlaceholder(text, (name) => rules.judge(name) !== undefined);

/** Under a secret name every text and number goes; true, false and null say only whether there is one. */
function maskAll(value: JsonValue, rules: Rules): JsonValue {
  if (typeof value === 'string') return value === '' || isReference(value, rules) ? value : secret;
  if (typeof value === 'number' || isExactNumber(value)) return secret;
  if (!hasMembers(value)) return value;
  if (Array.isArray(value))
    return same(
      value,
      value.map((each) => maskAll(each, rules)),
    );
  const clean = Object.entries(value).map(([name, member]): [string, JsonValue] => [
    name,
    maskAll(member, rules),
  ]);
  return clean.every(([name, member]) => value[name] === member) ? value : Object.fromEntries(clean);
}

/** Lists are command lines (`--token`, then its value) and lines of output (a private key spans several). */
function maskList(list: JsonValue[], rules: Rules, byName: boolean): JsonValue[] {
  const inKey = linesOfKeys(list);
  const words = maskCommandList(list, secret) as JsonValue[];
  const clean = words.map((value, at) => {
    if (inKey.has(at)) return masked('private key');
    const before = list[at - 1];
    const isArgument = typeof value === 'string' && !value.startsWith('-') && typeof before === 'string';
    if (isArgument && /^--?\w[\w.-]*$/.test(before)) {
      const verdict = rules.rules.judge(before);
      if (verdict === 'secret' || (verdict === 'doubtful' && !isOrdinary(before, value)))
        return maskAll(value, rules);
    }
    return maskValue(value, rules, byName);
  });
  return same(list, clean);
}

function same(list: JsonValue[], clean: JsonValue[]): JsonValue[] {
  return clean.some((value, at) => value !== list[at]) ? clean : list;
}
