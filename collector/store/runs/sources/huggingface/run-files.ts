import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';

const checkpoint = /^checkpoint-(\d+)$/;
export const stateName = 'trainer_state.json';
export const resultNames = [
  'all_results.json',
  'train_results.json',
  'eval_results.json',
  'test_results.json',
  'predict_results.json',
];

/** The folder of the run that a file of the Trainer is of: a checkpoint is part of the run around it. */
export function trainerFolder(path: string): string {
  const folder = folderOf(path);
  return checkpoint.test(lastPartOf(folder)) ? folderOf(folder) : folder;
}

/** The states of a run, the furthest first: its own, then those of its checkpoints. */
export function statesOf(root: string, folder: string): string[] {
  const checkpoints = namesIn(join(root, folder))
    .flatMap((name) => {
      const step = checkpoint.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .sort((a, b) => b.step - a.step)
    .map(({ name }) => joinPlace(folder, name));
  return [folder, ...checkpoints]
    .map((each) => joinPlace(each, stateName))
    .filter((each) => existsSync(join(root, each)));
}

/** The checkpoints of a run that have a state, as paths of the book, in order. */
export function checkpointsOf(states: readonly string[], folder: string): string[] {
  return states
    .map(folderOf)
    .filter((each) => each !== folder)
    .reverse();
}

/** The results that lie beside a run; what is in all of them need not be read from each. */
export function resultsOf(root: string, folder: string): string[] {
  const found = resultNames
    .map((name) => joinPlace(folder, name))
    .filter((each) => existsSync(join(root, each)));
  return lastPartOf(found[0] ?? '') === resultNames[0] ? found.slice(0, 1) : found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
