import type { JsonObject, JsonValue } from '../base/json/json.ts';
import { daybookVersion } from '../base/version.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { type DisplayStatus, isFinal } from '../formats/actions/status.ts';
import { type RunFacts, startOf } from './facts.ts';
import { hexOf } from './identity.ts';
import { nanoseconds } from './values.ts';

/** Kinds and codes of OpenTelemetry's trace.proto. */
const kinds = { internal: 1, server: 2 };
const codes: Partial<Record<DisplayStatus, number>> = { completed: 1, failed: 2, aborted: 2 };

/** Words of the semantic conventions for CI/CD 1.38.0, which are in development. */
const results: Partial<Record<DisplayStatus, string>> = {
  completed: 'success',
  failed: 'failure',
  aborted: 'cancellation',
};

/** Spans as OTLP JSON: one request of traces. `book` is the service that they come from. */
export function traceRequest(book: string, spans: readonly JsonObject[]): JsonObject {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': book }) },
        scopeSpans: [{ scope: { name: 'daybook', version: daybookVersion }, spans: [...spans] }],
      },
    ],
  };
}

/** The span of a run, the root of its trace; undefined where no file knows when it was. */
export function runSpan(facts: RunFacts): JsonObject | undefined {
  const { run, book } = facts;
  const startUs = startOf(facts);
  if (startUs === undefined) return undefined;
  const pipeline = run.identifier || run.name;
  return {
    ...identity(book, run.key, startUs, run.endedAtUs ?? startUs),
    name: `RUN ${pipeline}`,
    kind: kinds.server,
    attributes: attributes({
      'cicd.pipeline.name': pipeline,
      'cicd.pipeline.run.id': run.key,
      'cicd.pipeline.action.name': 'RUN',
      'cicd.pipeline.result': results[run.status],
      'cicd.pipeline.run.state': isFinal(run.status) ? 'finalizing' : 'executing',
      'error.type': errorType(run.status, run.statusWord),
      'vcs.ref.head.revision': facts.code[0]?.commit,
    }),
    status: statusOf(run.status, run.error),
  };
}

/** The span of an action; within the trace of its run, where it has one. A line that only begins an action is as long as nothing. */
export function actionSpan(action: ActionRecord, book: string): JsonObject | undefined {
  if (action.untimed) return undefined;
  const { run, type, status } = action;
  const startUs = action.startedAtUs ?? action.atUs;
  const measured = action.durationMs === undefined ? undefined : startUs + action.durationMs * 1000;
  const endUs = Math.max(startUs, action.endedAtUs ?? measured ?? action.atUs);
  const own = identity(book, run ?? action.key, startUs, endUs);
  return {
    ...own,
    spanId: hexOf(`${book}\n${action.actionId ?? action.key}`, 16),
    ...(run === undefined ? {} : { parentSpanId: own['spanId']! }),
    name: type,
    kind: kinds.internal,
    attributes: attributes({
      'cicd.pipeline.task.name': type,
      'cicd.pipeline.task.run.id': action.actionId ?? action.snapshotId,
      'cicd.pipeline.task.run.result': results[status],
      'cicd.pipeline.task.run.url.full': action.source?.url,
      'error.type': errorType(status, action.statusWord),
      'vcs.ref.head.revision': action.source?.commit,
      'vcs.ref.head.name': action.source?.branch,
    }),
    status: statusOf(status, action.error),
  };
}

function identity(book: string, trace: string, startUs: number, endUs: number): JsonObject {
  return {
    traceId: hexOf(`${book}\n${trace}`, 32),
    spanId: hexOf(`${book}\n${trace}\nspan`, 16),
    startTimeUnixNano: nanoseconds(startUs),
    endTimeUnixNano: nanoseconds(Math.max(startUs, endUs)),
  };
}

function statusOf(status: DisplayStatus, error: string | undefined): JsonObject {
  const code = codes[status];
  if (code === undefined) return {};
  return code === codes.failed && error !== undefined ? { code, message: error } : { code };
}

const errorType = (status: DisplayStatus, word: string) => (status === 'failed' ? word : undefined);

function attributes(named: Record<string, string | undefined>): JsonValue[] {
  return Object.entries(named).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: { stringValue: value } }],
  );
}
