import { setTimeout as sleep } from 'node:timers/promises';
import { DaybookError, messageOf } from '../../base/errors.ts';
import type { BookConfig } from '../../formats/config/config.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { withFileLock } from '../../store/file-lock.ts';
import type { RunFiles } from '../../store/runs/find-run-files.ts';
import { lockPatienceMs, patienceMs, waitAfter } from './backoff.ts';
import { isOverdue, readLineage } from './branch/lineage.ts';
import { checkBranch, keepOffOthers } from './branch/standing.ts';
import { findSyncLeftovers, removeLeftoverFiles, removeSyncLeftovers } from './leftovers.ts';
import { maskRefused } from './mask-refused.ts';
import { findSyncPlace, type SyncPlace } from './place.ts';
import { dequeue, enqueue } from './queue.ts';
import { readTips, syncedRef } from './refs.ts';
import { SecretsRefused } from './rejections.ts';
import { fetchBranch } from './remote.ts';
import { finishSync, type SyncResult } from './result.ts';
import { type Round, syncOnce } from './round.ts';
import { pushCode } from './runs/code-refs.ts';
import { gatherRuns, wishFor } from './runs/gather-runs.ts';
import { largeNotes, leftBehind } from './runs/left-behind.ts';
import { scanBook } from './scan.ts';
import { refuseWaiting, takeInWaiting } from './waiting-records.ts';

/** Where to push and what to say; without any of it, the upstream of the checked-out branch. */
export interface SyncOptions {
  remote?: string | undefined;
  branch?: string | undefined;
  message?: string | undefined;
  /** False commits on the checked-out branch and leaves the remote alone. */
  push?: boolean | undefined;
  /** Files of runs, where somebody has looked for them already. */
  found?: RunFiles | undefined;
  /** Hears, from time to time, what is being waited for. */
  onWait?: ((text: string) => void) | undefined;
}

/** What sync needs from the world. */
export interface SyncEffects {
  sleep(ms: number): Promise<unknown>;
  /** A number from 0 up to 1, which spreads those who lost the same race. */
  random(): number;
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
}

const realEffects: SyncEffects = { sleep, random: Math.random, now: () => performance.now() };

/**
 * Commits the book's own files and pushes them. When somebody else pushed first, both books are merged and it tries
 * again, for minutes if need be. The user's commits are neither published nor moved, staged and changed files stay as
 * they are.
 * @throws DaybookError `git` with what to do, where it cannot be done, and where essential files of the book were left
 * out of what was published, or records wait in the spool that could not be taken in; the book itself is then intact.
 */
export async function syncBook(
  root: string,
  options: SyncOptions = {},
  effects: SyncEffects = realEffects,
): Promise<SyncResult> {
  const push = options.push ?? true;
  const { config } = await readConfigFile(root);
  const { sync } = config;
  const branch = options.branch ?? sync.branch;
  const place = await findSyncPlace(root, { remote: options.remote, branch, push });
  const isChosen = branch !== undefined && branch === sync.branch;
  try {
    // One at a time in a work tree: two would move the same files.
    return await withFileLock(
      place.gitFolder,
      'sync',
      'sync',
      async () => {
        removeLeftoverFiles(place);
        const waiting = await takeInWaiting(root);
        const result = await pushUntilTaken(place, root, { ...options, push, isChosen, config }, effects);
        result.notes.push(...(await pushCode(place, config)));
        await shortenHistory(place, result, sync.historyMs);
        if (isChosen) result.notes.push(...(await keepOffOthers(place)));
        refuseWaiting(waiting, result);
        return result;
      },
      () => options.onWait?.('another daybook sync is at work in this repository; waiting for it …'),
    );
  } finally {
    place.objects.close();
  }
}

