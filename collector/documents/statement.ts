import type { JsonObject } from '../base/json/json.ts';
import { daybookVersion } from '../base/version.ts';
import type { ActionRecord } from '../formats/actions/action.ts';
import { type CodeFact, type FileFact, type RunFacts, startOf } from './facts.ts';
import { namePart, ownNames, uuidOf } from './identity.ts';
import { definedOnly, metricsJson, rfc3339 } from './values.ts';

/** What a run is to a builder of SLSA: parameters are a command and a configuration (docs/documents.md). */
export const buildType = `${ownNames}run:v1`;
const actionPredicate = `${ownNames}action:v1`;
const runPredicate = `${ownNames}run-record:v1`;

/** An in-toto Statement v1 about what a run made, with SLSA provenance v1. */
export function slsaStatement(facts: RunFacts): JsonObject {
  const { run, command, config, environment, builder } = facts;
  return statement(subjectsOf(facts), 'https://slsa.dev/provenance/v1', {
    buildDefinition: definedOnly({
      buildType,
      externalParameters: definedOnly({ command: command && [...command], config }),
      internalParameters: { environment },
      resolvedDependencies: [...facts.code.map(codeDescriptor), ...facts.inputs.map(descriptor)],
    }),
    runDetails: {
      builder: { id: builder, version: { daybook: daybookVersion } },
      metadata: definedOnly({
        invocationId: runName(facts),
        startedOn: rfc3339(startOf(facts)),
        finishedOn: rfc3339(run.endedAtUs),
      }),
      byproducts: [descriptor(facts.evidence)],
    },
  });
}

/** An in-toto Statement v1 about the same files, with what Daybook knows of the run. */
export function runStatement(facts: RunFacts): JsonObject {
  const { run, command, config, environment, code, inputs } = facts;
  return statement(
    subjectsOf(facts),
    runPredicate,
    definedOnly({
      key: run.key,
      name: run.name,
      status: run.status,
      statusWord: run.statusWord,
      startedOn: rfc3339(startOf(facts)),
      finishedOn: rfc3339(run.endedAtUs),
      command: command && [...command],
      config,
      metrics: metricsJson(run.metrics),
      tags: run.tags,
      error: run.error,
      environment,
      code: code.map(codeDescriptor),
      inputs: inputs.map(descriptor),
      parents: run.parents.map(({ key, name, kind }) => definedOnly({ key, name, kind })),
    }),
  );
}

/** An in-toto Statement v1 about one line of the log: its subject is the bytes of the line, without the line break. */
export function actionStatement(
  action: ActionRecord,
  line: { sha256: string; value: JsonObject },
): JsonObject {
  const subject = [{ name: `${action.file}#L${action.line}`, digest: { sha256: line.sha256 } }];
  return statement(subject, actionPredicate, { action: line.value });
}

/** The name of a run that is unique beyond its book. */
export const runName = ({ book, run }: RunFacts) => `${ownNames}run:${uuidOf(`${book}\n${run.key}`)}`;

function statement(subject: JsonObject[], predicateType: string, predicate: JsonObject): JsonObject {
  return { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate };
}

/** Every subject needs a digest: a run that left no file is known by what tells of it. */
function subjectsOf({ outputs, evidence }: RunFacts): JsonObject[] {
  const whole = outputs.filter(({ sha256 }) => sha256 !== undefined);
  return (whole.length === 0 ? [evidence] : whole).map(({ path, sha256 }) => ({
    name: path,
    digest: { sha256: sha256! },
  }));
}

function descriptor({ name, path, sha256, note }: FileFact): JsonObject {
  return definedOnly({
    name,
    uri: /^[a-z][a-z0-9+.-]*:/i.test(path) ? path : namePart(path),
    digest: sha256 === undefined ? undefined : { sha256 },
    annotations: note === undefined ? undefined : { note },
  });
}

function codeDescriptor({ name, path, remote, commit, head, isDirty, branch }: CodeFact): JsonObject {
  const isShadow = head !== undefined && head !== commit;
  const note = isShadow
    ? 'This commit holds the whole work tree as it was, changes and untracked files included. It is kept in the repository it was made in; the remote may not have it.'
    : undefined;
  return definedOnly({
    name,
    uri: remote === undefined ? undefined : `git+${remote}`,
    digest: { gitCommit: commit },
    annotations: definedOnly({ path, branch, head, dirty: isDirty, note }),
  });
}
