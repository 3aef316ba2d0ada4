import { sha256Hex } from '../../base/hash.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { cloudEvent } from '../../documents/cloud-event.ts';
import type { RunFacts } from '../../documents/facts.ts';
import { lineageEvents } from '../../documents/open-lineage.ts';
import { actionSpan, runSpan } from '../../documents/spans.ts';
import type { StandardName } from '../../documents/standards.ts';
import { actionStatement, runStatement, slsaStatement } from '../../documents/statement.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { isFinal } from '../../formats/actions/status.ts';
import { readPlacedActions } from '../../store/log-reader.ts';
import type { FactsRequest } from './run-facts.ts';

/** The documents of a standard about one run; none where the standard needs what the run does not have. */
export function documentsOfRun(standard: StandardName, facts: RunFacts): JsonObject[] {
  switch (standard) {
    case 'slsa':
      return [slsaStatement(facts)];
    case 'in-toto':
      return [runStatement(facts)];
    case 'openlineage':
      return lineageEvents(facts);
    case 'otlp':
      return [runSpan(facts)].filter((span) => span !== undefined);
    default:
      return [];
  }
}

/** Which actions are wanted: all, those since a time, or those of one id. */
export interface WantedActions {
  id?: string | undefined;
  sinceUs?: number | undefined;
}

/** Hands out the documents of actions in the order of the log, and says how many actions fitted. */
export async function documentsOfActions(
  standard: StandardName,
  { id, sinceUs }: WantedActions,
  { root, book, masking }: FactsRequest,
  take: (document: JsonObject) => void,
): Promise<number> {
  let fitting = 0;
  // What an action began with waits for its end: one action is one span.
  const begun = new Map<string, ActionRecord>();
  const isWanted = ({ key, snapshotId, actionId, atUs }: ActionRecord) =>
    (id === undefined || key === id || snapshotId === id || actionId === id) &&
    (sinceUs === undefined || atUs >= sinceUs);
  await readPlacedActions(root, {
    visit(action, { bytes }) {
      if (!isWanted(action)) return;
      fitting += 1;
      if (standard === 'otlp') return takeSpan(action, book, begun, take);
      const line = masking.values(action.raw);
      take(documentOf(standard, action, { line, bytes, book }));
    },
    report: () => undefined,
  });
  for (const action of begun.values()) giveSpan(action, book, take);
  return fitting;
}

function documentOf(
  standard: StandardName,
  action: ActionRecord,
  { line, bytes, book }: { line: JsonObject; bytes: Buffer; book: string },
): JsonObject {
  if (standard === 'cloudevents') return cloudEvent(action, line, book);
  return actionStatement(action, { sha256: sha256Hex(bytes), value: line });
}

function takeSpan(
  action: ActionRecord,
  book: string,
  begun: Map<string, ActionRecord>,
  take: (document: JsonObject) => void,
): void {
  const { actionId, status, atUs } = action;
  const first = actionId === undefined ? undefined : begun.get(actionId);
  const startedAtUs = action.startedAtUs ?? first?.startedAtUs ?? first?.atUs ?? atUs;
  const joined = { ...action, startedAtUs, run: action.run ?? first?.run };
  if (actionId !== undefined) begun.delete(actionId);
  if (actionId === undefined || isFinal(status)) giveSpan(joined, book, take);
  else begun.set(actionId, joined);
}

function giveSpan(action: ActionRecord, book: string, take: (document: JsonObject) => void): void {
  const span = actionSpan(action, book);
  if (span !== undefined) take(span);
}

/** One document as text, for a line of its own. */
export const documentLine = (document: JsonObject) => `${jsonText(document)}\n`;
