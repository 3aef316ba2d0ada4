import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';

/** What only Python can read. */
export type PythonKind = 'pickle' | 'numpy' | 'bytes' | 'pickled delta';

/** What kind of Python data bytes are; undefined for text. */
export function pythonKindOf(bytes: Uint8Array): PythonKind | undefined {
  if (bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5) return 'pickle';
  if (bytes[0] === 0x93 && Buffer.from(bytes.subarray(1, 6)).toString('latin1') === 'NUMPY') return 'numpy';
  const text = Buffer.from(bytes).toString('utf8');
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? 'bytes' : undefined;
}

/**
 * A command that turns Python data of a version into JSON that both programs read, to be run in the folder of the
 * store. It runs no code that the file names: every class in it becomes a text.
 */
export function conversionCommand(version: string, kind: PythonKind, base: string | undefined): string {
  const name = pythonText(version);
  if (kind === 'pickled delta') {
    const from = pythonText(base ?? 'BASE');
    return `python3 -c 'import json,pickle; v,b=${name},${from}; ${safeUnpickler}; d=json.load(open("data/"+b+".data")); p=U(open("data/"+v+".delta","rb")).load(); d.update(p["changes"]); [d.pop(k,None) for k in p["removed_keys"]]; json.dump(d,open("data/"+v+".data","x"))'`;
  }
  const load = {
    pickle: `import json,pickle; v=${name}; ${safeUnpickler}; d=U(open("data/"+v+".data","rb")).load()`,
    numpy: `import json,numpy; v=${name}; d=numpy.load(open("data/"+v+".data","rb")).tolist()`,
    bytes: `import json,base64; v=${name}; d=base64.b64encode(open("data/"+v+".data","rb").read()).decode()`,
  }[kind];
  return `python3 -c '${load}; json.dump(d,open(v+".json","x"),${setsAsLists})' && daybook store save ${shellWord(`${version}.json`)}`;
}

/** A command that turns a pickled export into one that can be imported. */
export function exportConversionCommand(): string {
  return `python3 -c 'import json,pickle,sys; ${safeUnpickler}; json.dump(U(open(sys.argv[1],"rb")).load(),open(sys.argv[2],"x"),${setsAsLists})' <file> <file>.json`;
}

const safeUnpickler = 'U=type("U",(pickle.Unpickler,),{"find_class":lambda s,m,n:lambda *a:str(a)})';
const setsAsLists = 'default=lambda o:list(o) if isinstance(o,(set,frozenset)) else str(o)';

/** A text as Python writes it, fit to stand between the single quotes of a shell. */
function pythonText(text: string): string {
  return jsonText(text).replaceAll("'", '\\u0027');
}

function shellWord(text: string): string {
  return /^[\w.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The texts whose SHA-256 the original may have written down for a JSON text of its own: json.dumps with sorted keys.
 * Numbers and texts stay as they stand in the file, because the two languages print them differently.
 */
export function pythonCanonicalTexts(text: string): string[] {
  const texts: string[] = [];
  for (const order of [byCodePoint, byNumber]) {
    const at = { text, at: 0, order, failed: false };
    const sorted = sortedValue(at, 0);
    if (!at.failed && text.slice(at.at).trim() === '' && !texts.includes(sorted)) texts.push(sorted);
  }
  return texts;
}

/** The text of one member of a JSON object as it stands there; undefined where there is none. */
export function rawMember(text: string, key: string): string | undefined {
  const scan: Scan = { text, at: 0, order: byCodePoint, failed: false };
  skipSpace(scan);
  if (text[scan.at] !== '{') return undefined;
  let found: string | undefined;
  items(scan, '}', () => {
    skipSpace(scan);
    const name = keyOf(rawString(scan));
    skipSpace(scan);
    scan.at += 1;
    skipSpace(scan);
    const start = scan.at;
    sortedValue(scan, 1);
    if (name === key) found = text.slice(start, scan.at);
  });
  return scan.failed ? undefined : found;
}

interface Scan {
  text: string;
  at: number;
  order: (a: string, b: string) => number;
  failed: boolean;
}

const deepest = 600;
const leaf = /[^\s,\]}]+/y;

function sortedValue(scan: Scan, depth: number): string {
  skipSpace(scan);
  const first = scan.text[scan.at];
  if (depth > deepest || first === undefined) return fail(scan);
  if (first === '"') return rawString(scan);
  if (first === '[') return `[${items(scan, ']', () => sortedValue(scan, depth + 1)).join(', ')}]`;
  if (first !== '{') return rawLeaf(scan);
  const members = items(scan, '}', (): [string, string] => {
    skipSpace(scan);
    const raw = rawString(scan);
    skipSpace(scan);
    scan.at += 1;
    return [raw, sortedValue(scan, depth + 1)];
  });
  const keyed = members.map(([raw, value]) => ({ key: keyOf(raw), text: `${raw}: ${value}` }));
  return `{${keyed
    .sort((a, b) => scan.order(a.key, b.key))
    .map((member) => member.text)
    .join(', ')}}`;
}

function items<T>(scan: Scan, close: string, read: () => T): T[] {
  const found: T[] = [];
  scan.at += 1;
  skipSpace(scan);
  if (scan.text[scan.at] === close) {
    scan.at += 1;
    return found;
  }
  while (!scan.failed) {
    found.push(read());
    skipSpace(scan);
    const next = scan.text[scan.at++];
    if (next === close) break;
    if (next !== ',') fail(scan);
  }
  return found;
}

function rawString(scan: Scan): string {
  const start = scan.at;
  if (scan.text[start] !== '"') return fail(scan);
  for (let at = start + 1; at < scan.text.length; at++) {
    const code = scan.text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) {
      scan.at = at + 1;
      return scan.text.slice(start, scan.at);
    }
  }
  return fail(scan);
}

function rawLeaf(scan: Scan): string {
  leaf.lastIndex = scan.at;
  const found = leaf.exec(scan.text)?.[0];
  if (found === undefined) return fail(scan);
  scan.at += found.length;
  return found;
}

function skipSpace(scan: Scan): void {
  while (' \t\n\r'.includes(scan.text[scan.at] ?? 'x')) scan.at += 1;
}

function fail(scan: Scan): string {
  scan.failed = true;
  return '';
}

function keyOf(raw: string): string {
  const parsed = parseLenientJson(raw);
  return parsed.ok && typeof parsed.value === 'string' ? parsed.value : raw;
}

/** Python compares texts by code points, JavaScript by halves of them. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Keys that were numbers in Python are sorted as such before they become texts. */
function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || byCodePoint(a, b);
}
