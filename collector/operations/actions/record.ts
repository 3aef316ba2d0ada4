import type { Clock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { nearest } from '../../base/nearest.ts';
import { isSafeId } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import type { ActionLine } from '../../formats/actions/action.ts';
import { displayStatusOf, knownStatusWords } from '../../formats/actions/status.ts';
import type { NewAction } from '../../store/action-writer.ts';
import { openRecorder } from '../../store/spool/recorder.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { notRecordedError } from './not-recorded.ts';
import { actionSource } from './source.ts';
import { recordedWithin } from './within.ts';

/** What recording an action needs from the world. */
export interface RecordEffects {
  clock: Clock;
  env: NodeJS.ProcessEnv;
}

/** An action as a person or program asks for it. */
export interface ActionRequest {
  type: string;
  status?: string | undefined;
  details: JsonValue;
  id?: string | undefined;
  run?: string | undefined;
}

/**
 * Checks one action and appends it to the log of the book, with what waited for it; nothing is written when anything
 * about it is wrong.
 * @throws DaybookError where the log cannot be written; it says where the record waits instead.
 */
export async function recordAction(
  root: string,
  request: ActionRequest,
  effects: RecordEffects,
): Promise<ActionLine> {
  const run = request.run ?? recordedWithin(root, effects.env).run;
  const action = resolveAction({ ...request, run });
  const settings = await readWriteSettings(root);
  const recorder = openRecorder(root, { ...settings, clock: effects.clock });
  const { line } = await recorder.record({ ...action, source: actionSource(root, effects.env) });
  const rest = await recorder.settle();
  if (rest !== undefined) throw notRecordedError(rest);
  return line;
}

/** A request with its defaults filled in, or a DaybookError that says what is wrong with it. */
export function resolveAction(request: ActionRequest): NewAction {
  const type = request.type.trim();
  if (type === '') {
    throw new DaybookError('bad-input', 'Expected the type of the action, found empty text.', {
      hint: 'Name what happened in a word: daybook action deploy …',
    });
  }
  return {
    type,
    status: request.status === undefined ? statusIn(request.details) : parseStatus(request.status),
    details: request.details,
    ...(request.id === undefined ? {} : { id: parseId(request.id) }),
    ...(request.run === undefined ? {} : { run: parseRun(request.run) }),
  };
}

/** A status word that readers know, or an error that lists them; case and spaces around it do not matter. */
function parseStatus(word: string): string {
  const status = word.trim().toLowerCase();
  if (knownStatusWords.includes(status)) return status;
  const near = nearest(status, knownStatusWords);
  throw new DaybookError('bad-input', `Expected a known status, found "${word}".`, {
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Known are ${knownStatusWords.join(', ')}.`,
  });
}

/** A thing that is recorded has happened, unless its details say how it went. */
function statusIn(details: JsonValue): string {
  const word = isObject(details) && Object.hasOwn(details, 'status') ? details.status : undefined;
  if (typeof word !== 'string' || displayStatusOf(word) === 'unknown') return 'completed';
  return word.trim().toLowerCase();
}

function parseId(id: string): string {
  if (isSafeId(id)) return id;
  throw new DaybookError(
    'bad-input',
    `Expected an id of letters, digits, ".", "_" and "-", found "${showText(id)}".`,
    {
      hint: 'Ids name files and links, so "/" and ".." are not possible; at most 120 characters.',
    },
  );
}

function parseRun(run: string): string {
  if (run.trim() !== '' && run.length <= 200) return run;
  throw new DaybookError(
    'bad-input',
    `Expected the key of a run with 1 to 200 characters, found ${run.length}.`,
  );
}
