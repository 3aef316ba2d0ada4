import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { namePart, ownNames } from '../../documents/identity.ts';
import { traceRequest } from '../../documents/spans.ts';
import { type StandardName, standards } from '../../documents/standards.ts';
import type { RunRecord } from '../../runs/record.ts';
import { maskingFor } from '../../store/book-masking.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { originOf, titleOf } from '../../store/repository-address.ts';
import { getRun, readBookRuns } from '../runs/find.ts';
import { writeCrate } from './crate-folder.ts';
import { documentLine, documentsOfActions, documentsOfRun } from './documents.ts';
import { writeMlflow } from './mlflow-folder.ts';
import { type FactsRequest, runFacts } from './run-facts.ts';

/** What is handed out, by which standard, and where to. */
export interface DocumentsRequest {
  root: string;
  standard: StandardName;
  /** `runs`, `actions`, the key of a run, or the id of an action. */
  what: string;
  sinceUs?: number | undefined;
  /** The folder, for standards that are folders. */
  path?: string | undefined;
  /** Gets text that ends with a line break. */
  write(text: string): void;
  nowUs: number;
  signal?: AbortSignal | undefined;
  build?: string | undefined;
}

/** What an export came to. */
export interface DocumentsResult {
  /** Runs or actions that documents speak of. */
  records: number;
  documents: number;
  of: 'runs' | 'actions';
  /** Files of a crate, and those that it only names. */
  crate?: { files: number; named: string[] };
}

/**
 * Hands out runs or actions as documents of a standard: a line each, or one document, or a folder.
 * @throws DaybookError `usage` where the standard does not speak of that, `not-found` where there is no such record.
 */
export async function exportDocuments(request: DocumentsRequest): Promise<DocumentsResult> {
  const { root, standard, what } = request;
  const { config } = await readConfigFile(root);
  const facts: FactsRequest = {
    root,
    book:
      config.site.repository ??
      originOf(root) ??
      `${ownNames}book:${namePart(config.title ?? titleOf(root))}`,
    masking: maskingFor(config.redaction),
  };
  const { of } = standards[standard] as { of: readonly string[] };
  if (what === 'actions') {
    if (!of.includes('actions')) throw wrongSubject(standard, 'runs');
    return exportActions(request, facts);
  }
  if (what === 'runs' && !of.includes('runs')) throw wrongSubject(standard, 'actions');
  const runs = of.includes('runs') ? await runsNamed(request) : undefined;
  return runs === undefined ? exportActions(request, facts, what) : exportRuns(runs, request, facts);
}

/** The runs that are meant; undefined where it is no run and may be an action. */
async function runsNamed({
  root,
  standard,
  what,
  sinceUs,
  build,
}: DocumentsRequest): Promise<RunRecord[] | undefined> {
  const all = await readBookRuns(root, () => undefined, build);
  if (what === 'runs')
    return all.filter(({ atUs }) => sinceUs === undefined || (atUs ?? -Infinity) >= sinceUs);
  try {
    return [getRun(all, what)];
  } catch (error) {
    const { of } = standards[standard] as { of: readonly string[] };
    if (error instanceof DaybookError && error.code === 'not-found' && of.includes('actions'))
      return undefined;
    throw error;
  }
}

async function exportRuns(
  runs: readonly RunRecord[],
  { root, standard, path, write, nowUs, signal }: DocumentsRequest,
  request: FactsRequest,
): Promise<DocumentsResult> {
  const factsOf = (run: RunRecord) => runFacts(run, request);
  const result = { records: runs.length, documents: runs.length, of: 'runs' as const };
  if (standard === 'mlflow') {
    await writeMlflow(runs, factsOf, { root, path: path!, atUs: nowUs, signal });
    return result;
  }
  if (standard === 'ro-crate') {
    const [run, other] = runs;
    if (run === undefined || other !== undefined) throw oneRunOnly(runs.length);
    return { ...result, crate: await writeCrate(await factsOf(run), { root, path: path!, atUs: nowUs }) };
  }
  const sink = new DocumentSink(standard, request.book, write);
  for (const run of runs) {
    signal?.throwIfAborted();
    for (const document of documentsOfRun(standard, await factsOf(run))) sink.take(document);
  }
  sink.end();
  return { ...result, documents: sink.count };
}

async function exportActions(
  { standard, sinceUs, write }: DocumentsRequest,
  request: FactsRequest,
  id?: string,
): Promise<DocumentsResult> {
  const sink = new DocumentSink(standard, request.book, write);
  const records = await documentsOfActions(standard, { id, sinceUs }, request, (each) => sink.take(each));
  if (id !== undefined && records === 0)
    throw new DaybookError('not-found', `There is no run and no action "${showText(id)}" in this book.`, {
      hint: 'Say runs or actions for all; daybook runs and daybook actions show their keys.',
    });
  sink.end();
  return { records, documents: sink.count, of: 'actions' };
}

/** Writes documents a line each; spans are put together into requests that a collector takes. */
class DocumentSink {
  count = 0;
  readonly #spans: JsonObject[] | undefined;
  readonly #book: string;
  readonly #write: (text: string) => void;

  constructor(standard: StandardName, book: string, write: (text: string) => void) {
    this.#book = book;
    this.#write = write;
    this.#spans = standards[standard].form === 'one' ? [] : undefined;
  }

  take(document: JsonObject): void {
    this.count += 1;
    if (this.#spans === undefined) this.#write(documentLine(document));
    else this.#spans.push(document);
    if (this.#spans?.length === mostSpans) this.end();
  }

  /** Writes what waits. */
  end(): void {
    if (this.#spans === undefined || this.#spans.length === 0) return;
    this.#write(`${jsonText(traceRequest(this.#book, this.#spans))}\n`);
    this.#spans.length = 0;
  }
}

/** A request of more spans is larger than what collectors take by default (4 MiB). */
const mostSpans = 2000;

function wrongSubject(standard: StandardName, of: string): DaybookError {
  const { about } = standards[standard];
  return new DaybookError('usage', `Expected ${of} for ${standard} (${about}).`, {
    hint: 'docs/documents.md says what each standard speaks of.',
  });
}

function oneRunOnly(count: number): DaybookError {
  return new DaybookError('usage', `Expected the key of one run for ro-crate, found ${count} runs.`, {
    hint: 'A crate is of one run: daybook export results/a --as ro-crate --output crate',
  });
}
