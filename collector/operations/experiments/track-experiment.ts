import { DaybookError } from '../../base/errors.ts';
import { isoMicros } from '../../base/time.ts';
import {
  type Direction,
  type ExperimentChange,
  type Progress,
  setError,
  setProgress,
  setReason,
  setStatus,
  takeBest,
} from '../../formats/experiments/change.ts';
import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import { isMetricName } from '../../formats/metrics/points.ts';
import { folderOf, joinPlace } from '../../runs/key.ts';
import { appendMetrics } from '../../store/experiments/append-metrics.ts';
import { changeExperiment } from '../../store/experiments/write-experiment.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import type { ExperimentEffects } from './start-experiment.ts';

/** Makes changes to an experiment in one step; returns the record as it is then. */
export async function updateExperiment(
  root: string,
  file: string,
  changes: readonly ExperimentChange[],
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const now = isoMicros(effects.clock.nowUs());
  return changeExperiment(
    root,
    file,
    (documents) => {
      for (const change of changes) change(documents, now);
      documents.main['updated_at'] = now;
    },
    effects.onWait === undefined ? {} : { onWait: effects.onWait },
  );
}

/** Takes down how far training is, with the best metrics so far. */
export function recordProgress(
  root: string,
  file: string,
  progress: Progress & {
    best?: Readonly<Record<string, number>> | undefined;
    directions?: Readonly<Record<string, Direction>> | undefined;
  },
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const changes = [setProgress(progress)];
  if (progress.best !== undefined) changes.push(takeBest(checked(progress.best), progress.directions));
  return updateExperiment(root, file, changes, effects);
}

/** One point of the history: values of any metrics at a step, an epoch, or simply now. */
export interface MetricsRequest {
  values: Readonly<Record<string, number>>;
  step?: number | undefined;
  epoch?: number | undefined;
  /** What is better, by metric; remembered from then on. */
  directions?: Readonly<Record<string, Direction>> | undefined;
}

/** Appends a point to the history, then takes its values into the best ones. An epoch is progress, too. */
export async function recordMetrics(
  root: string,
  file: string,
  request: MetricsRequest,
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const { values, epoch, directions } = request;
  await recordPoint(root, joinPlace(folderOf(file), 'metrics.jsonl'), request, effects);
  const changes = [takeBest(values, directions)];
  if (epoch !== undefined && Number.isSafeInteger(epoch)) changes.push(setProgress({ epoch }));
  return updateExperiment(root, file, changes, effects);
}

/** Appends a point to a history, and nothing else: for runs that have no experiment. */
export async function recordPoint(
  root: string,
  file: string,
  { values, step, epoch }: Omit<MetricsRequest, 'directions'>,
  { clock }: Pick<ExperimentEffects, 'clock'>,
): Promise<void> {
  checked(values);
  const { durability } = await readWriteSettings(root);
  await appendMetrics(root, file, { values, step, epoch, time: isoMicros(clock.nowUs()) }, durability);
}

/** How an experiment ends. */
export type Ending = { status: 'completed' } | { status: 'failed' | 'aborted'; why?: string | undefined };

/** Ends an experiment. An error goes behind the description, as the original has it, and stands alone, too. */
export async function endExperiment(
  root: string,
  file: string,
  ending: Ending,
  effects: ExperimentEffects,
): Promise<ExperimentRecord> {
  const changes = [setStatus(ending.status)];
  const why = ending.status === 'completed' ? '' : (ending.why ?? '');
  if (ending.status === 'failed') changes.push(setError(why));
  if (ending.status === 'aborted') changes.push(setReason(why));
  return updateExperiment(root, file, changes, effects);
}

function checked(values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const names = Object.keys(values);
  const wrong = names.find((name) => !isMetricName(name));
  if (names.length > 0 && wrong === undefined) return values;
  throw new DaybookError(
    'bad-input',
    wrong === undefined
      ? 'Expected at least one metric, found none.'
      : `Expected the name of a metric, found "${wrong}".`,
    {
      hint:
        wrong === 'step' || wrong === 'epoch'
          ? `Which ${wrong} the values belong to is said beside them: --${wrong} <n>.`
          : 'Names are free but for step, epoch, time and the like, and those that begin with "_".',
    },
  );
}
