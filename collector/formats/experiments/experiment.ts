import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import { type DisplayStatus, displayStatusOf, isFinal } from '../actions/status.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import { numberOf } from '../metrics/points.ts';
import { type RecordedArtifact, readArtifacts } from './artifacts.ts';

export type { RecordedArtifact } from './artifacts.ts';

/** One experiment_tracker.json as it was read. Records keyed by recorded names have no prototype. */
export interface ExperimentRecord {
  /** The file, relative to the book, POSIX. */
  file: string;
  id: string;
  name: string;
  statusWord: string;
  status: DisplayStatus;
  /** Without what a failure appended. */
  description: string | undefined;
  error: string | undefined;
  tags: string[];
  /** The configuration, or what the original keeps of it. */
  config: JsonObject;
  best: Record<string, number>;
  /** What is better, by metric, where Daybook was told. */
  directions: Record<string, 'min' | 'max'>;
  currentEpoch: number | undefined;
  totalEpochs: number | undefined;
  trainingTimeMs: number | undefined;
  createdAtUs: number | undefined;
  startedAtUs: number | undefined;
  completedAtUs: number | undefined;
  updatedAtUs: number | undefined;
  zoneless: boolean;
  /** Every change of status that is known, oldest first. */
  history: { atUs: number; word: string; status: DisplayStatus }[];
  artifacts: RecordedArtifact[];
  /** Id that ties it to a run elsewhere. */
  run: string | undefined;
  /** Which process on which machine started it, where Daybook wrote that. */
  source: JsonObject | undefined;
  raw: JsonObject;
}

const known = [
  'experiment_id',
  'experiment_name',
  'status',
  'best_metrics',
  'artifact_ids',
  'config_summary',
];

/**
 * Reads an experiment_tracker.json. Never throws: what is not as expected becomes a finding, and the rest is used. A
 * file without a single key of an experiment gives no record. `extra` is what Daybook keeps beside the file.
 */
export function parseExperiment(
  text: string,
  file: string,
  extra: JsonObject = {},
): { record: ExperimentRecord | undefined; findings: Finding[] } {
  const findings: Finding[] = [];
  const parsed = parseLenientJson(text);
  if (!parsed.ok) return { record: undefined, findings: [brokenFile(text, file, parsed)] };
  if (!isObject(parsed.value) || !known.some((key) => Object.hasOwn(parsed.value as JsonObject, key))) {
    const found = showText(jsonText(parsed.value).slice(0, 200));
    const hint = 'Rename the file if it is something else.';
    const finding = {
      severity: 'warning',
      file,
      expected: `an object with ${known[0]}`,
      found,
      hint,
    } as const;
    return { record: undefined, findings: [{ code: 'wrong-schema', ...finding }] };
  }
  if (parsed.repaired !== undefined) {
    const hint = 'They are read as what they mean; programs that take JSON by the letter refuse the file.';
    findings.push({
      code: 'broken-json',
      severity: 'note',
      file,
      expected: 'JSON',
      found: parsed.repaired,
      hint,
    });
  }
  return { record: new Reading(parsed.value, file, extra, findings).record(), findings };
}

function brokenFile(text: string, file: string, parsed: { reason: string; tooDeep: boolean }): Finding {
  const isEmpty = text.trim() === '';
  const isCut = !isEmpty && !parsed.tooDeep && !/[}\]]\s*$/.test(text);
  const code: FindingCode = parsed.tooDeep
    ? 'too-deep'
    : isEmpty
      ? 'empty-file'
      : isCut
        ? 'truncated'
        : 'broken-json';
  const found = isEmpty ? 'nothing' : showText(parsed.reason, 160);
  const hint = 'Restore the file from git or a backup.';
  return { code, severity: 'error', file, expected: 'the record of an experiment as JSON', found, hint };
}

/** Takes the fields of one experiment and reports those of another type. */
class Reading {
  readonly #raw: JsonObject;
  readonly #file: string;
  readonly #extra: JsonObject;
  readonly #findings: Finding[];
  #zoneless = false;

  constructor(raw: JsonObject, file: string, extra: JsonObject, findings: Finding[]) {
    this.#raw = raw;
    this.#file = file;
    this.#extra = extra;
    this.#findings = findings;
  }

