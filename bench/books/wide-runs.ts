import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';

/** How many runs, and how many parameters and metrics each of them has. */
export interface WideSize {
  runs: number;
  params: number;
  metrics: number;
}

const start = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

/**
 * Writes experiments as CrackSeg does, each with many parameters and best metrics: of the parameters every tenth is the same in
 * all, every fifth a word, and a tenth of the metrics is missing here and there, as they are where a program changed.
 */
export function writeWideRuns(root: string, size: WideSize): void {
  const random = new Random(20_260);
  for (let at = 0; at < size.runs; at++) {
    const folder = join(root, 'experiments', `sweep-${String(at % 40).padStart(2, '0')}`, `run-${at}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'experiment_tracker.json'), JSON.stringify(experiment(random, at, size)));
  }
}

function experiment(random: Random, at: number, { params, metrics }: WideSize): unknown {
  const startMs = start + at * 30 * minuteMs;
  const status = random.weighted([
    ['completed', 88],
    ['failed', 9],
    ['aborted', 3],
  ]);
  return {
    experiment_id: `run-${at}`,
    experiment_name: `sweep-${at % 40}`,
    timestamp: new Date(startMs).toISOString(),
    status,
    tags: random.isWithin(0.2) ? [random.one(['keep', 'baseline', 'paper'])] : [],
    config_summary: Object.fromEntries(
      Array.from({ length: params }, (_, param) => [
        `group_${param % 12}.param_${param}`,
        paramOf(random, param),
      ]),
    ),
    best_metrics: Object.fromEntries(
      Array.from({ length: metrics }, (_, metric) => metric)
        .filter((metric) => metric % 10 !== 9 || random.isWithin(0.7))
        .map((metric) => [nameOf(metric), Number((random.number() ** 2 * (1 + metric)).toFixed(5))]),
    ),
    started_at: new Date(startMs).toISOString(),
    completed_at: new Date(startMs + (5 + random.below(200)) * minuteMs).toISOString(),
  };
}

const words = ['adam', 'sgd', 'lion', 'adafactor'];

function paramOf(random: Random, param: number): unknown {
  if (param % 10 === 3) return 'fixed';
  if (param % 5 === 1) return random.one(words);
  if (param % 7 === 2) return random.isWithin(0.5);
  return param % 2 === 0 ? 10 ** -(1 + random.below(5)) * (1 + random.below(9)) : random.below(1000);
}

function nameOf(metric: number): string {
  return metric % 4 === 0 ? `val/loss_${metric}` : `val/accuracy_${metric}`;
}
