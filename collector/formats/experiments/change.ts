import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { isObject } from '../../base/json/json.ts';
import { isFinal } from '../actions/status.ts';
import { pathLists, type RecordedArtifact } from './artifacts.ts';
import type { ExperimentRecord } from './experiment.ts';

/** An experiment as two documents: what the original knows, and what it has no place for. */
export interface ExperimentDocuments {
  /** experiment_tracker.json: keys and types of the original, unknown ones kept. */
  main: JsonObject;
  /** experiment_daybook.json beside it. */
  beside: JsonObject;
  /** Both as they were read; undefined for a new experiment. */
  record: ExperimentRecord | undefined;
}

/** One change of an experiment; `now` is a time as it is written. */
export type ExperimentChange = (documents: ExperimentDocuments, now: string) => void;

/** What is better: a larger value or a smaller one. */
export type Direction = 'max' | 'min';

/** Facts about machine and code, under the names the original has for them. */
export type ExperimentFacts = Partial<
  Record<'platform' | 'python_version' | 'hostname' | 'username' | 'git_commit' | 'git_branch', string>
> & { memory_gb?: number; git_dirty?: boolean };

/** A new document with every key of the original in its order. */
export function newExperiment(id: string, name: string, facts: ExperimentFacts, now: string): JsonObject {
  return {
    experiment_id: id,
    experiment_name: name,
    timestamp: now,
    status: 'created',
    description: '',
    tags: [],
    config_hash: '',
    config_summary: {},
    python_version: facts.python_version ?? '',
    pytorch_version: '',
    platform: facts.platform ?? '',
    cuda_available: false,
    cuda_version: '',
    total_epochs: 0,
    current_epoch: 0,
    best_metrics: {},
    training_time_seconds: 0,
    artifact_ids: [],
    checkpoint_paths: [],
    metric_files: [],
    visualization_files: [],
    git_commit: facts.git_commit ?? '',
    git_branch: facts.git_branch ?? '',
    git_dirty: facts.git_dirty ?? false,
    hostname: facts.hostname ?? '',
    username: facts.username ?? '',
    memory_gb: facts.memory_gb ?? 0,
    gpu_info: {},
    created_at: now,
    started_at: '',
    completed_at: '',
    updated_at: now,
  };
}

/** Sets the status with the times the original sets; every change is kept beside. */
export function setStatus(word: 'running' | 'completed' | 'failed' | 'aborted'): ExperimentChange {
  return ({ main, beside, record }, now) => {
    const history = listOf(beside['status_history']);
    if (history.length === 0) history.push(...earlier(main, record));
    main['status'] = word;
    main[word === 'running' ? 'started_at' : 'completed_at'] = now;
    beside['status_history'] = [...history, [now, word]];
    if (word === 'running') delete beside['error'];
  };
}

/** What is known of an experiment that was begun without us. */
function earlier(main: JsonObject, record: ExperimentRecord | undefined): JsonValue[] {
  const known: JsonValue[] = [];
  const add = (key: string, word: string) => {
    if (typeof main[key] === 'string' && main[key] !== '') known.push([main[key], word]);
  };
  add('created_at', 'created');
  add('started_at', 'running');
  if (record !== undefined && isFinal(record.status)) add('completed_at', record.statusWord);
  return known;
}

/** Puts an error behind the description as the original does, and keeps it by itself. */
export function setError(error: string): ExperimentChange {
  return ({ main, beside }) => {
    if (error === '') return;
    main['description'] = `${textOf(main['description'])}\nError: ${error}`;
    beside['error'] = error;
  };
}

/** Why an experiment was given up; the original has no place for it. */
export function setReason(reason: string): ExperimentChange {
  return ({ beside }) => {
    if (reason !== '') beside['error'] = reason;
  };
}

/** Replaces the description, and keeps the error of a failure behind it. */
export function setDescription(description: string): ExperimentChange {
  return ({ main, beside, record }) => {
    const error = record?.status === 'failed' ? record.error : undefined;
    main['description'] = error === undefined ? description : `${description}\nError: ${error}`;
    if (error !== undefined) beside['error'] = error;
  };
}

/** Adds tags that are not there yet. */
export function addTags(tags: readonly string[]): ExperimentChange {
  return ({ main }) => {
    const known = listOf(main['tags']);
    main['tags'] = [...known, ...[...new Set(tags)].filter((tag) => !known.includes(tag))];
  };
}

