import { plural } from '../../base/format/words.ts';
import type { RerunWord } from '../../formats/receipts/rerun.ts';

/** How one result of the rerun stands to that of the first run. */
export interface ResultEntry {
  part: 'exit' | 'output' | 'metric';
  name: string;
  state: 'same' | 'within tolerance' | 'different' | 'left out';
  /** What was and what is, or why it is left out. */
  why: string | undefined;
}

/** What came of running it again. */
export interface RerunVerdict {
  verdict: RerunWord;
  /** One sentence each, the most important first. */
  reasons: string[];
  entries: ResultEntry[];
}

/** What a run reached, as far as it can be compared. */
export interface RunResults {
  /** Undefined where it was not recorded. */
  exitCode: number | undefined;
  /** Digest by name; undefined where it is not there. */
  outputs: ReadonlyMap<string, string | undefined>;
  metrics: ReadonlyMap<string, number>;
}

/** How results are held against each other. */
export interface VerdictOptions {
  /** How far metrics may differ, as a share of the larger value. */
  tolerance: number;
  /** Why it did not come to its own end, as a sentence; undefined where it did. */
  ended: string | undefined;
  /** What it began with that is not what it was, as sentences: then nothing can be concluded. */
  doubts: readonly string[];
  /** Whether a metric says nothing of the result, such as how long something took. */
  isLeftOut(metric: string): boolean;
}

/** Differences of this size are those of adding in another order, also beside zero. */
const noise = 1e-12;

/** Whether two numbers are as good as equal: by a share of the larger one. */
export function isWithin(a: number, b: number, tolerance: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  const distance = Math.abs(a - b);
  return distance <= tolerance * Math.max(Math.abs(a), Math.abs(b)) || (tolerance > 0 && distance <= noise);
}

/**
 * Holds the results of a rerun against those of the first run: outputs by digest, metrics within a tolerance. Where there
 * is nothing to compare, or what it began with is not what it was, nothing is concluded.
 */
export function verdictOf(before: RunResults, after: RunResults, options: VerdictOptions): RerunVerdict {
  const { doubts, ended, tolerance } = options;
  if (ended !== undefined) return { verdict: 'inconclusive', reasons: [ended, ...doubts], entries: [] };
  const entries = [
    ...exitEntry(before, after),
    ...[...before.outputs.keys()].map((name) => outputEntry(name, before, after)),
    ...namesOf(before.metrics, after.metrics).map((name) => metricEntry(name, before, after, options)),
  ];
  const compared = entries.filter(({ state }) => state !== 'left out');
  const different = compared.filter(({ state }) => state === 'different');
  const near = compared.filter(({ state }) => state === 'within tolerance');
  const total = plural(compared.length, 'result');
  if (doubts.length > 0)
    return { verdict: 'inconclusive', reasons: [...doubts, ...told(different)], entries };
  if (different.length > 0) return { verdict: 'different', reasons: told(different), entries };
  if (!compared.some(({ part }) => part !== 'exit')) {
    const why =
      'The first run recorded neither outputs (exec --lock --output) nor metrics: there is nothing to compare.';
    return { verdict: 'inconclusive', reasons: [why], entries };
  }
  if (near.length > 0) {
    const verb = near.length === 1 ? 'differs' : 'differ';
    const why = `${near.length} of ${total} ${verb} by no more than the tolerance of ${tolerance}.`;
    return { verdict: 'within tolerance', reasons: [why], entries };
  }
  return {
    verdict: 'same',
    reasons: [compared.length === 1 ? 'The result is the same.' : `All ${total} are the same.`],
    entries,
  };
}

const maxTold = 5;

function told(different: readonly ResultEntry[]): string[] {
  const shown = different.slice(0, maxTold).map(({ name, why }) => `${name}: ${why}.`);
  const rest = different.length - shown.length;
  return rest > 0 ? [...shown, `${plural(rest, 'more result')} different.`] : shown;
}

function exitEntry({ exitCode: before }: RunResults, { exitCode: after }: RunResults): ResultEntry[] {
  if (before === undefined) return [];
  const isSame = before === after;
  const why = isSame ? undefined : `${before} then, ${after ?? 'unknown'} now`;
  return [{ part: 'exit', name: 'exit code', state: isSame ? 'same' : 'different', why }];
}

/** What only the rerun has is no result of the first run. */
function outputEntry(name: string, before: RunResults, after: RunResults): ResultEntry {
  const [then, now] = [before.outputs.get(name), after.outputs.get(name)];
  if (then === now) return { part: 'output', name, state: 'same', why: undefined };
  const why = `${shownDigest(then)} then, ${shownDigest(now)} now`;
  return { part: 'output', name, state: 'different', why };
}

function shownDigest(digest: string | undefined): string {
  return digest === undefined ? 'not there' : digest.replace(/^sha256:/, '').slice(0, 12);
}

function metricEntry(
  name: string,
  before: RunResults,
  after: RunResults,
  { tolerance, isLeftOut }: VerdictOptions,
): ResultEntry {
  const [then, now] = [before.metrics.get(name), after.metrics.get(name)];
  const why = `${then ?? 'not there'} then, ${now ?? 'not there'} now`;
  if (isLeftOut(name)) return { part: 'metric', name, state: 'left out', why };
  if (then === undefined || now === undefined) return { part: 'metric', name, state: 'different', why };
  if (Object.is(then, now) || then === now) return { part: 'metric', name, state: 'same', why: undefined };
  const state = isWithin(then, now, tolerance) ? 'within tolerance' : 'different';
  return { part: 'metric', name, state, why };
}

function namesOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}
