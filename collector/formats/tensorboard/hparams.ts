import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import type { ProtobufReader } from '../../base/protobuf.ts';

/** What TensorBoard's plugin of hyperparameters knows of a run. */
export interface HparamsSession {
  hparams?: JsonObject;
  /** In its own words: SUCCESS, FAILURE, RUNNING. */
  status?: string;
  startSeconds?: number;
  endSeconds?: number;
}

const statuses = ['UNKNOWN', 'SUCCESS', 'FAILURE', 'RUNNING'];

/** The session in the content of the plugin. */
export function sessionIn(content: ProtobufReader): HparamsSession {
  const session: HparamsSession = {};
  while (content.next()) {
    if (content.field === 3) readStart(content.message(), session);
    else if (content.field === 4) readEnd(content.message(), session);
  }
  return session;
}

function readStart(start: ProtobufReader, session: HparamsSession): void {
  const hparams: JsonObject = {};
  while (start.next()) {
    if (start.field === 1) {
      const entry = start.message();
      let [name, value]: [string, JsonValue] = ['', null];
      while (entry.next()) {
        if (entry.field === 1) name = entry.text();
        else if (entry.field === 2) value = valueIn(entry.message());
      }
      hparams[name] = value;
    } else if (start.field === 5) session.startSeconds = start.double();
  }
  session.hparams = hparams;
}

function readEnd(end: ProtobufReader, session: HparamsSession): void {
  while (end.next()) {
    if (end.field === 1) session.status = statuses[end.int()] ?? 'UNKNOWN';
    else if (end.field === 2) session.endSeconds = end.double();
  }
}

/** A small value: number, text, truth. Others are left out. */
function valueIn(value: ProtobufReader): JsonValue {
  while (value.next()) {
    if (value.field === 2) return value.double();
    if (value.field === 3) return value.text();
    if (value.field === 4) return value.int() === 1;
  }
  return null;
}
