import { applyPatch, type Operation } from 'rfc6902';
import { DaybookError } from '../errors.ts';
import { type ExactNumber, isExactNumber } from '../json/exact-number.ts';
import { hasMembers, type JsonValue } from '../json/json.ts';
import { holdsExactNumbers, jsonText, parseJson } from '../json/text.ts';
import type { PatchOperation } from './patch.ts';

/**
 * The value that a JSON Patch (RFC 6902) makes of another one, which stays as it is. Exact numbers keep their digits.
 * @throws DaybookError `bad-input` where an operation does not fit, or names "__proto__", "constructor" or "prototype":
 * the package that carries patches out does not follow these.
 */
export function applyJsonPatch(before: JsonValue, patch: readonly PatchOperation[]): JsonValue {
  const text = jsonText({ value: before, patch });
  const { value, patch: operations } = parseJson(text) as unknown as {
    value: JsonValue;
    patch: Operation[];
  };
  const refused = operations.find(({ path }) => /\/(?:__proto__|constructor|prototype)(?:\/|$)/.test(path));
  if (refused !== undefined) throw unfit(`no step "${refused.path}"`);
  const result = carryOutPatch(value, operations, holdsExactNumbers(text));
  if ('failed' in result) throw unfit(`a patch that fits (${result.failed})`);
  return result.value;
}

/**
 * Carries operations out on a value, which is changed and must not be used any more. Gives the new value, or what did
 * not fit.
 */
export function carryOutPatch(
  value: JsonValue,
  operations: readonly Operation[],
  hasExactNumbers: boolean,
): { value: JsonValue } | { failed: string } {
  // The package cannot replace the whole: it gets something around it.
  const around = { value };
  const below = operations.map((each) => withPrefix(each, '/value'));
  const failed = carryOut(around, below, hasExactNumbers).find((result) => result !== null);
  return failed === undefined ? around : { failed: failed.message };
}

/** What takes values of the target: those may hold exact numbers though the operations hold none. */
const looksAtValues: ReadonlySet<string> = new Set(['copy', 'move', 'test']);

/** The library copies what it puts in, member by member; exact numbers pass as symbols, which it leaves alone. */
function carryOut(target: object, operations: Operation[], hasExactNumbers: boolean) {
  if (!hasExactNumbers && !operations.some(({ op }) => looksAtValues.has(op)))
    return applyPatch(target, operations);
  const numbers = new Map<unknown, ExactNumber>();
  const known = new Map<string, symbol>();
  const hide = (value: unknown) => {
    if (!isExactNumber(value)) return value;
    const symbol = known.get(value.text) ?? Symbol(value.text);
    known.set(value.text, symbol);
    numbers.set(symbol, value);
    return symbol;
  };
  replaceLeaves(target, hide);
  replaceLeaves(operations, hide);
  let results: ReturnType<typeof applyPatch>;
  try {
    results = applyPatch(target, operations);
  } catch {
    // It cannot put a symbol into the words of a test that failed.
    results = [new Error('a test failed') as never];
  }
  replaceLeaves(target, (value) => numbers.get(value) ?? value);
  return results;
}

/** Puts another in the place of every value without members, in place. */
export function replaceLeaves(root: object, other: (value: unknown) => unknown): void {
  const open = [root as Record<string, unknown>];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      if (hasMembers(value)) open.push(value as Record<string, unknown>);
      else {
        const now = other(value);
        if (now !== value) holder[key] = now;
      }
    }
  }
}

function withPrefix(operation: Operation, prefix: string): Operation {
  const from = 'from' in operation ? { from: `${prefix}${operation.from}` } : {};
  return { ...operation, ...from, path: `${prefix}${operation.path}` } as Operation;
}

function unfit(expected: string): DaybookError {
  return new DaybookError('bad-input', `Expected ${expected} in a JSON Patch, found something else.`);
}
