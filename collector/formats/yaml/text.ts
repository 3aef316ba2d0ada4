import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { exactNumber, isExactNumber } from '../../base/json/exact-number.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { repeatedKeyMessage } from '../../base/json/repeats.ts';
import { yamlMistakes } from './errors.ts';

/** YAML files larger than this are refused: hostile ones of a few hundred KiB already take seconds. */
const maxYamlBytes = 256 * 1024;

/** Something wrong at a place of the text. */
export interface YamlProblem {
  line: number | undefined;
  message: string;
}

/** A YAML text as plain JSON values, and where its parts stand. */
export interface YamlText {
  value: JsonValue;
  /** What made the text unreadable, in whole or in part; empty where it is clean. */
  problems: YamlProblem[];
  /** Line of the value at a path of keys and positions, or of the nearest part around it that has a place. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads YAML 1.2 as data alone: no tags, no merge keys, bounded aliases, size and nesting. With `exact` numbers keep
 * their characters where JSON spells them so, else whole numbers beyond 2^53 become texts. Never throws.
 */
export function readYamlText(text: string, { exact = false } = {}): YamlText {
  const refusal = refuse(text);
  if (refusal !== undefined) return { value: null, problems: [refusal], lineOf: () => undefined };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    intAsBigInt: true,
    merge: false,
    // "silent" would take the first of several documents for the whole.
    logLevel: 'error',
  });
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  const problems = yamlMistakes(document)
    .slice(0, 20)
    .map(({ offset, message }): YamlProblem => ({ line: lineAt(offset), message }));
  problems.push(...repeatedKeys(document, lineAt));
  if (exact) keepNumbers(document);
  return { value: jsonOf(document, problems), problems, lineOf: (path) => lineAt(placeOf(document, path)) };
}

// Each of these is linear for the eye and quadratic or worse for the parser.
const runOfIndicators = /(?:[-?:][ \t]+){64}|(?:[[{][ \t\r\n]*){64}/;

function refuse(text: string): YamlProblem | undefined {
  if (Buffer.byteLength(text) > maxYamlBytes) {
    return { line: undefined, message: `more than ${maxYamlBytes / 1024} KiB of YAML` };
  }
  const run = runOfIndicators.exec(text);
  if (run !== null) {
    return { line: text.slice(0, run.index).split('\n').length, message: 'nested more than 64 levels deep' };
  }
  return undefined;
}

function jsonOf(document: Document, problems: YamlProblem[]): JsonValue {
  try {
    return plain(document.toJS({ maxAliasCount: 100 }), 0);
  } catch (error) {
    problems.push({ line: undefined, message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** Puts exact numbers in the place of those that JavaScript would write otherwise. */
function keepNumbers(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'number' && typeof node.value !== 'bigint') return;
      const isJson = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(node.source ?? '');
      if (isJson) node.value = exactNumber(node.source!);
      else if (typeof node.value === 'bigint') node.value = exactNumber(String(node.value));
    },
  });
}

/** JSON values only: whole numbers beyond the safe range stay exact as text, NaN and infinities become text. */
function plain(value: unknown, depth: number): JsonValue {
  if (depth > 64) throw new Error('nested more than 64 levels deep');
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || isExactNumber(value))
    return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]));
}

function* repeatedKeys(document: Document, lineAt: (offset: number | undefined) => number | undefined) {
  const open: unknown[] = [document.contents];
  while (open.length > 0) {
    const node = open.pop();
    const items = (node as { items?: unknown } | null)?.items;
    if (!Array.isArray(items)) continue;
    if (!isMap(node)) {
      open.push(...items);
      continue;
    }
    const seen = new Map<unknown, number | undefined>();
    for (const { key, value } of node.items) {
      open.push(value);
      const name = isScalar(key) ? key.value : undefined;
      const line = lineAt((key as Node | null)?.range?.[0]);
      if (name !== undefined && seen.has(name))
        yield { line, message: repeatedKeyMessage(String(name), seen.get(name)) };
      else seen.set(name, line);
    }
  }
}

/** Where a value begins: its key where it has one, so that the line is the one a person looks for. */
function placeOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const name = path[length - 1];
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === name)
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const range = (node as Node | undefined)?.range;
    if (range) return range[0];
  }
  return undefined;
}
