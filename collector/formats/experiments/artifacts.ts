import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';

/** An artifact as an experiment file has it: paths as written, nothing looked up. */
export interface RecordedArtifact {
  id: string;
  type: string;
  path: string | undefined;
  description: string | undefined;
  tags: string[];
  bytes: number | undefined;
  digest: string | undefined;
  addedAtUs: number | undefined;
}

/** The only types whose paths the original keeps, and in which list. */
export const pathLists: readonly (readonly [type: string, list: string])[] = [
  ['checkpoint', 'checkpoint_paths'],
  ['metrics', 'metric_files'],
  ['visualization', 'visualization_files'],
];

/**
 * The artifacts of an experiment: those Daybook keeps whole beside the file (and any that stand so in the file itself),
 * then the paths and ids the original keeps. An id goes with a path where the original's way of listing them allows only one answer; every path and every id occurs once.
 */
export function readArtifacts(raw: JsonObject, extra: JsonObject = {}): RecordedArtifact[] {
  const byId = new Map<string, RecordedArtifact>();
  for (const each of [...listOf(extra['artifacts']), ...listOf(raw['artifacts'])]) {
    const artifact = wholeArtifact(each);
    if (artifact !== undefined && !byId.has(artifact.id)) byId.set(artifact.id, artifact);
  }
  const whole = [...byId.values()];
  const paths = pathsOf(raw, new Set(whole.map(({ path }) => path)));
  const ids = listOf(raw['artifact_ids']).filter((id) => typeof id === 'string');
  const bare = [...new Set(ids)].filter((id) => !byId.has(id));
  return [...whole, ...pair(bare, paths)];
}

function wholeArtifact(value: JsonValue): RecordedArtifact | undefined {
  if (!isObject(value) || typeof value['id'] !== 'string') return undefined;
  const text = (key: string) =>
    typeof value[key] === 'string' && value[key] !== '' ? (value[key] as string) : undefined;
  const addedAt = text('added_at');
  return {
    id: value['id'],
    type: text('type') ?? 'artifact',
    path: text('path'),
    description: text('description'),
    tags: listOf(value['tags']).filter((tag) => typeof tag === 'string'),
    bytes: numberIn(value['bytes']),
    digest: text('digest'),
    addedAtUs: addedAt === undefined ? undefined : parseTime(addedAt)?.us,
  };
}

function pathsOf(raw: JsonObject, taken: ReadonlySet<string | undefined>): { type: string; path: string }[] {
  const paths: { type: string; path: string }[] = [];
  for (const [type, list] of pathLists) {
    for (const path of new Set(listOf(raw[list]))) {
      if (typeof path === 'string' && path !== '' && !taken.has(path)) paths.push({ type, path });
    }
  }
  return paths;
}

/**
 * Ids without a path and paths without an id. The original adds both in the same order, so as many ids that speak of a
 * type as there are paths of it belong together one by one; everything else stands alone.
 */
function pair(ids: readonly string[], paths: readonly { type: string; path: string }[]): RecordedArtifact[] {
  const open = new Set(ids);
  const artifacts: RecordedArtifact[] = [];
  for (const [type] of pathLists) {
    const ofType = paths.filter((each) => each.type === type);
    const speaking = [...open].filter((id) => wordsOfType[type]!.test(id));
    const fits = speaking.length === ofType.length;
    for (const [index, { path }] of ofType.entries()) {
      artifacts.push(bareArtifact(fits ? speaking[index]! : path, type, path));
    }
    if (fits) for (const id of speaking) open.delete(id);
  }
  return [...artifacts, ...[...open].map((id) => bareArtifact(id, 'artifact', undefined))];
}

const wordsOfType: Record<string, RegExp> = {
  checkpoint: /checkpoint|ckpt|model|weights/i,
  metrics: /metric/i,
  visualization: /viz|visual|plot|curve|figure|image/i,
};

function bareArtifact(id: string, type: string, path: string | undefined): RecordedArtifact {
  return {
    id,
    type,
    path,
    description: undefined,
    tags: [],
    bytes: undefined,
    digest: undefined,
    addedAtUs: undefined,
  };
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
