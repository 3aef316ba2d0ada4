import { readFileSync } from 'node:fs';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseJson } from '../../base/json/text.ts';
import type { ActionLine } from '../../formats/actions/action.ts';
import type { NewAction } from '../../store/action-writer.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { openRecorder } from '../../store/spool/recorder.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { notRecordedError } from '../actions/not-recorded.ts';
import type { RecordEffects } from '../actions/record.ts';
import { actionSource } from '../actions/source.ts';
import { eventActions } from './event-actions.ts';
import { cleanId, objectIn, outcomeOf, textIn } from './payload.ts';

/** Which event to record, where that is not the one the environment names. */
export interface EventRequest {
  /** The file with the payload. */
  file?: string | undefined;
  name?: string | undefined;
}

/** How far back jobs are looked for that a finished run left open. */
const openJobsWithin = 2000;

/**
 * Records the event that started this job: itself, each commit of a push, and of a run that is over the end of those of its jobs that
 * could not record it themselves. The payload is read from the file that GitHub names, as data.
 * @throws DaybookError where there is no event, or where the log cannot be written; it says where the records wait.
 */
export async function recordEvent(
  root: string,
  request: EventRequest,
  effects: RecordEffects,
): Promise<ActionLine[]> {
  const { env } = effects;
  const name = request.name ?? env['GITHUB_EVENT_NAME'];
  const file = request.file ?? env['GITHUB_EVENT_PATH'];
  if (!name || !file) throw noEvent(name ? 'GITHUB_EVENT_PATH' : 'GITHUB_EVENT_NAME');
  const payload = readPayload(file);
  const actions = eventActions({ name, payload, runId: env['GITHUB_RUN_ID'] ?? 'local' });
  return recordAll(root, [...actions, ...(await jobsLeftOpen(root, name, payload))], effects);
}

/**
 * Records how this job stands: `executing` when it begins, GitHub's word for its outcome when it ends. Both are one action.
 * @throws DaybookError as `recordEvent`.
 */
export async function recordJob(root: string, word: string, effects: RecordEffects): Promise<ActionLine> {
  const { env } = effects;
  const status = word === 'executing' ? word : outcomeOf(word.trim().toLowerCase());
  const [line] = await recordAll(
    root,
    [
      {
        type: 'job',
        id: jobId(env['GITHUB_RUN_ID'], env['GITHUB_RUN_ATTEMPT'], env['GITHUB_JOB'] ?? 'job'),
        status,
        details: compact({
          workflow: env['GITHUB_WORKFLOW'],
          job: env['GITHUB_JOB'],
          event: env['GITHUB_EVENT_NAME'],
          actor: env['GITHUB_ACTOR'],
          ref: env['GITHUB_REF'],
          attempt: env['GITHUB_RUN_ATTEMPT'],
          ...(status === 'executing' ? {} : { conclusion: word }),
        }),
      },
    ],
    effects,
  );
  return line!;
}

/** A run that is over ends its jobs: one that was killed, or whose machine was lost, could not say so. */
async function jobsLeftOpen(root: string, name: string, payload: JsonObject): Promise<NewAction[]> {
  const run = objectIn(payload, 'workflow_run');
  if (name !== 'workflow_run' || run === undefined || textIn(run, 'status') !== 'completed') return [];
  const prefix = jobId(String(run['id'] ?? ''), String(run['run_attempt'] ?? '1'), '');
  const { records } = await newestActions(root, openJobsWithin);
  // Newest first: the first line of an id says how its job stands.
  const newest = new Map(records.toReversed().map((record) => [record.actionId, record]));
  return [...newest.values()]
    .filter(({ actionId, status }) => actionId?.startsWith(prefix) && status === 'running')
    .map(({ actionId, type, details }) => ({
      type,
      id: actionId!,
      status: outcomeOf(textIn(run, 'conclusion')),
      details: {
        ...(isObject(details) ? details : {}),
        conclusion: textIn(run, 'conclusion') ?? 'unknown',
        said_by: 'workflow_run',
      },
    }));
}

function jobId(run: string | undefined, attempt: string | undefined, job: string): string {
  return `job-${cleanId(run || 'local')}-${cleanId(attempt || '1')}-${cleanId(job)}`;
}

async function recordAll(
  root: string,
  actions: readonly NewAction[],
  { clock, env }: RecordEffects,
): Promise<ActionLine[]> {
  const recorder = openRecorder(root, { ...(await readWriteSettings(root)), clock });
  await recorder.begin();
  const source = actionSource(root, env);
  const lines = actions.map((action) => recorder.append({ ...action, source }));
  const rest = await recorder.settle();
  if (rest !== undefined) throw notRecordedError(rest);
  return lines;
}

function readPayload(file: string): JsonObject {
  const text = readEvent(file);
  const found = jsonIn(text);
  if (isObject(found)) return found;
  throw new DaybookError(
    'bad-input',
    `Expected an event as a JSON object, found ${found === undefined ? 'no JSON' : 'another value'}.`,
    { where: file, hint: 'It is the file that GITHUB_EVENT_PATH names.' },
  );
}

function jsonIn(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function readEvent(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DaybookError('unreadable', 'Expected the event in a file, but it cannot be read.', {
      where: file,
      hint: 'It is the file that GITHUB_EVENT_PATH names.',
      cause,
    });
  }
}

function noEvent(variable: string): DaybookError {
  return new DaybookError('usage', `Expected ${variable} in the environment, found none.`, {
    hint: 'GitHub Actions sets it. Elsewhere name the event: daybook ci event --name push --file event.json',
  });
}

function compact(details: Record<string, string | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(details).filter((entry): entry is [string, string] => !!entry[1]));
}
