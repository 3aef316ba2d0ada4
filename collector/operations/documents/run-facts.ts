import { isObject, type JsonObject } from '../../base/json/json.ts';
import type { CodeFact, FileFact, RunFacts } from '../../documents/facts.ts';
import { namePart, ownNames } from '../../documents/identity.ts';
import type { ReceiptContent, ReceiptInput } from '../../formats/receipts/record.ts';
import type { RunArtifact, RunRecord } from '../../runs/record.ts';
import type { BookMasking } from '../../store/book-masking.ts';
import { effectiveContent } from '../../store/receipts/effective-receipt.ts';
import { sha256OfFile } from './file-digest.ts';

/** What the facts of a run are gathered in. */
export interface FactsRequest {
  root: string;
  /** What names are unique in. */
  book: string;
  masking: BookMasking;
}

/** Gathers what documents say of a run; files whose digest nobody recorded are hashed. */
export async function runFacts(run: RunRecord, request: FactsRequest): Promise<RunFacts> {
  const { root, book, masking } = request;
  const content = run.receipt === undefined ? undefined : effectiveContent(root, run.receipt);
  const environment = masking.values(content?.environment ?? {});
  const { command, ...around } = environment;
  const params = masking.values({ ...run.params });
  return {
    run: {
      ...run,
      params: params as RunRecord['params'],
      tags: masking.texts([...run.tags]),
      ...masking.texts(textsOf(run)),
    },
    book,
    // Masked with the environment, in which words of a command are told by those before them.
    command: Array.isArray(command) ? command.map(String) : undefined,
    config: masking.values(content?.config ?? params),
    environment: around,
    code: codeOf(content).map((each) => ({ ...each, remote: each.remote && masking.texts(each.remote) })),
    inputs: inputsOf(content).map((file) => maskedPath(file, masking)),
    outputs: (await outputsOf(run, root)).map((file) => maskedPath(file, masking)),
    evidence: await evidenceOf(run, root),
    builder: builderOf(around),
  };
}

/** An address may hold what logs in. */
function maskedPath(file: FileFact, { texts }: BookMasking): FileFact {
  return { ...file, path: texts(file.path) };
}

function textsOf({ name, description, error }: RunRecord): { name: string } & JsonObject {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(error !== undefined && { error }),
  };
}

function codeOf(content: ReceiptContent | undefined): CodeFact[] {
  return Object.entries(content?.repos ?? {}).flatMap(([name, repository]) => {
    const { commit, head, isDirty, path, branch, remote } = repository;
    if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return [];
    return [{ name, commit, head, isDirty: isDirty === true, path, branch, remote }];
  });
}

/** Folders are told file by file: their own digest covers names and is no digest of a file. */
function inputsOf(content: ReceiptContent | undefined): FileFact[] {
  const { inputs = {}, data = {} } = content ?? {};
  const told = Object.entries(inputs).flatMap(([name, input]) => inputFiles(name, input));
  const weak = Object.keys(data).filter((name) => !Object.hasOwn(inputs, name));
  const note = 'Recorded with 64 bits of xxHash, which prove nothing against intent.';
  return [...told, ...weak.map((name) => ({ name, path: name, note }))];
}

function inputFiles(
  name: string,
  { path, kind, digest, manifest, pointers, bytes }: ReceiptInput,
): FileFact[] {
  if (manifest !== undefined) {
    return Object.entries(manifest).map(([inside, each]) => {
      const whole = pointers?.[inside] ?? each;
      return { name, path: kind === 'folder' ? `${path}/${inside}` : inside, sha256: hexOf(whole) };
    });
  }
  if (kind === 'file')
    return [{ name, path, bytes, sha256: hexOf(Object.values(pointers ?? {})[0] ?? digest) }];
  const note = `Recorded as a whole with ${digest}, which covers names, too, and is the digest of no file.`;
  return [{ name, path, bytes, note }];
}

/** A digest that was recorded is believed: the file may be another one by now. */
async function outputsOf({ artifacts, place }: RunRecord, root: string): Promise<FileFact[]> {
  const files: FileFact[] = [];
  for (const artifact of artifacts) {
    const path = artifact.file ?? artifact.path;
    if (path === undefined || artifact.kind === 'folder') continue;
    files.push({ path, name: artifact.id, bytes: artifact.bytes, ...(await digestOf(artifact, root)) });
  }
  return files.filter(({ path }) => path !== place);
}

async function digestOf({ digest, file }: RunArtifact, root: string): Promise<Partial<FileFact>> {
  const recorded = hexOf(digest);
  if (recorded !== undefined) return { sha256: recorded };
  if (file === undefined) return { note: 'No file of the book, and no digest of it was recorded.' };
  const now = await sha256OfFile(root, file);
  if (now === undefined) return { note: 'No digest was recorded, and the file cannot be read.' };
  return { ...now, note: 'No digest was recorded: this one is of the file when this document was made.' };
}

async function evidenceOf({ receipt, files }: RunRecord, root: string): Promise<FileFact> {
  if (receipt !== undefined)
    return { name: 'receipt', path: receipt.file, bytes: receipt.bytes, sha256: hexOf(receipt.digest) };
  for (const { path, kind } of files) {
    const read = await sha256OfFile(root, path);
    if (read !== undefined) return { name: kind, path, ...read };
  }
  return { path: files[0]?.path ?? '', note: 'No file that tells of this run can be read.' };
}

function builderOf({ ci, host }: JsonObject): string {
  if (isObject(ci) && typeof ci['url'] === 'string') return ci['url'];
  return `${ownNames}host:${namePart(typeof host === 'string' ? host : 'not-recorded')}`;
}

function hexOf(digest: string | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
}
