import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';

const start = Date.UTC(2025, 10, 1);
const states = [
  ['completed', 86],
  ['failed', 9],
  ['running', 5],
] as const;
const optimizers = ['adam', 'adamw', 'sgd', 'lion'];

/** Writes `runs` experiments with `columns` columns, half of them parameters and half metrics. */
export function writeWideRuns(root: string, runs: number, columns: number): void {
  const random = new Random(815);
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  for (let at = 0; at < runs; at++) {
    const name = `exp-${String(at).padStart(5, '0')}`;
    const folder = join(root, 'experiments', name);
    mkdirSync(folder, { recursive: true });
    const timestamp = new Date(start + at * 600_000).toISOString();
    const names = (prefix: string) =>
      Array.from({ length: columns / 2 }, (_, number) => `${prefix}_${number}`);
    const parameter = (number: number) =>
      number % 4 === 0 ? random.one(optimizers) : number % 4 === 1 ? random.below(64) : random.number() / 10;
    const experiment = {
      experiment_id: name,
      experiment_name: 'wide',
      status: random.weighted(states),
      timestamp,
      completed_at: new Date(start + at * 600_000 + random.below(500_000)).toISOString(),
      config_summary: Object.fromEntries(names('param').map((key, number) => [key, parameter(number)])),
      best_metrics: Object.fromEntries(
        names('metric').map((key) => [key, Number(random.number().toFixed(6))]),
      ),
    };
    writeFileSync(join(folder, 'experiment_tracker.json'), JSON.stringify(experiment));
  }
}

/** Writes `runs` receipts of stages that were made from each other: prepared data, trainings, what was measured of them. */
export function writeStages(root: string, runs: number): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const places: string[] = [];
  for (let at = 0; at < runs; at++) {
    const family = Math.floor(at / 20);
    const stage = at % 20 === 0 ? 'process' : at % 20 < 15 ? 'train' : 'eval';
    const place = `results/${stage}/${family}_${at % 20}`;
    // A training is made from the data of its family, an evaluation from two trainings and the evaluation before it.
    const from =
      stage === 'process'
        ? places.slice(-20, -19).concat(places.slice(-1))
        : stage === 'train'
          ? [places[family * 20]!]
          : [
              places[family * 20 + 1 + (at % 14)]!,
              places[family * 20 + 1 + ((at * 5) % 14)]!,
              places[at - 1]!,
            ];
    const lineage = Object.fromEntries(
      [...new Set(from)].map((path, number) => [
        `from_${number}`,
        { path, info: { config: { save_dir: path } } },
      ]),
    );
    const timestamp = new Date(start + at * 600_000).toISOString().replace('Z', '000');
    mkdirSync(join(root, place), { recursive: true });
    writeFileSync(
      join(root, place, 'run.lock'),
      JSON.stringify({ timestamp, config: { at }, lineage, prevs: {} }),
    );
    places.push(place);
  }
}
