import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { showText } from '../../../../base/show.ts';
import type { LockedFile, LockedStage } from '../../../../formats/dvc/lock.ts';
import { baseOfStage } from '../../../../formats/dvc/pipeline.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { numbersIn } from '../../../../formats/metrics/points.ts';
import type { Evidence, RunSource, Statement } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { noFacts } from '../artifacts.ts';
import { placeInBook } from '../place-in-book.ts';
import { membersOf } from '../read-members.ts';
import { gitSigns, historyOf, mostCommits } from './history.ts';
import { withHistory } from './history-evidence.ts';
import { isLiveFile } from './live-folder.ts';
import { paramsOf } from './params.ts';
import { filesOfPipeline, type LockedPipeline, readPipeline } from './pipeline-files.ts';

type Report = (finding: Finding) => void;

/** dvc.lock: each stage of a pipeline as it was run last, with parameters, metrics and what it was made from. */
export const dvcSource: RunSource = {
  name: 'dvc',
  registers: true,
  claims: (path, beside) =>
    lastPartOf(path) === 'dvc.lock' || (lastPartOf(path) === 'dvc.yaml' && beside?.has('dvc.lock') !== true),
  filesOf: (root, path) => ({ read: filesOfPipeline(root, path), sized: gitSigns(root, path) }),
  ofFileAlone: true,
  async read(path, { root, report }) {
    const pipeline = readPipeline(root, path, report);
    reportNeverRun(path, pipeline, report);
    const history = await historyOf(root, path);
    if (history.isCut) report(olderCommits(path));
    const runs = pipeline.stages.map((stage) => stageEvidence(root, path, stage, pipeline, report));
    return [
      ...(await withHistory(path, runs, pipeline.stages, history)),
      ...looseEvidence(root, path, pipeline, report),
    ];
  },
};

/** What dvc.lock says of one stage. */
function stageEvidence(
  root: string,
  path: string,
  stage: LockedStage,
  pipeline: LockedPipeline,
  report: Report,
): Evidence {
  const { folder } = pipeline;
  const key = `${path}/${stage.name}`;
  const metrics = pipeline.metricsOf(stage);
  const says: Statement = {
    name: stage.name,
    // DVC writes a stage down when its command has ended well, and at no other time.
    statusWord: 'completed',
    config: paramsOf(stage.params),
    results: valuesIn(
      root,
      metrics.map((each) => placeInBook(folder, each.path)),
      report,
    ),
    description: pipeline.pipeline.descriptions.get(baseOfStage(stage.name)),
    artifacts: [
      ...stage.outs.map((each) => artifactOf(folder, each, typeOf(each, metrics, pipeline))),
      ...stage.deps.map((each) => artifactOf(folder, each, 'dependency')),
    ],
    parents: parentsOf(path, stage, pipeline.stages),
    origin: { facts: factsOf(path, stage, pipeline.stages) },
  };
  const owns = [...stage.outs, ...metrics].flatMap((each) => placeInBook(folder, each.path) ?? []);
  return {
    source: 'dvc',
    file: path,
    folder: key,
    prefix: '',
    registered: { key, identifier: path, uid: stage.name },
    ids: [key],
    owns,
    says,
  };
}

/** Metrics that dvc.yaml names and no stage wrote are those of the whole; DVCLive's are read as a run of their own. */
function looseEvidence(root: string, path: string, pipeline: LockedPipeline, report: Report): Evidence[] {
  const files = pipeline.loose
    .map((each) => placeInBook(pipeline.folder, each))
    .filter((each) => each !== undefined && existsSync(join(root, each)) && !isLive(root, each));
  const results = valuesIn(root, files, report);
  if (Object.keys(results).length === 0) return [];
  const key = `${joinPlace(pipeline.folder, 'dvc.yaml')}/metrics`;
  const registered = { key, identifier: path, uid: 'metrics' };
  return [{ source: 'dvc', file: path, folder: key, prefix: '', registered, ids: [key], says: { results } }];
}

function isLive(root: string, file: string): boolean {
  return isLiveFile(file, new Set(existsSync(join(root, folderOf(file), 'plots')) ? ['plots'] : []));
}

function valuesIn(
  root: string,
  files: readonly (string | undefined)[],
  report: Report,
): Record<string, number> {
  const values: Record<string, number> = Object.create(null);
  for (const file of files) {
    if (file === undefined || !/\.(?:json|ya?ml)$/.test(file)) continue;
    const what = 'metrics of a stage of DVC';
    const found = membersOf(root, file, { what, hint: 'The stage is shown without them.' }, report);
    for (const [name, value] of numbersIn(found ?? {}, '', new Set(), 0))
      values[Object.hasOwn(values, name) && values[name] !== value ? `${name} (${file})` : name] = value;
  }
  return values;
}

function artifactOf(folder: string, { path, digest, bytes }: LockedFile, type: string): RunArtifact {
  return { ...noFacts, id: path, type, path: placeInBook(folder, path) ?? path, tags: [], digest, bytes };
}

function typeOf({ path }: LockedFile, metrics: readonly LockedFile[], { pipeline }: LockedPipeline): string {
  if (metrics.some((each) => each.path === path)) return 'metrics';
  return pipeline.plots.some((pattern) => pattern.test(path)) ? 'plot' : 'output';
}

/** The stages whose outputs, or files in them, a stage read. */
function parentsOf(
  path: string,
  { name, deps }: LockedStage,
  stages: readonly LockedStage[],
): NonNullable<Statement['parents']> {
  return stages.flatMap((other) => {
    if (other.name === name) return [];
    const dep = deps.find((each) =>
      other.outs.some((out) => isWithin(each.path, out.path) || isWithin(out.path, each.path)),
    );
    if (dep === undefined) return [];
    return [{ id: `${path}/${other.name}`, kind: 'data' as const, name: other.name, path: dep.path }];
  });
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function factsOf(
  path: string,
  { command, name, deps }: LockedStage,
  stages: readonly LockedStage[],
): [string, string][] {
  const outs = new Map(
    stages
      .filter((each) => each.name !== name)
      .flatMap((each) => each.outs.map((out) => [out.path, { ...out, by: each.name }])),
  );
  const outdated = deps.filter((dep) => {
    const made = outs.get(dep.path);
    return made?.digest !== undefined && dep.digest !== undefined && made.digest !== dep.digest;
  });
  return [
    ...(command === undefined ? [] : [['Command', command] as [string, string]]),
    ['Pipeline', path],
    ...outdated.map((dep): [string, string] => [
      'Out of date',
      `${dep.path} is not what ${outs.get(dep.path)!.by} wrote last`,
    ]),
  ];
}

function olderCommits(file: string): Finding {
  return {
    code: 'left-out',
    severity: 'note',
    file,
    expected: `at most ${mostCommits} commits of it`,
    found: `more; the newest ${mostCommits} are looked at`,
    hint: 'Earlier states of its stages are in the history of git.',
  };
}

/** Stages of which dvc.lock knows nothing have no run. */
function reportNeverRun(path: string, { stages, pipeline }: LockedPipeline, report: Report): void {
  const run = new Set(stages.map(({ name }) => baseOfStage(name)));
  const never = pipeline.stages.filter((name) => !run.has(name));
  if (never.length === 0) return;
  report({
    code: 'left-out',
    severity: 'note',
    file: path,
    expected: 'stages that were run',
    found: `${never.length} that dvc.lock does not know (${showText(never.slice(0, 5).join(', '))})`,
    hint: 'A stage that was never run has no run to show; "dvc repro" runs it.',
  });
}
