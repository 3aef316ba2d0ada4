import type { JsonObject } from '../base/json/json.ts';
import { daybookVersion } from '../base/version.ts';
import { type DisplayStatus, isFinal } from '../formats/actions/status.ts';
import { type FileFact, type RunFacts, startOf } from './facts.ts';
import { ownNames, uuidOf } from './identity.ts';
import { definedOnly, metricsJson, rfc3339 } from './values.ts';

const producer = `${ownNames}version:${daybookVersion}`;
const spec = 'https://openlineage.io/spec';
const facet = (schema: string) => ({ _producer: producer, _schemaURL: schema });

const endOf: Partial<Record<DisplayStatus, string>> = {
  completed: 'COMPLETE',
  failed: 'FAIL',
  aborted: 'ABORT',
};

/**
 * The events of OpenLineage 2-0-2 of one run: its start, and its end where it is over. A run of which no file knows a time has none,
 * because an event without a time says nothing.
 */
export function lineageEvents(facts: RunFacts): JsonObject[] {
  const { run } = facts;
  const startUs = startOf(facts) ?? run.endedAtUs;
  const start = rfc3339(startUs);
  if (start === undefined) return [];
  const events = [event(facts, 'START', start, [])];
  const end = isFinal(run.status) ? endOf[run.status] : undefined;
  if (end !== undefined) events.push(event(facts, end, rfc3339(run.endedAtUs) ?? start, facts.outputs));
  return events;
}

function event(
  facts: RunFacts,
  eventType: string,
  eventTime: string,
  outputs: readonly FileFact[],
): JsonObject {
  const { run, book } = facts;
  return {
    eventType,
    eventTime,
    producer,
    schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: uuidOf(`${book}\n${run.key}`), facets: runFacets(facts, eventType) },
    job: { namespace: book, name: run.identifier || run.name, facets: jobFacets(facts) },
    inputs: facts.inputs.map((file) => dataset(file, book)),
    outputs: outputs.map((file) => dataset(file, book)),
  };
}

function runFacets({ run, config }: RunFacts, eventType: string): JsonObject {
  const error = eventType === 'FAIL' ? (run.error ?? run.statusWord) : undefined;
  return definedOnly({
    daybook: {
      ...facet(`${ownNames}facet:run:v1`),
      key: run.key,
      name: run.name,
      status: run.statusWord,
      config,
      metrics: metricsJson(run.metrics),
    },
    errorMessage:
      error === undefined
        ? undefined
        : {
            ...facet(`${spec}/facets/1-0-1/ErrorMessageRunFacet.json`),
            message: error,
            programmingLanguage: 'not recorded',
          },
  });
}

function jobFacets({ code }: RunFacts): JsonObject {
  const [first] = code;
  if (first?.remote === undefined) return {};
  const { remote, commit, branch } = first;
  return {
    sourceCodeLocation: definedOnly({
      ...facet(`${spec}/facets/1-0-1/SourceCodeLocationJobFacet.json`),
      type: 'git',
      url: remote,
      version: commit,
      branch,
    }),
  };
}

function dataset({ path, sha256, bytes }: FileFact, book: string): JsonObject {
  if (sha256 === undefined) return { namespace: book, name: path, facets: {} };
  const known = definedOnly({ ...facet(`${ownNames}facet:file:v1`), sha256, bytes });
  return { namespace: book, name: path, facets: { daybook: known } };
}
