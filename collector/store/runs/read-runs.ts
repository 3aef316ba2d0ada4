import { jsonText } from '../../base/json/text.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Evidence, RunSource } from '../../runs/evidence.ts';
import { claimedFiles, joinRuns } from '../../runs/join.ts';
import { withKnownTimes } from '../../runs/known-times.ts';
import { lookAlikeFindings } from '../../runs/look-alikes.ts';
import { makeRun } from '../../runs/make.ts';
import { resolveNamedParents } from '../../runs/named-parents.ts';
import { resolveParents } from '../../runs/parents.ts';
import type { RunRecord } from '../../runs/record.ts';
import { apart } from '../apart.ts';
import { ArtifactFiles, MissingFiles } from './artifact-files.ts';
import { BesideRuns, checkBest } from './beside-run.ts';
import { DeletedRuns } from './deleted-runs.ts';
import { filesReadOf } from './files-of-runs.ts';
import { type FindOptions, findRunFiles, type RunFiles } from './find-run-files.ts';
import { KeptEvidence } from './kept-evidence.ts';
import { keepRuns, keptRuns, lookOfLog, type RunsRead } from './kept-runs.ts';
import { RunLook } from './run-look.ts';
import { recordedEnds } from './sources/action.ts';
import { runSources } from './sources/index.ts';
import { type SignsOfLife, signsOfLife, staleNow } from './stale-runs.ts';

const filesPerPause = 200;

/**
 * Every run of a book, newest first; runs without any time come last. Reads all run files once and joins what is one
 * run (docs/runs.md). Never fails on a file: what cannot be read is reported. `onSigns` gets the signs of life of those that
 * say they run, just before the findings about them are reported.
 */
export async function readRuns(
  root: string,
  options: FindOptions = {},
  report: (finding: Finding) => void = () => undefined,
  onSigns: (signs: SignsOfLife[]) => void = () => undefined,
): Promise<RunRecord[]> {
  const read = (await keptRuns(root, options))?.read() ?? (await readAndKeep(root, options));
  const { runs, findings, signs, signsAt } = read;
  for (const finding of findings.slice(0, signsAt)) report(finding);
  onSigns(signs);
  const { stale, findings: gone } = staleNow(signs);
  for (const run of stale.size === 0 ? [] : runs) if (stale.has(run.slug)) run.stale = stale.get(run.slug);
  for (const finding of [...gone, ...findings.slice(signsAt)]) report(finding);
  return runs;
}

/** Reads all runs, and keeps them for the next time where the build has a name. */
async function readAndKeep(root: string, options: FindOptions): Promise<RunsRead> {
  const findings: Finding[] = [];
  const report = (finding: Finding) => findings.push(finding);
  const isKept = options.build !== undefined && options.sources === undefined && options.found === undefined;
  const look = isKept ? new RunLook(root) : undefined;
  const log = isKept ? lookOfLog(root) : '';
  const ends = options.ends ?? (isKept ? await recordedEnds(root) : undefined);
  for (const finding of options.found?.findings ?? []) report(finding);
  const files = options.found?.files ?? (await findRunFiles(root, { ...options, look }, report));
  if (look !== undefined) {
    const looked = filesReadOf(files);
    for (const path of looked.files) look.file(path);
    for (const [source, path] of looked.claimed) look.claimed(source, path);
  }
  const kept = new KeptEvidence(root, options.build, options.read);
  for (const finding of lookAlikeFindings(files.lookAlikes)) report(finding);
  const evidence = await readEvidence(root, files, { ...options, report, kept, ends });
  kept.save();
  const read = await makeRuns(root, { files, evidence, kept, look }, findings);
  if (look !== undefined) keepRuns(root, options, read, { look, log, ends: ends ?? [] });
  return read;
}