async function pushUntilTaken(
  place: SyncPlace,
  root: string,
  options: SyncOptions & { push: boolean; isChosen: boolean; config: BookConfig },
  effects: SyncEffects,
): Promise<SyncResult> {
  const startedMs = effects.now();
  const fetch = () => (options.push ? fetchBranch(place) : Promise.resolve(false));
  const asChosen = options.isChosen || place.ownIndex === undefined ? scanBook(place) : undefined;
  const gathering = gatherRuns(place, root, options.config, options.found);
  const [early, isThere, runsHere] = await Promise.all([asChosen, fetch(), gathering, clearRefs(place)]);
  let fetched = isThere;
  // Whether a branch that was only named is the book's own is known once it is here.
  await checkBranch(place, fetched, options.isChosen);
  let here = early ?? (await scanBook(place));
  const isApart = place.ownIndex !== undefined;
  const wish = isApart ? wishFor(runsHere, options.config, { publish: true, bringBack: false }) : undefined;
  const runNotes = new Set<string>();
  const renamed: Round['merged']['renamed'] = [];
  let received = 0;
  let locked: { tip: string | undefined; sinceMs: number } | undefined;
  let queued: { ref: string; round: Round } | undefined;
  let beganMs = startedMs;
  let looks = 0;
  let tip: string | undefined;
  let masked: string | undefined;
  for (let attempts = 0; ; ) {
    // What is queued, the next who wins brings along.
    const isPatient = looks < maxLooks && effects.now() - startedMs < patienceMs / 2;
    const movedFrom = queued !== undefined && isPatient ? tip : undefined;
    let round: Awaited<ReturnType<typeof syncOnce>>;
    try {
      round = await syncOnce(place, root, here, fetched, {
        ...options,
        queued: queued?.round.commit,
        movedFrom,
        runs: wish,
      });
    } catch (error) {
      if (masked !== undefined || !(error instanceof SecretsRefused)) throw error;
      const { remote } = await readTips(place, fetched);
      masked = await maskRefused(root, place, error, remote);
      if (masked === undefined) throw error;
      here = await scanBook(place);
      continue;
    }
    tip = round.onto;
    if (round.outcome === 'waiting') {
      looks++;
      await effects.sleep(waitAfter(effects.now() - beganMs, effects.random()));
      beganMs = effects.now();
      fetched = await fetch();
      continue;
    }
    looks = 0;
    attempts++;
    renamed.push(...round.merged.renamed);
    received += round.merged.received;
    for (const note of round.runs?.notes ?? []) runNotes.add(note);
    if (round.outcome === 'taken') {
      const refs = [...round.forgotten, ...(queued === undefined ? [] : [queued.ref])];
      await dequeue(place, refs);
      const counts = { attempts, push: options.push, renamed, received, queued: queued?.round };
      round.runs?.agree();
      const result = await finishSync(place, round, counts);
      result.notes.push(...runNotes, ...largeNotes(round.runs?.large ?? []));
      const left = await leftBehind(root, runsHere, options.config, isApart);
      if (left !== undefined) result.notes.push(left);
      if (masked !== undefined) result.notes.unshift(masked);
      return result;
    }
    const nowMs = effects.now();
    if (round.outcome !== 'locked') locked = undefined;
    else if (locked === undefined || locked.tip !== round.onto) locked = { tip: round.onto, sinceMs: nowMs };
    else if (nowMs - locked.sinceMs > lockPatienceMs) throw lockedError(place, nowMs - locked.sinceMs);
    if (nowMs - startedMs > patienceMs) throw impatientError(place, attempts, nowMs - startedMs);
    here = round.merged.here;
    if (queued === undefined && round.outcome === 'lost') {
      const ref = await enqueue(place, round.commit!);
      queued = ref === undefined ? undefined : { ref, round };
    }
    await effects.sleep(waitAfter(nowMs - beganMs, effects.random()));
    beganMs = effects.now();
    fetched = await fetch();
  }
}

/** Whose files nobody can bring along, because a name is taken, tries again by itself after so many looks. */
const maxLooks = 3;

/** Shortens the history of a branch of the book's own where it reaches back further than the settings say. */
async function shortenHistory(
  place: SyncPlace,
  result: SyncResult,
  historyMs: number | undefined,
): Promise<void> {
  if (historyMs === undefined || place.ownIndex === undefined || place.remote === '') return;
  const tip = await place.objects.commit(syncedRef(place));
  const lineage = readLineage(await place.objects.message(tip));
  if (tip === undefined || lineage === undefined || !isOverdue(lineage, historyMs, Date.now())) return;
  const { squashHistory } = await import('./branch/squash.ts');
  const squashed = await squashHistory(place, tip, historyMs).catch((error: unknown) => {
    // The book is published; that its history stays long is no reason to fail.
    result.notes.push(`The history was not shortened: ${messageOf(error)}`);
    return undefined;
  });
  if (squashed === undefined) return;
  if (result.commit !== null) result.commit = squashed.commit;
  result.notes.push(
    `The ${squashed.commits} oldest commits of ${place.remote}/${place.branch} are one now (sync.history in daybook.yaml).`,
  );
}

async function clearRefs(place: SyncPlace): Promise<void> {
  await removeSyncLeftovers(place, { ...(await findSyncLeftovers(place)), files: [] });
}

function impatientError({ remote, branch }: SyncPlace, attempts: number, tookMs: number): DaybookError {
  const minutes = Math.round(tookMs / 60_000);
  return new DaybookError(
    'git',
    `Others pushed to ${remote}/${branch} first, ${attempts} times in ${minutes} minutes; nothing was pushed.`,
    { hint: 'Run daybook sync again; what was recorded is in this work tree and will be part of it.' },
  );
}

function lockedError({ remote, branch }: SyncPlace, tookMs: number): DaybookError {
  const seconds = Math.round(tookMs / 1000);
  return new DaybookError(
    'git',
    `${branch} is locked at ${remote} and has not moved for ${seconds} seconds; nothing was pushed.`,
    {
      hint: `A git process there was probably killed: remove refs/heads/${branch}.lock in that repository if none is at work, then run daybook sync again.`,
      where: remote,
    },
  );
}
