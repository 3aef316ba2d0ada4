import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { crc32 } from '../../base/hash.ts';
import { isExactNumber } from '../../base/json/exact-number.ts';
import { jsonText, parseJson, parsePlainJson } from '../../base/json/text.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { checkLine, sealLine } from '../../formats/actions/action.ts';
import { type DisplayStatus, isFinal } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Evidence } from '../../runs/evidence.ts';
import type { RunRecord } from '../../runs/record.ts';
import { makeCacheFolder } from '../cache-folder.ts';
import { readExperiment } from '../experiments/read-experiment.ts';
import { quickFactsOf } from '../file-facts.ts';
import { cacheFolder, listLogSegments } from '../layout.ts';
import { readReceipt } from '../receipts/receipt-files.ts';
import { type FindOptions, outcomeOf } from './find-run-files.ts';
import { isAsSeen, type RunLook, type SeenOfRuns } from './run-look.ts';
import { recordedEnds } from './sources/action.ts';
import type { SignsOfLife } from './stale-runs.ts';

/** What one reading of all runs came to; whether they are stale is for the world of now to tell. */
export interface RunsRead {
  runs: RunRecord[];
  /** Without those about runs that do not run any more, which stand at `signsAt`. */
  findings: Finding[];
  signs: SignsOfLife[];
  signsAt: number;
}

/** What is known of runs without reading the list of them. */
export interface RunsKnown extends Omit<RunsRead, 'runs'> {
  byStatus: Partial<Record<DisplayStatus, number>>;
  ended: { key: string; status: DisplayStatus; endedAtUs: number }[];
  newestUs: number | undefined;
}

/** .daybook/cache/runs-look.json: what was looked at, and what is short. */
interface Look {
  build: string;
  exclude: string;
  seen: SeenOfRuns;
  log: string;
  ends: string;
  known: RunsKnown;
  /** The list that goes with it: bytes of the runs and of the texts behind them, and a checksum of both. */
  list: { bytes: number; texts: number; crc: number };
}

/** .daybook/cache/runs-list.json: the runs, and where the whole documents of each are. Behind it stand texts. */
interface List {
  runs: RunRecord[];
  documents: Documents[];
}

/** A file, that of a receipt; whether there is one, of an experiment; a place among the texts, of a record of a ledger. */
interface Documents {
  receipt?: string;
  experiment?: string;
  ledger?: [from: number, to: number];
}

const [lookName, listName] = ['runs-look.json', 'runs-list.json'];
const mostEnded = 10;

/**
 * The runs of a book as they were read last, while nothing of what they were read from has changed: every file and folder
 * is as the system described it then, and the log says the same of runs. Undefined where it is not so, or cannot be told.
 */
export async function keptRuns(
  root: string,
  options: FindOptions,
): Promise<{ known: RunsKnown; read(): RunsRead | undefined } | undefined> {
  if (options.build === undefined || options.sources !== undefined || options.found !== undefined)
    return undefined;
  const look = readLook(root);
  if (look === undefined || look.build !== options.build || look.exclude !== excludeOf(options))
    return undefined;
  const signs = {
    folder: (path: string) => outcomeOf(root, options, path),
    place: (path: string) => entriesOf(join(root, path)),
  };
  if (!isAsSeen(root, look.seen, signs)) return undefined;
  if (lookOfLog(root) !== look.log) {
    const ends = options.ends ?? (await recordedEnds(root));
    if (jsonText(ends) !== look.ends) return undefined;
  }
  const { known } = look;
  return {
    known: { ...known, newestUs: known.newestUs ?? undefined },
    read() {
      const runs = readList(root, look.list);
      return runs && { runs, findings: known.findings, signs: known.signs, signsAt: known.signsAt };
    },
  };
}

/** Keeps what a reading came to. What stands in the way is no error. */
export function keepRuns(
  root: string,
  options: FindOptions,
  { runs, ...read }: RunsRead,
  { look, log, ends }: { look: RunLook; log: string; ends: readonly Evidence[] },
): void {
  if (options.build === undefined || !look.isAtRest || read.findings.some(isOfTheMoment)) return;
  if (runs.some(({ receipt: _r, experiment: _e, ledger: _l, ...rest }) => isOdd(rest))) return;
  const list = packed(runs);
  const ended = runs
    .filter(({ status, endedAtUs }) => isFinal(status) && endedAtUs !== undefined)
    .map(({ key, status, endedAtUs }) => ({ key, status, endedAtUs: endedAtUs! }))
    .sort((a, b) => b.endedAtUs - a.endedAtUs);
  const byStatus: RunsKnown['byStatus'] = {};
  for (const { status } of runs) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const known = { ...read, byStatus, ended: ended.slice(0, mostEnded), newestUs: runs[0]?.atUs };
  const kept: Look = {
    build: options.build,
    exclude: excludeOf(options),
    seen: look.seen,
    log,
    ends: jsonText(ends),
    known,
    list: { bytes: list.bytes, texts: list.content.length - list.bytes, crc: crc32(list.content) },
  };
  // The list first: without the look that names it nobody believes it.
  write(root, listName, list.content);
  write(root, lookName, sealLine(jsonText(kept)));
}

