import { systemClock } from '../../base/clock.ts';
import { DaybookError, messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import {
  addTags,
  type Direction,
  type ExperimentChange,
  removeTags,
  setDescription,
} from '../../formats/experiments/change.ts';
import type { ExperimentRecord, RecordedArtifact } from '../../formats/experiments/experiment.ts';
import { folderOf } from '../../runs/key.ts';
import { readExperiment } from '../../store/experiments/read-experiment.ts';
import { recordedWithin } from '../actions/within.ts';
import type { ListOptions } from '../list-options.ts';
import { type ArtifactRequest, attachArtifact } from './attach-artifact.ts';
import { findExperiment, listExperiments, placeForExperiment } from './find-experiment.ts';
import { type ExperimentEffects, type ExperimentStart, startExperiment } from './start-experiment.ts';
import { summarizeExperiment } from './summarize-experiment.ts';
import { endExperiment, recordMetrics, recordProgress, updateExperiment } from './track-experiment.ts';

/** One experiment to record to. Every call is one safe step, also beside other processes. */
export interface Experiment {
  readonly id: string;
  /** Relative to the book. */
  readonly folder: string;
  /** How far training is, with the best metrics so far. */
  progress(progress: {
    epoch?: number;
    epochs?: number;
    seconds?: number;
    best?: Readonly<Record<string, number>>;
    directions?: Readonly<Record<string, Direction>>;
  }): Promise<void>;
  /** Adds a point to the history; what is better is remembered once it was said. */
  metric(
    values: Readonly<Record<string, number>>,
    at?: { step?: number; epoch?: number; directions?: Readonly<Record<string, Direction>> },
  ): Promise<void>;
  /** Attaches a file or folder, relative to the book, with size and digest. */
  artifact(path: string, facts?: Omit<ArtifactRequest, 'path' | 'from'>): Promise<void>;
  /** What is attached, oldest first; of one type where it is named. */
  artifacts(type?: string): RecordedArtifact[];
  tag(...tags: string[]): Promise<void>;
  untag(...tags: string[]): Promise<void>;
  describe(description: string): Promise<void>;
  complete(): Promise<void>;
  fail(error: unknown): Promise<void>;
  abort(reason?: string): Promise<void>;
  /** Keys of the original's summary and a few more. */
  summary(): JsonObject;
  /** The experiment as its files have it now. */
  record(): ExperimentRecord;
}

/** The experiments of a book. */
export interface BookExperiments {
  /**
   * Begins an experiment in a folder of the book, this process being the one that runs it; without a folder in that of the
   * run that `daybook exec` runs this program for. @throws DaybookError `usage` where there is neither.
   */
  start(folder?: string, start?: Omit<ExperimentStart, 'pid'>): Promise<Experiment>;
  /** An experiment by folder, id or name. @throws DaybookError `not-found`. */
  open(text: string): Promise<Experiment>;
  /** The experiments, newest first; all of them unless `limit` says otherwise. */
  list(options?: ListOptions): Promise<ExperimentRecord[]>;
}

/** The experiments of the book at `root`. */
export function bookExperiments(root: string): BookExperiments {
  const effects: ExperimentEffects = { clock: systemClock, env: process.env };
  return {
    async start(folder, start = {}) {
      const file = placeForExperiment(root, folder ?? folderWithin(root));
      await startExperiment(root, file, { ...start, pid: process.pid }, effects);
      return openExperiment(root, file, effects);
    },
    open: async (text) => openExperiment(root, await findExperiment(root, text), effects),
    list: (choice) => listExperiments(root, choice),
  };
}

function folderWithin(root: string): string {
  const { runFolder } = recordedWithin(root);
  if (runFolder !== undefined) return runFolder;
  throw new DaybookError(
    'usage',
    'Expected a folder for the experiment: this program does not run as the run of a daybook exec.',
    { hint: "Name one, experiments.start('runs/a'), or run it with daybook exec train --run runs/a -- …" },
  );
}

function openExperiment(root: string, file: string, effects: ExperimentEffects): Experiment {
  let last = readExperiment(root, file, () => undefined);
  const record = () => {
    // A file that is being written in place is whole again a moment later; until then the last state counts.
    last = readExperiment(root, file, () => undefined) ?? last;
    return last!;
  };
  const keep = async (done: Promise<ExperimentRecord>) => {
    last = await done;
  };
  const update = (change: ExperimentChange) => keep(updateExperiment(root, file, [change], effects));
  return {
    id: record().id,
    folder: folderOf(file),
    progress: (progress) => keep(recordProgress(root, file, progress, effects)),
    metric: (values, at = {}) => keep(recordMetrics(root, file, { values, ...at }, effects)),
    artifact: (path, facts = {}) => keep(attachArtifact(root, file, { ...facts, path, from: root }, effects)),
    artifacts: (type) => record().artifacts.filter((each) => type === undefined || each.type === type),
    tag: (...tags) => update(addTags(tags)),
    untag: (...tags) => update(removeTags(tags)),
    describe: (description) => update(setDescription(description)),
    complete: () => keep(endExperiment(root, file, { status: 'completed' }, effects)),
    fail: (error) => keep(endExperiment(root, file, { status: 'failed', why: messageOf(error) }, effects)),
    abort: (why) => keep(endExperiment(root, file, { status: 'aborted', why }, effects)),
    summary: () => summarizeExperiment(record()),
    record,
  };
}