/** Takes tags away; those that are not there do not matter. */
export function removeTags(tags: readonly string[]): ExperimentChange {
  return ({ main }) => {
    main['tags'] = listOf(main['tags']).filter((tag) => typeof tag !== 'string' || !tags.includes(tag));
  };
}

/** How far training is. */
export interface Progress {
  epoch?: number | undefined;
  epochs?: number | undefined;
  seconds?: number | undefined;
}

/** Takes down how far training is; what is not given stays. */
export function setProgress({ epoch, epochs, seconds }: Progress): ExperimentChange {
  return ({ main }) => {
    if (epoch !== undefined) main['current_epoch'] = epoch;
    if (epochs !== undefined) main['total_epochs'] = epochs;
    if (seconds !== undefined) main['training_time_seconds'] = seconds;
  };
}

/**
 * Takes new values into the best ones: the better one where it is known what is better, now or from an earlier call;
 * otherwise the new one, as the original does. Values that are no finite numbers never become the best.
 */
export function takeBest(
  values: Readonly<Record<string, number>>,
  directions: Readonly<Record<string, Direction>> = {},
): ExperimentChange {
  return ({ main, beside, record }) => {
    const best: JsonObject = isObject(main['best_metrics']) ? { ...main['best_metrics'] } : {};
    const known: JsonObject = isObject(beside['directions']) ? { ...beside['directions'] } : {};
    for (const [name, direction] of Object.entries(directions)) define(known, name, direction);
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue;
      const direction = Object.hasOwn(known, name) ? known[name] : undefined;
      const before = record !== undefined && Object.hasOwn(best, name) ? record.best[name] : undefined;
      if (isBetter(value, before, direction)) define(best, name, value);
    }
    main['best_metrics'] = best;
    if (Object.keys(known).length > 0) beside['directions'] = known;
  };
}

function isBetter(value: number, before: number | undefined, direction: JsonValue | undefined): boolean {
  if (before === undefined || !Number.isFinite(before)) return true;
  if (direction === 'max') return value > before;
  return direction === 'min' ? value < before : true;
}

/**
 * Adds an artifact, or replaces the one of the same id. All of it stands beside the file only, because the original
 * refuses a file with a key it does not know and begins a new one; its own lists of ids and paths follow.
 */
export function addArtifact(artifact: RecordedArtifact, addedAt: string): ExperimentChange {
  return ({ main, beside }) => {
    const entry: JsonObject = {
      id: artifact.id,
      type: artifact.type,
      path: artifact.path ?? null,
      description: artifact.description ?? '',
      tags: artifact.tags,
      bytes: artifact.bytes ?? null,
      digest: artifact.digest ?? null,
      added_at: addedAt,
    };
    const known = moveBeside(main, beside);
    const old = known.find((each) => isObject(each) && each['id'] === artifact.id) as JsonObject | undefined;
    const artifacts = replaced(known, entry);
    beside['artifacts'] = artifacts;
    main['artifact_ids'] = withItem(listOf(main['artifact_ids']), artifact.id);
    for (const [type, list] of pathLists) {
      const isStill = (path: JsonValue) =>
        path !== old?.['path'] ||
        artifacts.some((each) => isObject(each) && each['type'] === type && each['path'] === path);
      const paths = listOf(main[list]).filter(isStill);
      main[list] =
        artifact.type === type && artifact.path !== undefined ? withItem(paths, artifact.path) : paths;
    }
  };
}

/** The artifacts kept beside; those that stand in the file itself move there if nothing else stands among them. */
function moveBeside(main: JsonObject, beside: JsonObject): JsonValue[] {
  const known = listOf(beside['artifacts']);
  const inside = listOf(main['artifacts']);
  if (inside.length === 0 || !inside.every((each) => isObject(each) && typeof each['id'] === 'string'))
    return known;
  delete main['artifacts'];
  const ids = new Set(known.map((each) => (isObject(each) ? each['id'] : undefined)));
  return [...inside.filter((each) => !ids.has((each as JsonObject)['id']!)), ...known];
}

function replaced(list: readonly JsonValue[], entry: JsonObject): JsonValue[] {
  const at = list.findIndex((each) => isObject(each) && each['id'] === entry['id']);
  return at === -1 ? [...list, entry] : list.with(at, entry);
}

function withItem(list: JsonValue[], item: string): JsonValue[] {
  return list.includes(item) ? list : [...list, item];
}

/** Own property whatever the name is: "__proto__" is a name like any other. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? [...value] : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
