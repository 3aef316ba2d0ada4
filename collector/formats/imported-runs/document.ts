import { numberIn } from '../../base/json/exact-number.ts';
import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { isObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { isoMicros, parseTime } from '../../base/time.ts';

/** Name of the file that a run is told by which was copied from another program; its points stand beside it. */
export const importedRunName = 'imported_run.json';
export const importedSeriesName = 'imported_series.jsonl';

/** A run that was copied from the files of another program: what Daybook understood of them, all of it. */
export interface ImportedRun {
  /** Id of the import, and what it read: the source by name, the run's key there, its files. */
  import: string;
  from: { source: string; key: string; files: string[] };
  name: string;
  group: string;
  status: string;
  history: { at: string; status: string }[];
  started_at?: string | undefined;
  ended_at?: string | undefined;
  at?: string | undefined;
  duration_ms?: number | undefined;
  params: JsonObject;
  metrics: Record<string, number>;
  directions: Record<string, 'min' | 'max'>;
  tags: string[];
  description?: string | undefined;
  error?: string | undefined;
  commit?: string | undefined;
  facts: [name: string, value: string][];
  parents: { id: string; kind: string; name: string }[];
  artifacts: {
    id: string;
    type: string;
    path?: string | undefined;
    bytes?: number | undefined;
    digest?: string | undefined;
  }[];
}

const schemaName = 'daybook/imported-run/1';

/** The document as text; NaN and infinities are texts. */
export function serializeImportedRun({ metrics, ...run }: ImportedRun): string {
  const told = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, numberText(value)]));
  return `${jsonText({ schema: schemaName, ...run, metrics: told }, 2)}\n`;
}

/** Reads the document; undefined where it is none of this schema. Members of another shape than ours are left out. */
export function parseImportedRun(value: JsonValue): ImportedRun | undefined {
  if (!isObject(value) || value['schema'] !== schemaName || !isObject(value['from'])) return undefined;
  const { from } = value;
  const text = (member: JsonValue | undefined) => (typeof member === 'string' ? member : undefined);
  const texts = (member: JsonValue | undefined) => list(member).filter((each) => typeof each === 'string');
  return {
    import: text(value['import']) ?? '',
    from: { source: text(from['source']) ?? '', key: text(from['key']) ?? '', files: texts(from['files']) },
    name: text(value['name']) ?? '',
    group: text(value['group']) ?? '',
    status: text(value['status']) ?? '',
    history: list(value['history'])
      .filter(isObject)
      .flatMap(({ at, status }) =>
        typeof at === 'string' && typeof status === 'string' ? [{ at, status }] : [],
      ),
    started_at: text(value['started_at']),
    ended_at: text(value['ended_at']),
    at: text(value['at']),
    duration_ms: numberIn(value['duration_ms']),
    params: isObject(value['params']) ? value['params'] : {},
    metrics: numbersOf(value['metrics']),
    directions: Object.fromEntries(
      Object.entries(isObject(value['directions']) ? value['directions'] : {}).filter(
        (each): each is [string, 'min' | 'max'] => each[1] === 'min' || each[1] === 'max',
      ),
    ),
    tags: texts(value['tags']),
    description: text(value['description']),
    error: text(value['error']),
    commit: text(value['commit']),
    facts: list(value['facts']).flatMap((each) => {
      const [name, said] = Array.isArray(each) ? each : [];
      return typeof name === 'string' && typeof said === 'string' ? [[name, said] as [string, string]] : [];
    }),
    parents: list(value['parents'])
      .filter(isObject)
      .map(({ id, kind, name }) => ({
        id: text(id) ?? '',
        kind: text(kind) ?? 'stage',
        name: text(name) ?? '',
      })),
    artifacts: list(value['artifacts'])
      .filter(isObject)
      .map(({ id, type, path, bytes, digest }) => ({
        id: text(id) ?? '',
        type: text(type) ?? '',
        path: text(path),
        bytes: numberIn(bytes),
        digest: text(digest),
      })),
  };
}

/** A time as the document has it. */
export const timeText = (us: number | undefined) => (us === undefined ? undefined : isoMicros(us));

/** The other way round; undefined for what is no time. */
export const timeOfText = (text: string | undefined) =>
  text === undefined ? undefined : parseTime(text)?.us;

/** JSON has no NaN and no infinities: they stand as texts. */
export const numberText = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value);

/** A number as it was written, texts for NaN and infinities included; undefined for anything else. */
export function numberFrom(value: JsonValue | undefined): number | undefined {
  const special = {
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    '-Infinity': Number.NEGATIVE_INFINITY,
  };
  if (typeof value === 'string') return special[value as keyof typeof special];
  return numberIn(value);
}

function numbersOf(value: JsonValue | undefined): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null);
  for (const [name, each] of Object.entries(isObject(value) ? value : {})) {
    const number = numberFrom(each);
    if (number !== undefined) numbers[name] = number;
  }
  return numbers;
}

const list = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);
