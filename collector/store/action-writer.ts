import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { DaybookError } from '../base/errors.ts';
import { toJson } from '../base/json/strict.ts';
import { jsonText } from '../base/json/text.ts';
import { createMasker } from '../base/mask-secrets.ts';
import { showText } from '../base/show.ts';
import { compactTime, isoMicros } from '../base/time.ts';
import { daybookVersion } from '../base/version.ts';
import { type ActionLine, type ActionSource, maxLineBytes, sealLine } from '../formats/actions/action.ts';
import { knownStatusWords } from '../formats/actions/status.ts';
import type { Durability, Redaction } from '../formats/config/config.ts';
import { openAppendLog } from './append-log.ts';
import { blobReferenceOf, writeBlob } from './blobs.ts';
import { type BookMasking, maskingFor } from './book-masking.ts';
import { actionLogPath, snapshotsFolder } from './layout.ts';

/** What is known of an action when it is recorded; only the type must be given. */
export interface NewAction {
  /** Free text, at most 200 characters, e.g. "deploy". */
  type: string;
  /** One of the known status words; default "completed". */
  status?: string;
  /** Any JSON value; NaN and infinities are written as text. Default {}. */
  details?: unknown;
  /** Lines with the same id are one action. */
  id?: string;
  /** Key of the run the action belongs to. */
  run?: string;
  error?: string;
  startedAtUs?: number;
  endedAtUs?: number;
  durationMs?: number;
  source?: ActionSource;
}

/** Appends actions to the log of one book. */
export interface ActionWriter {
  /** Appends one action and returns its line; with durability `sync` it is then on disk. */
  append(action: NewAction): ActionLine;
  /** The same, resolving when the line is as durable as promised; concurrent calls share one flush. */
  appendDurable(action: NewAction): Promise<ActionLine>;
  close(): Promise<void>;
}

/** How to write; the defaults are the original's. */
export interface ActionWriterOptions {
  durability?: Durability;
  clock?: Clock;
  /** Also write action_<id>.json, one file per action, ten to forty times slower. */
  actionFiles?: boolean;
  /** What looks like a secret anywhere in the line is masked before anything is written, unless `off`. */
  redaction?: Redaction;
}

/**
 * Opens the log of a book for writing; creates snapshots/ where it does not exist.
 * @throws DaybookError `bad-input` for an action that cannot be written, `unwritable`, `disk-full`.
 */
export function openActionWriter(root: string, options: ActionWriterOptions = {}): ActionWriter {
  const prepare = actionPreparer(options);
  const log = openPreparedLog(root, options);
  return {
    append(action) {
      const prepared = prepare(action);
      log.append(prepared);
      return prepared.line;
    },
    async appendDurable(action) {
      const prepared = prepare(action);
      await log.appendDurable(prepared);
      return prepared.line;
    },
    close: () => log.close(),
  };
}

/** An action that is ready to be written: masked, sealed, and with nothing left that could be wrong about it. */
export interface PreparedAction {
  line: ActionLine;
  /** The line as it goes into the log, newline included. */
  bytes: Buffer;
  /** Details that are too large for the line, as JSON; they go to snapshots/blobs before the line. */
  blob: string | undefined;
}

/** Makes lines of actions. The function throws a DaybookError `bad-input` for what cannot be an action; it writes nothing. */
export function actionPreparer(options: ActionWriterOptions = {}): (action: NewAction) => PreparedAction {
  const clock = options.clock ?? systemClock;
  const { redaction = { keys: [] } } = options;
  const masking = { ...maskingFor(redaction), suspects: suspectsFor(redaction) };
  return (action) => buildLine(action, clock.nowUs(), masking);
}

/** Whether a line has to be masked; one that cannot be looked at has to be, and is recorded all the same. */
export function suspectsFor(
  redaction: Redaction,
  make = createMasker,
): ((text: string) => boolean) | undefined {
  if (redaction === 'off') return undefined;
  const { suspects } = make(redaction.keys);
  return (text) => {
    try {
      return suspects(text);
    } catch {
      return true;
    }
  };
}

/** The log of a book for actions that are ready. */
export interface PreparedLog {
  append(action: PreparedAction): void;
  appendDurable(action: PreparedAction): Promise<void>;
  close(): Promise<void>;
}

/** Opens the log of a book for actions that are ready. @throws DaybookError `unwritable` or `disk-full`. */
export function openPreparedLog(root: string, options: ActionWriterOptions = {}): PreparedLog {
  const log = openAppendLog(actionLogPath(root), options.durability ?? 'os');
  const place = ({ blob }: PreparedAction) => {
    if (blob !== undefined) writeBlob(root, blob);
  };
  const finish = ({ line }: PreparedAction) => {
    if (options.actionFiles === true) writeActionFile(root, line);
  };
  return {
    append(action) {
      place(action);
      log.append(action.bytes);
      finish(action);
    },
    async appendDurable(action) {
      place(action);
      await log.appendShared(action.bytes);
      finish(action);
    },
    close: () => log.close(),
  };
}