async function makeRuns(
  root: string,
  {
    files,
    evidence,
    kept,
    look,
  }: { files: RunFiles; evidence: Evidence[]; kept: KeptEvidence; look: RunLook | undefined },
  findings: Finding[],
): Promise<RunsRead> {
  const report = (finding: Finding) => findings.push(finding);
  const beside = new BesideRuns(root, files, report);
  const artifacts = new ArtifactFiles(root, look);
  const missing = new MissingFiles();
  const signs: SignsOfLife[] = [];
  const runs: RunRecord[] = [];
  const pause = pauses();
  const all = joinRuns(evidence, report);
  for (const joined of all) {
    if (beside.knowsBest(joined)) await kept.addValues(joined.evidence);
    const run = makeRun(joined, await beside.of(joined), report);
    for (const { file, says } of joined.evidence) {
      if (says.best !== undefined) checkBest(file, says.best, joined.evidence, report);
    }
    for (const { says } of joined.evidence) says.values = undefined;
    artifacts.locate(run, missing);
    const life = signsOfLife(joined, run);
    if (life !== undefined) signs.push(life);
    runs.push(run);
    await pause();
  }
  const signsAt = findings.length;
  findings.push(...missing.findings());
  resolveNamedParents(all, runs);
  resolveParents(runs, report);
  return { runs: runs.sort(newestFirst), findings, signs, signsAt };
}

/** The order of lists of runs: newest first, then by key; without a time last. */
export function newestFirst(a: RunRecord, b: RunRecord): number {
  const byTime = (b.atUs ?? Number.NEGATIVE_INFINITY) - (a.atUs ?? Number.NEGATIVE_INFINITY);
  return byTime || (a.key < b.key ? -1 : 1);
}

/**
 * Reads all files of which runs are made, before they are joined: registers first, because they say which files with a
 * prefix are files of runs. @throws the reason of `signal` when it aborts.
 */
export async function readEvidence(
  root: string,
  files: RunFiles,
  {
    report,
    signal,
    sources = runSources,
    ends,
    deleted: isShown = false,
    kept = new KeptEvidence(root, undefined),
  }: {
    report: (finding: Finding) => void;
    signal?: AbortSignal | undefined;
    sources?: FindOptions['sources'];
    ends?: FindOptions['ends'];
    deleted?: boolean | undefined;
    kept?: KeptEvidence | undefined;
  },
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  const pause = pauses(signal);
  const deleted = new DeletedRuns();
  const readAll = async (source: RunSource, paths: readonly string[]) => {
    const told = source.filesOf === undefined ? report : oncePerFinding(report);
    for (const path of paths) {
      const effects = { root, report: told, signal, ends };
      for (const read of (await apart(path, () => kept.read(source, path, effects), told)) ?? []) {
        const each = withKnownTimes(read, told);
        if (each.deleted !== true) evidence.push(each);
        else if (isShown) evidence.push(asDeleted(each));
        else deleted.add(each);
      }
      await pause();
    }
  };
  const readSources = async (
    isWanted: (source: RunSource) => boolean,
    isRead: (path: string, source: RunSource) => boolean,
  ) => {
    for (const source of sources.filter(isWanted))
      await readAll(
        source,
        files.bySource[source.name]!.filter((path) => isRead(path, source)),
      );
  };
  await readSources(
    ({ registers }) => registers === true,
    () => true,
  );
  const isClaimed = claimedFiles(evidence);
  const isOfARun = (path: string, { placeOf }: RunSource) =>
    placeOf === undefined || isClaimed(placeOf(path));
  await readSources(({ registers, joinsOnly }) => registers !== true && joinsOnly !== true, isOfARun);
  await readSources(({ joinsOnly }) => joinsOnly === true && evidence.length > 0, isOfARun);
  for (const finding of deleted.findings()) report(finding);
  return evidence;
}

/** A deleted run that is shown all the same can be told by its tag. */
function asDeleted({ says, ...evidence }: Evidence): Evidence {
  return { ...evidence, says: { ...says, tags: [...(says.tags ?? []), 'deleted'] } };
}

/** What lies beside many runs is read with each of them, and what is wrong with it told once. */
function oncePerFinding(report: (finding: Finding) => void): (finding: Finding) => void {
  const told = new Set<string>();
  return (finding) => {
    const text = jsonText(finding);
    if (told.has(text)) return;
    told.add(text);
    report(finding);
  };
}

/** Gives others their turn now and then, and stops where that is wished. */
function pauses(signal?: AbortSignal): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    signal?.throwIfAborted();
    count += 1;
    return count % filesPerPause === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
  };
}
