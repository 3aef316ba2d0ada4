import { isExactNumber, numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import type { FindingCode } from '../findings/finding.ts';
import type { ReceiptContent, ReceiptInput, ReceiptRepository, ReceiptStage } from './record.ts';

/** How a reader says what is not as expected: kind, JSON path, what was expected and found, what to do. */
export type Report = (code: FindingCode, path: string, expected: string, found: string, hint: string) => void;

/** What a receipt or a stage embedded in one says, of whatever generation; `path` is where it stands ("prevs.a."). */
export function contentOf(raw: JsonObject, path: string, report: Report): ReceiptContent {
  const time = timeOf(raw, path, report);
  return {
    atUs: time?.us,
    zoneless: time?.zoneless ?? false,
    config: mapOf(raw, 'config', path, report),
    repos: collect(mapOf(raw, 'repos', path, report), (value, name) =>
      repositoryOf(value, `${path}repos.${name}`, report),
    ),
    data: collect(mapOf(raw, 'data', path, report), (value, name) => {
      if (typeof value === 'number') return String(value);
      const digest = textIn(value);
      if (digest !== undefined) return digest;
      return wrong(report, `${path}data.${name}`, '16 hex digits', value);
    }),
    inputs: collect(mapOf(raw, 'inputs', path, report), (value, name) =>
      inputOf(value, `${path}inputs.${name}`, report),
    ),
    previous: previousOf(raw, path, report),
    parent: textOf(raw, 'parent'),
    environment: objectOf(raw, 'environment'),
  };
}

function timeOf(raw: JsonObject, path: string, report: Report) {
  const text = raw['timestamp'];
  if (text === undefined || text === null) return undefined;
  const time = typeof text === 'string' ? parseTime(text) : undefined;
  if (time === undefined) {
    report(
      'bad-time',
      `${path}timestamp`,
      'a time such as 2026-01-31T12:00:00Z',
      say(text),
      'Correct the time; until then the receipt has none.',
    );
  }
  return time;
}

/** `prevs` has stages whole, nested or flattened; `lineage` has path and `info`, or only one of them, or neither. */
function previousOf(raw: JsonObject, path: string, report: Report): ReceiptStage[] {
  const stages = new Map<string, ReceiptStage>();
  for (const [name, value] of Object.entries(stageMap(raw, 'prevs', path, report))) {
    const stage = stageOf(name, value, `${path}prevs.${name}.`, report);
    if (stage !== undefined) stages.set(name, stage);
  }
  for (const [name, value] of Object.entries(stageMap(raw, 'lineage', path, report))) {
    if (stages.has(name)) continue;
    const info = isObject(value) ? { ...(objectOf(value, 'info') ?? {}), ...pathOf(value) } : value;
    const stage = stageOf(name, info, `${path}lineage.${name}.`, report);
    if (stage !== undefined) stages.set(name, stage);
  }
  return [...stages.values()];
}

/** A list of paths instead of a map is read, too. */
function stageMap(raw: JsonObject, key: string, path: string, report: Report): JsonObject {
  const value = raw[key];
  if (!Array.isArray(value)) return mapOf(raw, key, path, report);
  const map: JsonObject = Object.create(null);
  for (const item of value) {
    const place = typeof item === 'string' ? item : isObject(item) ? textOf(item, 'path') : undefined;
    if (place === undefined) wrong(report, `${path}${key}`, 'paths of previous stages', item);
    else map[lastPart(place)] = isObject(item) ? item : { path: place };
  }
  return map;
}

const lastPart = (path: string) =>
  path
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1) ?? path;

function pathOf(value: JsonObject): JsonObject {
  return value['path'] === undefined ? {} : { path: value['path'] };
}

