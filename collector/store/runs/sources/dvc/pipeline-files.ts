import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LockedFile, type LockedStage, lockedStages } from '../../../../formats/dvc/lock.ts';
import { type Pipeline, pipelineIn } from '../../../../formats/dvc/pipeline.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { folderOf, joinPlace } from '../../../../runs/key.ts';
import { placeInBook } from '../place-in-book.ts';
import { membersOf } from '../read-members.ts';

type Report = (finding: Finding) => void;

const hint = 'What else of the pipeline can be read is shown; "dvc repro" writes it anew.';
const lock = { what: 'what stages of DVC read and wrote', hint };
const yaml = { what: 'the stages of a pipeline of DVC', hint, byHand: true };

/** A pipeline as it was run last: its stages, what dvc.yaml says of them, and the files of metrics that are there. */
export interface LockedPipeline {
  folder: string;
  stages: LockedStage[];
  pipeline: Pipeline;
  /** Files of metrics that a stage wrote. */
  metricsOf(stage: LockedStage): LockedFile[];
  /** Files of metrics that dvc.yaml names and no stage wrote. */
  loose: string[];
}

/** Reads dvc.lock and dvc.yaml of a folder; `path` is either of them. */
export function readPipeline(root: string, path: string, report: Report): LockedPipeline {
  const folder = folderOf(path);
  const locked = membersOf(root, joinPlace(folder, 'dvc.lock'), lock, report);
  const stages = locked === undefined ? [] : lockedStages(locked, joinPlace(folder, 'dvc.lock'), report);
  const pipeline = pipelineIn(membersOf(root, joinPlace(folder, 'dvc.yaml'), yaml, report) ?? {});
  const outs = stages.flatMap((stage) => stage.outs.map((out) => out.path));
  const isOut = (each: string) => outs.some((out) => each === out || each.startsWith(`${out}/`));
  return {
    folder,
    stages,
    pipeline,
    metricsOf: (stage) => metricsOfStage(stage, pipeline),
    loose: pipeline.paths.filter((each) => !isOut(each)),
  };
}

/** Files of metrics that a stage wrote, those of the whole in a folder that it wrote among them. */
export function metricsOfStage({ outs }: LockedStage, { metrics, paths }: Pipeline): LockedFile[] {
  return [
    ...outs.filter(({ path }) => metrics.some((pattern) => pattern.test(path))),
    ...paths
      .filter((each) => outs.some(({ path }) => each.startsWith(`${path}/`)))
      .map((each) => ({ path: each, digest: undefined, bytes: undefined })),
  ];
}

/** All files that are read of a pipeline. */
export function filesOfPipeline(root: string, path: string): string[] {
  const { folder, stages, metricsOf, loose } = readPipeline(root, path, () => undefined);
  const metrics = [...stages.flatMap((stage) => metricsOf(stage).map((each) => each.path)), ...loose]
    .map((each) => placeInBook(folder, each))
    .filter((each) => each !== undefined && existsSync(join(root, each)));
  const own = ['dvc.lock', 'dvc.yaml'].map((name) => joinPlace(folder, name));
  return [...own.filter((each) => existsSync(join(root, each))), ...new Set(metrics as string[])];
}