const maxChars = 200;
const maxErrorChars = 4000;

function buildLine(
  action: NewAction,
  nowUs: number,
  masking: BookMasking & { suspects: ((text: string) => boolean) | undefined },
): PreparedAction {
  const status = action.status ?? 'completed';
  checkText('type', action.type);
  checkText('id', action.id);
  checkText('run', action.run);
  // What another program said stays what it said; readers show words that they do not know as unknown.
  if (!knownStatusWords.includes(status) && action.source?.import === undefined) {
    throw new DaybookError('bad-input', `"${showText(status, 40)}" is not a known status.`, {
      where: 'status',
      hint: `Use one of ${knownStatusWords.join(', ')}.`,
    });
  }
  const line = lineOf(action, status, nowUs);
  line.action.details = toJson(action.details ?? {});
  let json = jsonText(line);
  if (masking.suspects?.(json) === true) {
    maskLine(line, masking);
    json = jsonText(line);
  }
  let bytes = sealLine(json);
  let blob: string | undefined;
  if (bytes.length > maxLineBytes) {
    blob = jsonText(line.action.details);
    line.action.details = { ...blobReferenceOf(blob) };
    bytes = sealLine(jsonText(line));
  }
  const checksum = bytes.toString('latin1', bytes.length - 17, bytes.length - 3);
  return { line: { ...line, checksum }, bytes, blob };
}

/** In place, and field by field: the order of the line is a promise to its readers. */
function maskLine(line: Omit<ActionLine, 'checksum'>, { texts, values }: BookMasking): void {
  const { action } = line;
  action.details = values(action.details);
  for (const name of ['type', 'id', 'error'] as const) {
    if (action[name] !== undefined) action[name] = texts(action[name]);
  }
  if (line.run !== undefined) line.run = texts(line.run);
  if (line.source !== undefined) line.source = texts({ ...line.source }) as ActionSource;
}

/** The small fields come first and the details last, so that readers can tell a line without parsing its details. */
function lineOf(action: NewAction, status: string, nowUs: number): Omit<ActionLine, 'checksum'> {
  const { error, durationMs, startedAtUs, endedAtUs, id, run, source } = action;
  const timestamp = isoMicros(nowUs);
  return {
    snapshot_id: `action_${compactTime(nowUs)}_${randomSuffix()}`,
    snapshot_type: 'action',
    timestamp,
    ...(run === undefined ? {} : { run }),
    ...(source === undefined ? {} : { source }),
    metadata: { generated_by: 'daybook', version: daybookVersion },
    action: {
      type: action.type,
      status,
      started_at: startedAtUs === undefined ? timestamp : isoMicros(startedAtUs),
      ...(id === undefined ? {} : { id }),
      ...(endedAtUs === undefined ? {} : { ended_at: isoMicros(endedAtUs) }),
      ...(durationMs === undefined ? {} : { duration_ms: durationMs }),
      ...(error === undefined ? {} : { error: shortened(error) }),
      details: {},
    },
  };
}

function checkText(field: string, text: string | undefined): void {
  if (text === undefined) {
    if (field === 'type') throw new DaybookError('bad-input', 'An action needs a type.', { where: 'type' });
    return;
  }
  if (typeof text !== 'string' || text.trim() === '' || text.length > maxChars) {
    const found = typeof text === 'string' ? `${text.length} characters` : typeof text;
    throw new DaybookError(
      'bad-input',
      `The ${field} of an action must be a text of 1 to ${maxChars} characters; found ${text === '' ? 'an empty text' : found}.`,
      {
        where: field,
        hint: 'Put longer texts into the details.',
      },
    );
  }
}

function shortened(error: string): string {
  if (error.length <= maxErrorChars) return error;
  return `${error.slice(0, maxErrorChars)} … (${error.length - maxErrorChars} characters cut)`;
}

/**
 * Six hex digits that keep the ids of writers in the same microsecond apart. Math.random is seeded again by the system in
 * every process; nothing here must be unguessable, and loading the crypto module costs some milliseconds at every start.
 */
function randomSuffix(): string {
  return Math.floor(Math.random() * 0x1000000)
    .toString(16)
    .padStart(6, '0');
}

function writeActionFile(root: string, line: ActionLine): void {
  writeFileAtomic(join(snapshotsFolder(root), `${line.snapshot_id}.json`), `${jsonText(line, 2)}\n`);
}
