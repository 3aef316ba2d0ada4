import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { compareReceipts, type ReceiptComparison } from '../../formats/receipts/comparison.ts';
import type { ReceiptContent, ReceiptRepository, ReceiptStage } from '../../formats/receipts/record.ts';
import type { RunRecord } from '../../runs/record.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { effectiveContent } from '../../store/receipts/effective-receipt.ts';
import type { HashProgress } from '../../store/receipts/hash-files.ts';
import { uncoveredParts } from '../../store/receipts/uncovered-code.ts';
import { openVerifySession, type VerifySession } from '../../store/receipts/verify-session.ts';
import type { WorkTree } from '../../store/receipts/work-tree.ts';
import { readRuns } from '../../store/runs/read-runs.ts';
import { getReceipt } from './find-receipt.ts';
import type { PathMap } from './named-paths.ts';
import { configOfRun } from './own-params.ts';

/** What shall be run; the same as for issuing a receipt of it. */
export interface WantedRun {
  config: JsonObject;
  repos: PathMap;
  data: PathMap;
  previous: readonly string[] | PathMap;
}

/** What looking needs from the world. */
export interface FindRunEffects {
  /** Where relative paths start. */
  from: string;
  progress?: (progress: HashProgress & { path: string }) => void;
}

/** A run that is not what was looked for, and why not. */
export interface NearRun {
  run: RunRecord;
  comparison: ReceiptComparison;
  /** Set where everything is the same, but the run did not end well. */
  status: string | undefined;
}

/** The newest run that was looked for, else the one that comes nearest to it. */
export interface FoundRun {
  match: RunRecord | undefined;
  nearest: NearRun | undefined;
  /** How many runs with a receipt there are. */
  compared: number;
}

/**
 * Looks whether something has been run before: the same code as in the work trees now, the same configuration and
 * data (FlexLock's rules), and the same previous stages where some are named. Runs that failed, were aborted or have
 * not ended do not count. Writes nothing to repositories, and nothing but the cache of digests to the book.
 * @throws DaybookError where a named path is not there.
 */
export async function findRun(root: string, wanted: WantedRun, effects: FindRunEffects): Promise<FoundRun> {
  const { progress } = effects;
  const session = openVerifySession(root, progress === undefined ? {} : { progress });
  try {
    const trees = await openTrees(wanted.repos, session, effects.from);
    const content = await contentOf(root, wanted, trees, session, effects.from);
    const { config } = await readConfigFile(root);
    const runs = (await readRuns(root, config.runs)).filter((run) => run.receipt !== undefined);
    let nearest: NearRun | undefined;
    let best = Number.NEGATIVE_INFINITY;
    for (const run of runs) {
      const comparison = await compareWith(root, run, content, trees, session);
      const isSame = comparison.same && comparison.previous.same;
      const isDone = run.status === 'completed' || run.status === 'unknown';
      if (isSame && isDone) return { match: run, nearest: undefined, compared: runs.length };
      const score = scoreOf(comparison) + (isSame ? 10_000 : 0);
      if (score <= best) continue;
      best = score;
      nearest = { run, comparison, status: isSame ? run.statusWord : undefined };
    }
    if (nearest !== undefined)
      nearest.comparison = await compareWith(root, nearest.run, content, trees, session, true);
    return { match: undefined, nearest, compared: runs.length };
  } finally {
    await session.close();
  }
}

async function openTrees(
  repos: PathMap,
  session: VerifySession,
  from: string,
): Promise<Map<string, WorkTree>> {
  const trees = new Map<string, WorkTree>();
  for (const [name, path] of repos) {
    const tree = await session.workTree(resolve(from, path));
    if (!('tree' in tree))
      throw new DaybookError('git', `The code at ${path} cannot be read: ${tree.why}.`, { where: path });
    trees.set(name, tree);
  }
  return trees;
}

async function contentOf(
  root: string,
  { config, data, previous }: WantedRun,
  trees: ReadonlyMap<string, WorkTree>,
  session: VerifySession,
  from: string,
): Promise<ReceiptContent> {
  const content: ReceiptContent = {
    atUs: undefined,
    zoneless: false,
    // Secrets are masked in receipts, so they are here.
    config: (await maskingOf(root)).values(config),
    repos: Object.create(null),
    data: Object.create(null),
    inputs: Object.create(null),
    previous: stagesOf(root, previous, from),
    parent: undefined,
    environment: undefined,
  };
  for (const [name, { tree }] of trees) content.repos[name] = repositoryOf(tree);
  for (const [name, path] of data) {
    const digest = await session.digest(resolve(from, path), true);
    content.data[name] = digest.xxh64;
    content.inputs[name] = digest.input;
  }
  return content;
}

function repositoryOf(tree: string): ReceiptRepository {
  const unknown = { commit: undefined, isDirty: undefined, path: undefined, branch: undefined };
  return { ...unknown, remote: undefined, head: undefined, tree, include: [], exclude: [], raw: {} };
}

function stagesOf(root: string, previous: WantedRun['previous'], from: string): ReceiptStage[] {
  const named: (readonly [string | undefined, string])[] =
    previous instanceof Map
      ? [...previous]
      : (previous as readonly string[]).map((path) => [undefined, path]);
  return named.map(([given, path]) => {
    const receipt = getReceipt(root, path, from);
    const name = given ?? (receipt.file.split('/').at(-2) || 'root');
    return { name, path, digest: receipt.digest, content: receipt };
  });
}

async function compareWith(
  root: string,
  run: RunRecord,
  wanted: ReceiptContent,
  trees: ReadonlyMap<string, WorkTree>,
  session: VerifySession,
  isThorough = false,
): Promise<ReceiptComparison> {
  const said = effectiveContent(root, run.receipt!);
  const whole = { ...said, config: configOfRun(said.config, run) };
  const recorded = wanted.previous.length > 0 ? whole : { ...whole, previous: [] };
  const uncovered = (name: string) => {
    const [repository, tree] = [recorded.repos[name], trees.get(name)];
    return repository === undefined || tree === undefined ? [] : uncoveredParts(repository, tree);
  };
  const first = compareReceipts(recorded, wanted, { uncovered });
  // Only where all else is the same is it worth looking which files of the code differ.
  const isWorth = isThorough || (first.config.same && first.data.same);
  if (first.code.same || !isWorth) return first;
  const same = new Map<string, boolean | undefined>();
  for (const { name, change, before } of first.code.entries) {
    const [tree, repository] = [trees.get(name), recorded.repos[name]];
    if (change !== 'changed' || tree === undefined || before === undefined || repository === undefined)
      continue;
    const { known, files } = await session.difference(tree, repository);
    same.set(name, known ? files.length === 0 : undefined);
  }
  return compareReceipts(recorded, wanted, { isSameCode: (name) => same.get(name), uncovered });
}

function scoreOf({ code, config, data }: ReceiptComparison): number {
  const parts = [code, config, data].filter(({ same }) => same).length;
  return parts * 1000 - Math.min(999, config.differences.length);
}