  record(): ExperimentRecord {
    const statusWord = this.#text('status') ?? '';
    const { description, error } = this.#descriptionAndError();
    const times = {
      createdAtUs: this.#time('created_at') ?? this.#time('timestamp'),
      startedAtUs: this.#time('started_at'),
      completedAtUs: this.#time('completed_at'),
      updatedAtUs: this.#time('updated_at'),
    };
    const seconds = this.#number('training_time_seconds');
    const folder = this.#file.split('/').at(-2) ?? '';
    const name = this.#text('experiment_name') || this.#text('experiment_id') || folder;
    return {
      file: this.#file,
      id: this.#text('experiment_id') || folder,
      name,
      statusWord,
      status: displayStatusOf(statusWord),
      description,
      error,
      tags: this.#texts('tags'),
      config: this.#config(),
      best: this.#best(),
      directions: this.#directions(),
      currentEpoch: this.#number('current_epoch'),
      totalEpochs: this.#number('total_epochs'),
      trainingTimeMs: seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined,
      ...times,
      history: this.#history(times, statusWord),
      zoneless: this.#zoneless,
      artifacts: readArtifacts(this.#raw, this.#extra),
      run: textOf(this.#extra['run']) ?? textOf(this.#raw['run']),
      source: isObject(this.#extra['source']) ? this.#extra['source'] : undefined,
      raw: this.#raw,
    };
  }

  /** All of it where Daybook wrote it, else what the original keeps of it. */
  #config(): JsonObject {
    const whole = this.#extra['config'];
    return isObject(whole) ? whole : (this.#object('config') ?? this.#object('config_summary') ?? {});
  }

  /** The original puts the error of a failure behind the description; where Daybook wrote it, it stands alone, too. */
  #descriptionAndError(): { description: string | undefined; error: string | undefined } {
    const whole = this.#text('description') ?? '';
    const kept = textOf(this.#extra['error']);
    const mark = '\nError: ';
    const isKeptLast = kept !== undefined && whole.endsWith(mark + kept);
    const isFailed = displayStatusOf(this.#text('status') ?? '') === 'failed';
    const at = isKeptLast
      ? whole.length - mark.length - kept.length
      : isFailed
        ? whole.lastIndexOf(mark)
        : -1;
    if (at === -1) return { description: whole || undefined, error: kept };
    return { description: whole.slice(0, at) || undefined, error: kept ?? whole.slice(at + mark.length) };
  }

  #best(): Record<string, number> {
    const best: Record<string, number> = Object.create(null);
    for (const [name, value] of Object.entries(this.#object('best_metrics') ?? {})) {
      // A later version of the original writes {value, epoch}.
      const number = numberOf(isObject(value) ? value['value'] : value);
      if (number !== undefined) best[name] = number;
      else this.#wrong(`best_metrics.${name}`, 'a number', value);
    }
    return best;
  }

  #directions(): Record<string, 'min' | 'max'> {
    const directions: Record<string, 'min' | 'max'> = Object.create(null);
    const given = this.#extra['directions'];
    for (const [name, direction] of isObject(given) ? Object.entries(given) : []) {
      if (direction === 'min' || direction === 'max') directions[name] = direction;
    }
    return directions;
  }

  #history(
    times: Pick<ExperimentRecord, 'createdAtUs' | 'startedAtUs' | 'completedAtUs' | 'updatedAtUs'>,
    word: string,
  ): ExperimentRecord['history'] {
    const history: ExperimentRecord['history'] = [];
    const add = (atUs: number | undefined, each: string) => {
      if (atUs !== undefined) history.push({ atUs, word: each, status: displayStatusOf(each) });
    };
    const kept = this.#extra['status_history'];
    for (const entry of Array.isArray(kept) ? kept : []) {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string') continue;
      add(parseTime(entry[0])?.us, entry[1]);
    }
    if (history.length > 0 && history.at(-1)!.word === word) return history;
    history.length = 0;
    add(times.createdAtUs, 'created');
    add(times.startedAtUs, 'running');
    if (isFinal(displayStatusOf(word))) add(times.completedAtUs, word);
    return history.sort((a, b) => a.atUs - b.atUs);
  }

  #text(key: string): string | undefined {
    const value = this.#raw[key];
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    this.#wrong(key, 'a text', value);
    return undefined;
  }

  #texts(key: string): string[] {
    const value = this.#raw[key] ?? [];
    if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
    this.#wrong(key, 'a list of texts', value);
    return [];
  }

  #number(key: string): number | undefined {
    const value = this.#raw[key] ?? undefined;
    const number = numberOf(value);
    if (value !== undefined && number === undefined) this.#wrong(key, 'a number', value);
    return number;
  }

  #object(key: string): JsonObject | undefined {
    const value = this.#raw[key] ?? undefined;
    if (value === undefined || isObject(value)) return value;
    this.#wrong(key, 'an object', value);
    return undefined;
  }

  #time(key: string): number | undefined {
    const text = this.#text(key) ?? '';
    if (text === '') return undefined;
    const time = parseTime(text);
    if (time === undefined) {
      this.#wrong(key, 'a time like 2025-07-23T11:03:31', text, 'bad-time');
      return undefined;
    }
    this.#zoneless ||= time.zoneless;
    return time.us;
  }

  #wrong(path: string, expected: string, value: JsonValue, code: FindingCode = 'wrong-shape'): void {
    // Some fields are looked at more than once.
    if (this.#findings.length >= 50 || this.#findings.some((each) => each.path === path)) return;
    const found = showText(jsonText(value));
    const hint = 'The other fields are used; correct this one.';
    this.#findings.push({ code, severity: 'warning', file: this.#file, path, expected, found, hint });
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
