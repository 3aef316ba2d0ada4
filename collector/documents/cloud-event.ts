import type { JsonObject } from '../base/json/json.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { definedOnly, rfc3339 } from './values.ts';

/**
 * One line of the log as an event of CloudEvents 1.0.2. `line` is what the line says; `book` is where it comes from, within which
 * ids are unique.
 */
export function cloudEvent(action: ActionRecord, line: JsonObject, book: string): JsonObject {
  return definedOnly({
    specversion: '1.0',
    id: action.key,
    source: book,
    type: `daybook.action.${action.status}`,
    subject: action.actionId ?? action.snapshotId,
    time: action.untimed ? undefined : rfc3339(action.atUs),
    datacontenttype: 'application/json',
    data: line,
  });
}
