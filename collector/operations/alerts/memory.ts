import { isObject, type JsonObject } from '../../base/json/json.ts';
import { isoMicros, parseTime } from '../../base/time.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import type { AlertMessage } from './message.ts';

/** What was told by one rule to one channel, as the log has it: the record is the state, so that a fresh clone knows it. */
export interface Told {
  /** Events that were told, and those of which that failed and is owed. */
  told: Set<string>;
  owed: Set<string>;
  /** Of the told ones those of which it has not been told that they are over. */
  open: Set<string>;
  /** Of so many events that they are not listed: all up to this time were told. */
  untilUs: number;
  issue: number | undefined;
}

/** Of an action of type alert what is needed here. */
export type AlertRecord = Pick<ActionRecord, 'atUs' | 'status' | 'details'>;

/** So many events of a message are named in its record. */
const listed = 100;

/** What a message leaves in the log: rule, channel, and which events it told of. */
export function recordOf(
  message: AlertMessage,
  channel: string,
  { issue, problem }: { issue?: number | undefined; problem?: string | undefined },
): JsonObject {
  const { rule, when, state, events } = message;
  const newestUs = Math.max(...events.map(({ atUs }) => atUs ?? Number.NEGATIVE_INFINITY));
  return {
    rule,
    ...(rule === when ? {} : { when }),
    channel,
    state,
    events: events.slice(0, listed).map(({ id }) => id),
    ...(events.length > listed && Number.isFinite(newestUs) ? { until: isoMicros(newestUs) } : {}),
    ...(issue === undefined ? {} : { issue }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What the records of alerts say of a rule and a channel. */
export function toldBy(records: readonly AlertRecord[], rule: string, channel: string): Told {
  const told: Told = {
    told: new Set(),
    owed: new Set(),
    open: new Set(),
    untilUs: Number.NEGATIVE_INFINITY,
    issue: undefined,
  };
  for (const { details, status } of [...records].sort((a, b) => a.atUs - b.atUs)) {
    if (isObject(details) && details.rule === rule && details.channel === channel)
      take(told, details, status === 'completed');
  }
  return told;
}

function take(told: Told, details: JsonObject, isDelivered: boolean): void {
  const ids = Array.isArray(details.events) ? details.events.filter((id) => typeof id === 'string') : [];
  if (details.state === 'well') {
    if (!isDelivered) return;
    for (const id of ids) told.open.delete(id);
    told.issue = typeof details.issue === 'number' ? details.issue : undefined;
    return;
  }
  for (const id of ids) {
    if (!isDelivered) {
      if (!told.told.has(id)) told.owed.add(id);
      continue;
    }
    told.told.add(id);
    told.open.add(id);
    told.owed.delete(id);
  }
  if (!isDelivered) return;
  if (typeof details.issue === 'number') told.issue = details.issue;
  const until = typeof details.until === 'string' ? parseTime(details.until)?.us : undefined;
  if (until !== undefined) told.untilUs = Math.max(told.untilUs, until);
}
