import { isObject, type JsonValue } from '../../base/json/json.ts';
import { parsePath, valueAt } from '../../base/json/path.ts';
import { isoMicros } from '../../base/time.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { alertType } from '../../formats/actions/alert-type.ts';
import { recorderSentence } from '../../formats/schedule/recorder-words.ts';
import type { SnapshotRecord } from '../../formats/snapshots/periodic.ts';
import type { AlertCondition } from '../../runs/alerts/rule.ts';
import { scalarOf, subjectOf } from '../../runs/alerts/subjects.ts';
import { matchesRun } from '../../runs/filter/match.ts';
import type { RunRecord, Scalar } from '../../runs/record.ts';
import { type RecordingHealth, rounded } from '../health/recording.ts';
import type { AlertEvent } from './message.ts';

/** What rules are held against; each part is read only where a rule asks for it. */
export interface AlertFacts {
  nowUs: number;
  /** The newest line of each action of the last days, newest first. */
  actions(): Promise<readonly ActionRecord[]>;
  runs(): Promise<readonly RunRecord[]>;
  newest(): SnapshotRecord | undefined;
  /** Without the actions of type alert: being told of silence does not end it. */
  recording(): Promise<RecordingHealth>;
}

/** What a condition comes to now. */
export interface Evaluation {
  /** True for a state that is or is not (the newest snapshot, the recorder), which is told when it begins. */
  isState: boolean;
  /** What fulfils the condition, newest first. */
  events: AlertEvent[];
  /** How an event that was told ended; undefined where it is not over, or nothing is known of it. */
  endOf(id: string): AlertEvent | undefined;
}

/** Holds a condition against the book. */
export async function evaluate(condition: AlertCondition, facts: AlertFacts): Promise<Evaluation> {
  switch (condition.kind) {
    case 'action':
      return evaluateActions(condition, await facts.actions());
    case 'run':
      return evaluateRuns(condition, await facts.runs());
    case 'snapshot':
      return evaluateSnapshot(condition, facts.newest());
    case 'recorder':
      return evaluateRecorder(condition, await facts.recording());
  }
}

function evaluateActions(condition: AlertCondition, all: readonly ActionRecord[]): Evaluation {
  const actions = all.filter(({ type }) => type !== alertType);
  const idOf = ({ actionId, key }: ActionRecord) => `action:${actionId ?? key}`;
  const byId = new Map(actions.map((action) => [idOf(action), action]));
  const fits = (action: ActionRecord) => matchesRun(condition.filter, actionSubject(action, condition.names));
  return {
    isState: false,
    events: actions.filter(fits).map((action) => ({
      id: idOf(action),
      title: `${action.type} ${action.status}`,
      atUs: action.atUs,
      detail: action.error ?? detailsText(action.details) ?? action.run,
      url: action.source?.url,
    })),
    endOf(id) {
      const action = byId.get(id);
      if (action === undefined) return undefined;
      // A later line of it, or a later action of its kind, tells that it is well.
      const better = fits(action)
        ? actions.findLast(
            (each) =>
              each.type === action.type &&
              each.run === action.run &&
              each.atUs > action.atUs &&
              each.status === 'completed' &&
              !fits(each),
          )
        : action;
      if (better === undefined) return undefined;
      return { id, title: `${better.type} ${better.status}`, atUs: better.atUs, detail: undefined };
    },
  };
}

/** What the details say of an error, else their first simple values. */
function detailsText(details: JsonValue): string | undefined {
  if (!isObject(details)) return undefined;
  if (typeof details.error === 'string') return details.error;
  const simple = Object.entries(details).flatMap(([name, value]) => {
    const scalar = scalarOf(value);
    return scalar === undefined ? [] : [`${name}=${String(scalar)}`];
  });
  return simple.length === 0 ? undefined : simple.slice(0, 6).join(' ');
}

function actionSubject(action: ActionRecord, names: readonly string[]) {
  const { status, statusWord, durationMs, startedAtUs, atUs, type, actionId, key, run, error } = action;
  const known: Record<string, JsonValue | undefined> = { type, id: actionId ?? key, run, error };
  const lookUp = (name: string) =>
    name.startsWith('details.') ? valueOfPath(action.details, name.slice('details.'.length)) : known[name];
  return subjectOf({ status, statusWord, durationMs, startedAtUs, atUs }, valuesOf(names, lookUp));
}

