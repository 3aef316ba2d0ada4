import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { ProtobufReader } from '../../base/protobuf.ts';
import { PointsReading } from '../metrics/from-points.ts';
import type { MetricsRecord } from '../metrics/record.ts';
import { historyValues } from './values.ts';

/** What the log of a run of W&B says of it. */
export interface WandbLog {
  metrics: MetricsRecord;
  config: JsonObject;
  summary: JsonObject;
  /** By the names of W&B: run_id, project, entity, display_name, notes, run_group, job_type, sweep_id, host. */
  about: Record<string, string>;
  tags: string[];
  /** What wandb-metadata.json says, under the same names. */
  metadata: JsonObject;
  startUs: number | undefined;
  /** Undefined where the run was not ended by itself. */
  exitCode: number | undefined;
  runtimeSeconds: number | undefined;
}

/** Takes the records of a log one by one. */
export class WandbLogReading {
  readonly #points = new PointsReading({ steps: ['_step'], time: '_timestamp' });
  readonly #log: Omit<WandbLog, 'metrics'> = {
    config: {},
    summary: {},
    about: {},
    tags: [],
    metadata: {},
    startUs: undefined,
    exitCode: undefined,
    runtimeSeconds: undefined,
  };

  /** @throws ProtobufError */
  add(record: Buffer): void {
    const reader = new ProtobufReader(record);
    while (reader.next()) {
      if (reader.field === 2) this.#history(reader.message());
      else if (reader.field === 3) takeItems(reader.message(), this.#log.summary);
      else if (reader.field === 5) takeItems(reader.message(), this.#log.config);
      else if (reader.field === 17) this.#run(reader.message());
      else if (reader.field === 18) this.#exit(reader.message());
      else if (reader.field === 26) takeEnvironment(reader.message(), this.#log.metadata);
    }
  }

  finish(): WandbLog {
    return { ...this.#log, metrics: this.#points.finish() };
  }

  #history(history: ProtobufReader): void {
    const point: JsonObject = {};
    while (history.next()) {
      if (history.field === 1) takeItem(history.message(), point);
      else if (history.field === 2) {
        const step = history.message();
        // A field that is not there is zero.
        point['_step'] ??= 0;
        while (step.next()) if (step.field === 1) point['_step'] = step.int();
      }
    }
    this.#points.add(historyValues(point));
  }

  #run(run: ProtobufReader): void {
    const { about, config, summary, tags } = this.#log;
    while (run.next()) {
      const name = texts.get(run.field);
      if (name !== undefined) about[name] = run.text();
      else if (run.field === 4) takeItems(run.message(), config);
      else if (run.field === 5) takeItems(run.message(), summary);
      else if (run.field === 10) tags.push(run.text());
      else if (run.field === 17) this.#log.startUs = timeIn(run.message());
      else if (run.field === 21) this.#log.metadata['git'] ??= gitIn(run.message());
    }
  }

  #exit(exit: ProtobufReader): void {
    this.#log.exitCode = 0;
    while (exit.next()) {
      if (exit.field === 1) this.#log.exitCode = exit.int();
      else if (exit.field === 2) this.#log.runtimeSeconds = exit.int();
    }
  }
}

/** Names of members of wandb-metadata.json by their field. */
const environment = new Map([
  [1, 'os'],
  [2, 'python'],
  [6, 'program'],
  [12, 'host'],
  [18, 'gpu'],
]);

function takeEnvironment(reader: ProtobufReader, into: JsonObject): void {
  const args: string[] = [];
  while (reader.next()) {
    const name = environment.get(reader.field);
    if (name !== undefined) into[name] = reader.text();
    else if (reader.field === 5) args.push(reader.text());
    else if (reader.field === 9) into['git'] = gitIn(reader.message());
  }
  if (args.length > 0) into['args'] = args;
}

function gitIn(reader: ProtobufReader): JsonObject {
  const git: JsonObject = {};
  while (reader.next()) {
    if (reader.field === 1) git['remote'] = reader.text();
    else if (reader.field === 2) git['commit'] = reader.text();
  }
  return git;
}

const texts = new Map([
  [1, 'run_id'],
  [2, 'entity'],
  [3, 'project'],
  [6, 'run_group'],
  [7, 'job_type'],
  [8, 'display_name'],
  [9, 'notes'],
  [12, 'sweep_id'],
  [13, 'host'],
]);

/** What is set and what is taken away, as summaries and configurations have it. */
function takeItems(reader: ProtobufReader, into: JsonObject): void {
  while (reader.next()) {
    if (reader.field === 1) takeItem(reader.message(), into);
    else if (reader.field === 2) {
      const removed: JsonObject = {};
      takeItem(reader.message(), removed);
      for (const name of Object.keys(removed)) delete into[name];
    }
  }
}

/** One member: its name, or the names that lead to it, and its value as JSON. */
function takeItem(item: ProtobufReader, into: JsonObject): void {
  let [name, text] = ['', ''];
  const path: string[] = [];
  while (item.next()) {
    if (item.field === 1) name = item.text();
    else if (item.field === 2) path.push(item.text());
    else if (item.field === 16) text = item.text();
  }
  const names = path.length > 0 ? path : [name];
  let place = into;
  for (const each of names.slice(0, -1)) {
    const inner = Object.hasOwn(place, each) ? place[each] : undefined;
    place = isObject(inner) ? inner : put(place, each, {});
  }
  put(place, names.at(-1)!, valueIn(text));
}

/** A member of whatever name: "__proto__" is one as well, and nothing beside the object is written into. */
function put<T extends JsonValue>(into: JsonObject, name: string, value: T): T {
  Object.defineProperty(into, name, { value, writable: true, enumerable: true, configurable: true });
  return value;
}

function valueIn(text: string): JsonValue {
  const parsed = parseLenientJson(text);
  return parsed.ok ? parsed.value : text === '' ? null : text;
}

function timeIn(time: ProtobufReader): number {
  let us = 0;
  while (time.next()) {
    if (time.field === 1) us += time.int() * 1e6;
    else if (time.field === 2) us += Math.round(time.int() / 1000);
  }
  return us;
}
