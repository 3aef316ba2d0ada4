import type { JsonObject, JsonValue } from '../base/json/json.ts';
import type { DisplayStatus } from '../formats/actions/status.ts';
import { type CodeFact, type FileFact, type RunFacts, startOf } from './facts.ts';
import { namePart, uuidOf } from './identity.ts';
import { definedOnly, rfc3339 } from './values.ts';

const profile = 'https://w3id.org/ro/wfrun/process/0.5';

/** Which files of a run lie in the folder of the crate, by their paths in the book, and where; the others are named only. */
export type CrateFiles = ReadonlyMap<string, string>;

/**
 * The ro-crate-metadata.json of one run: a Process Run Crate 0.5 on RO-Crate 1.1. `atUs` is when it is published: what the
 * specification wants to know, and the run cannot tell.
 */
export function runCrate(facts: RunFacts, files: CrateFiles, atUs: number): JsonObject {
  const { run, code, inputs, outputs, evidence } = facts;
  const told = run.files.map(({ path }): FileFact => ({ path })).filter(({ path }) => files.has(path));
  const named = [...told, ...inputs, ...outputs, evidence];
  const all = [...new Map(named.map((file) => [file.path, file])).values()];
  const parts = all.filter(({ path }) => files.has(path));
  const id = (file: FileFact) => ({ '@id': idOf(file, files) });
  const params = Object.entries(run.params).map(([name, value]) => parameter('param', name, value));
  const results = Object.entries(run.metrics).map(([name, value]) => parameter('metric', name, value));
  const action = `urn:uuid:${uuidOf(`${facts.book}\n${run.key}`)}`;
  const tool = toolOf(facts);
  return {
    '@context': ['https://w3id.org/ro/crate/1.1/context', 'https://w3id.org/ro/terms/workflow-run/context'],
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
        about: { '@id': './' },
      },
      {
        '@id': './',
        '@type': 'Dataset',
        name: `Run ${run.name}`,
        description: run.description ?? `The run ${run.key}, as it was recorded.`,
        datePublished: rfc3339(atUs)!,
        license: 'No licence was recorded for this run.',
        conformsTo: { '@id': profile },
        hasPart: parts.map(id),
        mentions: { '@id': action },
      },
      { '@id': profile, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
      tool,
      definedOnly({
        '@id': action,
        '@type': 'CreateAction',
        name: run.name,
        description: facts.command?.join(' '),
        instrument: { '@id': tool['@id']! },
        startTime: rfc3339(startOf(facts)),
        endTime: rfc3339(run.endedAtUs),
        object: [...inputs.map(id), ...params.map(({ '@id': at }) => ({ '@id': at! }))],
        result: [...outputs.map(id), ...results.map(({ '@id': at }) => ({ '@id': at! }))],
        actionStatus: statusIds[run.status] && { '@id': `http://schema.org/${statusIds[run.status]}` },
        error: run.status === 'failed' ? (run.error ?? run.statusWord) : undefined,
        subjectOf: id(evidence),
      }),
      ...code.map(codeEntity),
      ...all.map((file) => fileEntity(file, files)),
      ...params,
      ...results,
    ],
  };
}

const statusIds: Partial<Record<DisplayStatus, string>> = {
  pending: 'PotentialActionStatus',
  running: 'ActiveActionStatus',
  completed: 'CompletedActionStatus',
  failed: 'FailedActionStatus',
  aborted: 'FailedActionStatus',
};

/** What ran: the program of the command, with the code it was made of. */
function toolOf({ command, code, run }: RunFacts): JsonObject {
  return definedOnly({
    '@id': '#tool',
    '@type': 'SoftwareApplication',
    name: command === undefined ? run.identifier || run.name : programOf(command),
    softwareRequirements: code.length === 0 ? undefined : code.map((each) => ({ '@id': codeId(each) })),
    softwareVersion: code[0]?.commit,
  });
}

const programOf = ([program = '', first]: readonly string[]) =>
  [program, first]
    .map((word) => word?.split(/[/\\]/).at(-1))
    .filter(Boolean)
    .join(' ');

const codeId = ({ name }: CodeFact) => `#code/${namePart(name)}`;

function codeEntity(code: CodeFact): JsonObject {
  const { name, remote, commit, branch } = code;
  return definedOnly({
    '@id': codeId(code),
    '@type': 'SoftwareSourceCode',
    name,
    codeRepository: remote,
    version: commit,
    description: branch === undefined ? undefined : `branch ${branch}`,
  });
}

/** What is no part of the crate is named by an address of its own, or by a fragment: RO-Crate wants every path to be there. */
function idOf({ path }: FileFact, files: CrateFiles): string {
  const part = files.get(path);
  if (part !== undefined) return namePart(part);
  return /^https?:\/\//.test(path) ? path : `#file/${namePart(path)}`;
}

function fileEntity(file: FileFact, files: CrateFiles): JsonObject {
  const isPart = files.has(file.path);
  return definedOnly({
    '@id': idOf(file, files),
    '@type': isPart ? 'File' : 'CreativeWork',
    name: file.name ?? file.path,
    contentSize: file.bytes === undefined ? undefined : String(file.bytes),
    sha256: file.sha256,
    description: isPart ? undefined : (file.note ?? 'not part of this crate'),
  });
}

function parameter(kind: string, name: string, value: JsonValue): JsonObject {
  const isExact = typeof value !== 'number' || Number.isFinite(value);
  return {
    '@id': `#${kind}/${namePart(name)}`,
    '@type': 'PropertyValue',
    name,
    value: isExact ? value : String(value),
  };
}