/** How the files of the log stand, as a text. */
export function lookOfLog(root: string): string {
  return jsonText(listLogSegments(root).map(({ path }) => [path, quickFactsOf(path)?.text ?? '-']));
}

/** What is told by a file that someone may be at work on, or that could not be read, may be over in a moment. */
function isOfTheMoment({ code, severity }: Finding): boolean {
  return severity === 'error' || code === 'leftover' || code === 'truncated';
}

const excludeOf = ({ exclude = [], places = [], deleted = false }: FindOptions) =>
  jsonText([exclude, places, deleted]);

/** Whether JSON would not give a value back: what is no number for it, or has digits of its own. */
function isOdd(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) || Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return false;
  if (isExactNumber(value)) return true;
  if (Array.isArray(value)) return value.some(isOdd);
  for (const name in value) if (isOdd((value as Record<string, unknown>)[name])) return true;
  return false;
}

/** The list as bytes, and how many of them come before the texts. */
function packed(runs: readonly RunRecord[]): { content: Buffer; bytes: number } {
  const texts: string[] = [];
  let at = 0;
  const documents = runs.map(({ receipt, experiment, ledger, files }): Documents => {
    const text = ledger === undefined ? undefined : jsonText(ledger);
    const from = at;
    if (text !== undefined) {
      texts.push(text);
      at += Buffer.byteLength(text);
    }
    return {
      ...(receipt === undefined ? {} : { receipt: receipt.file }),
      ...(experiment === undefined
        ? {}
        : { experiment: files.find(({ kind }) => kind === 'experiment')!.path }),
      ...(text === undefined ? {} : { ledger: [from, at] }),
    };
  });
  const bare = runs.map(({ receipt: _r, experiment: _e, ledger: _l, stale: _s, ...run }) => run);
  const list = Buffer.from(jsonText({ runs: bare, documents }));
  return { content: Buffer.concat([list, Buffer.from(texts.join(''))]), bytes: list.length };
}

/** What makes the whole documents of a run when they are first asked for: hardly anyone asks. */
const makers = new WeakMap<object, { [Name in keyof Documents]?: () => unknown }>();

/** Runs of the list get these members from here; making them of each run by itself would take as long as reading the list. */
const withDocuments = Object.create(Object.prototype, {
  receipt: { get: madeOnce('receipt') },
  experiment: { get: madeOnce('experiment') },
  ledger: { get: madeOnce('ledger') },
});

function madeOnce(name: keyof Documents): (this: object) => unknown {
  return function (this: object) {
    const value = makers.get(this)?.[name]?.();
    Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true });
    return value;
  };
}

function unpacked(root: string, content: Buffer, bytes: number): RunRecord[] {
  const { runs, documents } = parsePlainJson(content.toString('utf8', 0, bytes)) as List;
  for (const [at, run] of runs.entries()) {
    for (const name of ['params', 'metrics', 'directions'] as const) Object.setPrototypeOf(run[name], null);
    const { receipt, experiment, ledger } = documents[at]!;
    makers.set(run, {
      ...(receipt === undefined ? {} : { receipt: () => readReceipt(root, receipt).record }),
      ...(experiment === undefined
        ? {}
        : { experiment: () => readExperiment(root, experiment, () => undefined)?.raw }),
      ...(ledger === undefined
        ? {}
        : { ledger: () => parseJson(content.toString('utf8', bytes + ledger[0], bytes + ledger[1])) }),
    });
    Object.setPrototypeOf(run, withDocuments);
  }
  return runs;
}

function readLook(root: string): Look | undefined {
  try {
    const line = readFileSync(pathOf(root, lookName)).subarray(0, -1);
    return checkLine(line) === 'right' ? (parsePlainJson(line.toString()) as Look) : undefined;
  } catch {
    return undefined;
  }
}

function readList(root: string, { bytes, texts, crc }: Look['list']): RunRecord[] | undefined {
  try {
    const content = readFileSync(pathOf(root, listName));
    if (content.length !== bytes + texts || crc32(content) !== crc) return undefined;
    return unpacked(root, content, bytes);
  } catch {
    return undefined;
  }
}

function write(root: string, name: string, content: string | Buffer): void {
  let temporary: string | undefined;
  try {
    makeCacheFolder(root);
    temporary = temporaryPathFor(pathOf(root, name));
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, pathOf(root, name));
  } catch {
    if (temporary !== undefined) removeQuietly(temporary);
  }
}

const pathOf = (root: string, name: string) => join(cacheFolder(root), 'cache', name);

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
