import { readdirSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { jsonText } from '../../../base/json/text.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { configPath, snapshotsFolder } from '../../../store/layout.ts';
import { lookAtRunFiles, readRunStates, runsConfig } from '../../../store/runs/running-runs.ts';

/** What is told of a book that is watched. */
export interface WatchEffects {
  signal: AbortSignal;
  /** Whether anybody waits for what is told. */
  isHeard(): boolean;
  /** The records or the runs are others than before: pages that were built are old. */
  changed(): void;
  /** How the runs stand, without the values of their metrics; `grown` have more of them than at the last look. */
  runs(all: ReadonlyMap<string, RunRecord>, grown: ReadonlySet<string>): void;
}

/** Milliseconds between looks, at least. */
const recordsEveryMs = 300;
const runsEveryMs = 2000;
const othersEveryMs = 5000;
/** Whether runs that say they run still live is seen without any file changing. */
const livesEveryMs = 10_000;
/** A look that takes a while is taken so many times as rarely, more so where nobody waits for what it sees. */
const rest = 50;
const restWhileHeard = 8;

/**
 * Looks at a book again and again until the signal aborts, at what its files are and not at what the system says of them: that
 * works on any disk, those of other machines included.
 */
export async function watchBook(root: string, effects: WatchEffects): Promise<void> {
  await Promise.all([watchRecords(root, effects), watchRuns(root, effects)]);
}

async function watchRecords(root: string, { signal, isHeard, changed }: WatchEffects): Promise<void> {
  const records = new Records(root);
  let before = records.look();
  await repeat({ signal, everyMs: recordsEveryMs, isHeard }, async () => {
    const now = records.look();
    if (now !== before) changed();
    before = now;
  });
}

async function watchRuns(root: string, { signal, isHeard, changed, runs }: WatchEffects): Promise<void> {
  let look = '';
  let stands: string | undefined;
  let readAt = 0;
  let sizes: ReadonlyMap<string, number> | undefined;
  let all = new Map<string, RunRecord>();
  await repeat({ signal, everyMs: runsEveryMs, isHeard }, async () => {
    const config = await runsConfig(root);
    const now = await lookAtRunFiles(root, config);
    const isDue =
      performance.now() - readAt > livesEveryMs &&
      [...all.values()].some(({ status }) => status === 'running');
    if (now.look !== look || isDue || readAt === 0) {
      all = new Map((await readRunStates(root, config)).map((run) => [run.slug, run]));
      readAt = performance.now();
      look = now.look;
    }
    runs(all, grownSince(sizes, now.metrics, all));
    sizes = now.metrics;
    const standNow = [...all.values()].map(standOf).sort().join('\n');
    if (stands !== undefined && stands !== standNow) changed();
    stands = standNow;
  });
}

/** Slugs of the runs whose files of metrics have grown. */
function grownSince(
  before: ReadonlyMap<string, number> | undefined,
  now: ReadonlyMap<string, number>,
  all: ReadonlyMap<string, RunRecord>,
): Set<string> {
  const grown = new Set<string>();
  if (before === undefined) return grown;
  for (const { slug, files } of all.values()) {
    if (files.some(({ kind, path }) => kind === 'metrics' && now.get(path) !== before.get(path)))
      grown.add(slug);
  }
  return grown;
}

/** What a page says of a run beyond its numbers: a sign of life, or a better value, is none of it. */
function standOf(run: RunRecord): string {
  const { key, status, statusWord, stale, tags, description, error, params, artifacts, history, files } = run;
  return jsonText([
    key,
    status,
    statusWord,
    stale?.why,
    tags,
    description,
    error,
    params,
    artifacts,
    history,
    files,
  ]);
}

/** The log, the snapshots and the settings as they look from outside. */
class Records {
  readonly #root: string;
  #folder: string | undefined;
  #names: string[] = [];
  #others = '';
  #othersAt = Number.NEGATIVE_INFINITY;

  constructor(root: string) {
    this.#root = root;
  }

  /** Changes with them. What is written once is looked at now and then only: there may be thousands of snapshots. */
  look(): string {
    const path = snapshotsFolder(this.#root);
    const folder = lookOf(path);
    const begun = performance.now();
    if (folder !== this.#folder || begun - this.#othersAt > othersEveryMs) {
      this.#folder = folder;
      this.#names = namesIn(path);
      const others = this.#names.filter((name) => !isLog(name)).map((name) => lookOf(`${path}/${name}`));
      this.#others = others.join('\n');
      const now = performance.now();
      this.#othersAt = now + (now - begun) * rest;
    }
    const logs = this.#names.filter(isLog).map((name) => lookOf(`${path}/${name}`));
    return [lookOf(configPath(this.#root)), ...logs, this.#others].join('\n');
  }
}

function isLog(name: string): boolean {
  return name.startsWith('action_log');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function lookOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? path : `${path} ${stat.size} ${stat.mtimeMs}`;
  } catch {
    return path;
  }
}

/** Does something every now and then, and more rarely where it takes long. What fails is tried again. */
async function repeat(
  { signal, everyMs, isHeard }: { signal: AbortSignal; everyMs: number; isHeard: () => boolean },
  look: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const begun = performance.now();
    await look().catch(() => undefined);
    const tookMs = performance.now() - begun;
    const pauseMs = Math.max(everyMs, tookMs * (isHeard() ? restWhileHeard : rest));
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
