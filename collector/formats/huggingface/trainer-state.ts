import { numberIn } from '../../base/json/exact-number.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { seriesOfPoints } from '../metrics/from-points.ts';
import type { MetricsRecord } from '../metrics/record.ts';

/** What a trainer_state.json says of the training that wrote it. */
export interface TrainerState {
  metrics: MetricsRecord;
  /** The settings of the trainer that stand there. */
  settings: JsonObject;
  /** Whether the training came to its end, as far as that stands there. */
  isOver: boolean;
  durationMs: number | undefined;
  /** "checkpoint-500 (eval_loss 0.5)". */
  best: string | undefined;
}

/** What changes while it runs, or is told otherwise. */
const notSettings = new Set([
  'log_history',
  'stateful_callbacks',
  'best_metric',
  'best_global_step',
  'best_model_checkpoint',
  'epoch',
  'global_step',
  'total_flos',
  'num_input_tokens_seen',
]);

/** A trainer_state.json, of any version of the Trainer; undefined where it has no history. */
export function trainerState(state: JsonObject): TrainerState | undefined {
  const history = state['log_history'];
  if (!Array.isArray(history)) return undefined;
  const [step, most] = [numberIn(state['global_step']), numberIn(state['max_steps'])];
  const runtime = lastNumber(history, 'train_runtime');
  const settings = Object.entries(state).filter(
    ([name, value]) => !notSettings.has(name) && !/^is_/.test(name) && value !== null,
  );
  return {
    metrics: seriesOfPoints(history, { steps: ['step'] }),
    settings: Object.fromEntries(settings),
    // The summary of a training is logged when it has ended.
    isOver: runtime !== undefined || (step !== undefined && most !== undefined && most > 0 && step >= most),
    durationMs: runtime === undefined ? undefined : runtime * 1000,
    best: bestOf(state),
  };
}

function lastNumber(history: readonly JsonValue[], name: string): number | undefined {
  const entry = history.findLast((each) => isObject(each) && numberIn(each[name]) !== undefined);
  return isObject(entry) ? numberIn(entry[name]) : undefined;
}

function bestOf(state: JsonObject): string | undefined {
  const [path, metric] = [state['best_model_checkpoint'], numberIn(state['best_metric'])];
  const name = typeof path === 'string' ? path.replace(/^.*[/\\]/, '') : undefined;
  if (metric === undefined) return name;
  return name === undefined ? String(metric) : `${name} (${metric})`;
}
