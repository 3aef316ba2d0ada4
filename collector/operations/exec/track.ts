import { randomUUID } from 'node:crypto';
import { systemClock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { hasMembers } from '../../base/json/json.ts';
import type { ActionSource } from '../../formats/actions/action.ts';
import type { Recorder } from '../../store/spool/recorder.ts';
import { openWorkJournal } from './work-journal.ts';

/** A function to run and to record. */
export interface TrackedWork<T> {
  type: string;
  details: unknown;
  /** Key of the run that it belongs to. */
  ofRun?: string | undefined;
  run: (details: Record<string, unknown>) => T | Promise<T>;
}

/**
 * Records the start and the end of a function. Its result or error is passed on whatever becomes of the recording;
 * what could not be recorded is told by one warning of the process.
 * @throws DaybookError `bad-input` before the function is called, where its type or details cannot be recorded.
 */
export async function track<T>(
  recorder: Recorder,
  source: ActionSource,
  { type, details: given, ofRun, run }: TrackedWork<T>,
): Promise<T> {
  const journal = openWorkJournal(recorder, (text) => process.emitWarning(text, 'DaybookWarning'));
  const id = randomUUID();
  const startedAtUs = systemClock.nowUs();
  const action = { source, type, id, startedAtUs, ...(ofRun !== undefined && { run: ofRun }) };
  await journal.begin({ ...action, status: 'executing', details: given });
  const learned: Record<string, unknown> = {};
  const finish = (status: string, error?: unknown) => {
    const endedAtUs = systemClock.nowUs();
    const durationMs = (endedAtUs - startedAtUs) / 1000;
    const details = { ...(hasMembers(given) || given === null ? given : { value: given }), ...learned };
    const failure = error === undefined ? {} : { error: messageOf(error) };
    return journal.end({ ...action, status, details, endedAtUs, durationMs, ...failure });
  };
  let result: T;
  try {
    result = await run(learned);
  } catch (error) {
    await finish('failed', error ?? 'an error without a message');
    throw error;
  }
  await finish('completed');
  return result;
}