function stageOf(name: string, value: JsonValue, path: string, report: Report): ReceiptStage | undefined {
  if (value === null) return { name, path: undefined, digest: undefined, content: emptyContent() };
  if (typeof value === 'string') {
    return { name, path: value, digest: undefined, content: emptyContent() };
  }
  if (!isObject(value)) return wrong(report, path.slice(0, -1), 'a map', value);
  return {
    name,
    path: textOf(value, 'path'),
    digest: textOf(value, 'digest'),
    content: contentOf(value, path, report),
  };
}

function emptyContent(): ReceiptContent {
  return contentOf({}, '', () => {});
}

/** The first generation has the commit alone. */
function repositoryOf(value: JsonValue, path: string, report: Report): ReceiptRepository | undefined {
  const commit = textIn(value);
  const raw = commit === undefined ? value : { commit };
  if (!isObject(raw)) return wrong(report, path, 'a commit id, or a map with one', value);
  const isDirty = raw['is_dirty'];
  return {
    commit: textOf(raw, 'commit'),
    tree: textOf(raw, 'tree'),
    isDirty: typeof isDirty === 'boolean' ? isDirty : undefined,
    path: textOf(raw, 'path'),
    branch: textOf(raw, 'branch'),
    remote: textOf(raw, 'remote'),
    head: textOf(raw, 'head'),
    include: textsOf(raw['include']),
    exclude: textsOf(raw['exclude']),
    raw,
  };
}

function inputOf(value: JsonValue, path: string, report: Report): ReceiptInput | undefined {
  const kind = isObject(value) ? value['kind'] : undefined;
  const digest = isObject(value) ? textOf(value, 'digest') : undefined;
  const isKnown = kind === 'file' || kind === 'folder' || kind === 'glob';
  if (!isObject(value) || !isKnown || digest === undefined) {
    return wrong(report, path, 'a map with path, kind, bytes, files and digest', value);
  }
  const manifest = objectOf(value, 'manifest');
  const pointers = objectOf(value, 'lfs_pointers');
  return {
    path: textOf(value, 'path') ?? '',
    kind,
    bytes: numberOf(value, 'bytes') ?? 0,
    files: numberOf(value, 'files') ?? 0,
    digest,
    manifest: manifest && collect(manifest, textIn),
    pointers: pointers && collect(pointers, textIn),
  };
}

function mapOf(raw: JsonObject, key: string, path: string, report: Report): JsonObject {
  const value = raw[key];
  if (value === undefined || value === null) return Object.create(null);
  if (isObject(value)) return value;
  wrong(report, `${path}${key}`, 'a map', value);
  return Object.create(null);
}

/** A record without a prototype, because its names were recorded; what turns out undefined is left out. */
function collect<T>(
  map: JsonObject,
  turn: (value: JsonValue, name: string) => T | undefined,
): Record<string, T> {
  const turned: Record<string, T> = Object.create(null);
  for (const [name, value] of Object.entries(map)) {
    const result = turn(value, name);
    if (result !== undefined) turned[name] = result;
  }
  return turned;
}

function wrong(report: Report, path: string, expected: string, found: JsonValue): undefined {
  report(
    'wrong-shape',
    path,
    expected,
    say(found),
    'This entry is left out; the rest of the receipt is read.',
  );
  return undefined;
}

function say(value: JsonValue): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value)
    ? `a map with ${showText(Object.keys(value).join(', '), 60)}`
    : showText(String(value));
}

/** A member that is a map. */
export function objectOf(raw: JsonObject, key: string): JsonObject | undefined {
  const value = raw[key];
  return isObject(value) ? value : undefined;
}

/** A member that is a text. */
export function textOf(raw: JsonObject, key: string): string | undefined {
  return textIn(raw[key]);
}

/** A text, also one of nothing but digits that stands there without quotes: a digest may be one. */
export function textIn(value: JsonValue | undefined): string | undefined {
  if (isExactNumber(value)) return value.text;
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a number. */
export function numberOf(raw: JsonObject | undefined, key: string): number | undefined {
  return numberIn(raw?.[key]);
}

function textsOf(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