function evaluateRuns(condition: AlertCondition, runs: readonly RunRecord[]): Evaluation {
  const idOf = (run: RunRecord) =>
    `run:${run.key}@${run.startedAtUs === undefined ? '' : isoMicros(run.startedAtUs)}`;
  const fits = (run: RunRecord) => matchesRun(condition.filter, run);
  const byId = new Map(runs.map((run) => [idOf(run), run]));
  return {
    isState: false,
    events: runs.filter(fits).map((run) => ({
      id: idOf(run),
      title: `run ${run.key} ${run.status}`,
      atUs: run.endedAtUs ?? run.atUs,
      detail: run.error ?? valuesText(condition, (name) => run.metrics[name.replace(/^metrics\./, '')]),
    })),
    endOf(id) {
      const run = byId.get(id);
      if (run === undefined || fits(run)) return undefined;
      return {
        id,
        title: `run ${run.key} ${run.status}`,
        atUs: run.endedAtUs ?? run.atUs,
        detail: undefined,
      };
    },
  };
}

function evaluateSnapshot(condition: AlertCondition, newest: SnapshotRecord | undefined): Evaluation {
  const lookUp = (name: string) => {
    if (newest === undefined) return undefined;
    const at = name === 'health' ? 'system_state.health' : name;
    return valueOfPath(newest.content, at);
  };
  const values = valuesOf(condition.names, lookUp);
  const holds = newest !== undefined && matchesRun(condition.filter, subjectOf({}, values));
  const detail = valuesText(condition, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
  const event = { title: '', atUs: newest?.atUs, detail };
  return {
    isState: true,
    events: holds ? [{ ...event, id: `snapshot:${newest.id}`, title: `snapshot ${newest.id}` }] : [],
    endOf: (id) =>
      holds || newest === undefined
        ? undefined
        : { ...event, id, title: `no longer so in snapshot ${newest.id}` },
  };
}

function evaluateRecorder(condition: AlertCondition, health: RecordingHealth): Evaluation {
  const { recorder, lastUs, missed, atUs } = health;
  // With a schedule it is snapshots that are waited for, without one anything.
  const sinceUs = recorder.newestUs ?? lastUs;
  const silentMs = sinceUs === undefined ? undefined : Math.max(0, (atUs - sinceUs) / 1000);
  const values = { overdue: recorder.overdue, missed };
  const given = { status: recorder.state, statusWord: recorder.state, durationMs: silentMs };
  const holds = matchesRun(condition.filter, subjectOf(given, values));
  const what = recorder.newestUs === undefined ? 'Nothing has been recorded' : 'No snapshot has been taken';
  const quiet =
    silentMs === undefined ? 'Nothing has ever been recorded' : `${what} for ${rounded(silentMs)}`;
  const said = recorderSentence(recorder, atUs, ' UTC') ?? quiet;
  return {
    isState: true,
    events: holds
      ? [
          {
            id: `recorder:${sinceUs === undefined ? '' : isoMicros(sinceUs)}`,
            title: said,
            atUs: sinceUs,
            detail: said === quiet ? undefined : quiet,
          },
        ]
      : [],
    endOf: (id) =>
      holds
        ? undefined
        : {
            id,
            title: recorder.newestUs === undefined ? 'it is recorded again' : 'snapshots come again',
            atUs: sinceUs,
            detail: undefined,
          },
  };
}

function valueOfPath(value: JsonValue, path: string): JsonValue | undefined {
  const place = parsePath(path);
  return place === undefined ? undefined : valueAt(value, place);
}

function valuesOf(
  names: readonly string[],
  lookUp: (name: string) => JsonValue | undefined,
): Record<string, Scalar> {
  const values: Record<string, Scalar> = Object.create(null);
  for (const name of names) {
    const scalar = scalarOf(lookUp(name));
    if (scalar !== undefined) values[name] = scalar;
  }
  return values;
}

/** "acc is 0.83": the values that a condition asked for. */
function valuesText(
  { names }: AlertCondition,
  lookUp: (name: string) => Scalar | undefined,
): string | undefined {
  const said = names.flatMap((name) => {
    const value = lookUp(name);
    return value === undefined ? [] : [`${name} is ${String(value)}`];
  });
  return said.length === 0 ? undefined : said.join(', ');
}
