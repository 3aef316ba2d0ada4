import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from './random.ts';

const start = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;
const day = { prepare: 1, features: 6, train: 30, evaluate: 13 } as const;
const perDay = Object.values(day).reduce((sum, count) => sum + count, 0);

/**
 * Writes receipts of runs in four stages, day by day: tables that are prepared from files, features of them, trainings on some of
 * these (now and then beginning with a model of the day before), and evaluations that hold several trainings against each other.
 */
export function writeStagedRuns(root: string, runs: number): void {
  const random = new Random(5000);
  let written = 0;
  const made: Record<keyof typeof day, string[]> = { prepare: [], features: [], train: [], evaluate: [] };
  for (let number = 0; written < runs; number++) {
    const before = { ...made };
    for (const stage of Object.keys(day) as (keyof typeof day)[]) {
      made[stage] = [];
      for (let at = 0; at < day[stage] && written < runs; at++) {
        const place = `results/${stage}/${String(number).padStart(4, '0')}_${String(at).padStart(2, '0')}`;
        const startMs = start + (number * 1440 + (written % perDay) * 10) * minuteMs;
        const from = sourcesOf(random, stage, made, before);
        write(root, place, receipt(random, stage, { startMs, from, day: number }));
        made[stage].push(place);
        written += 1;
      }
    }
  }
}

type Made = Readonly<Record<keyof typeof day, readonly string[]>>;

function sourcesOf(random: Random, stage: keyof typeof day, made: Made, before: Made): string[] {
  if (stage === 'features') return [...made.prepare];
  if (stage === 'evaluate') return some(random, made.train, 2 + random.below(4));
  if (stage === 'prepare') return [];
  const resumed = random.isWithin(0.1) ? some(random, before.train, 1) : [];
  return [...some(random, made.features, 1 + random.below(2)), ...resumed];
}

function some(random: Random, places: readonly string[], count: number): string[] {
  return places.length === 0 ? [] : [...new Set(Array.from({ length: count }, () => random.one(places)))];
}

interface Given {
  startMs: number;
  from: readonly string[];
  day: number;
}

/** A run.lock as FlexLock writes it; YAML takes JSON as it is. */
function receipt(random: Random, stage: keyof typeof day, { startMs, from, day: number }: Given): string {
  const previous = from.map((place) => [
    place.slice('results/'.length),
    { path: place, info: { config: { save_dir: place } } },
  ]);
  return JSON.stringify({
    timestamp: new Date(startMs).toISOString().replace('Z', '000'),
    repos: {
      main: { commit: random.hex(40), tree: random.hex(40), is_dirty: random.isWithin(0.3), path: '.' },
    },
    ...(stage === 'prepare'
      ? { data: { raw: random.hex(16), 'shared/classes.csv': '0f17da056787e75e' } }
      : {}),
    ...(previous.length === 0 ? {} : { lineage: Object.fromEntries(previous) }),
    config: { stage, day: number, lr: 10 ** -(1 + random.below(4)), seed: random.below(1000) },
  });
}

function write(root: string, place: string, text: string): void {
  const file = join(root, place, 'run.lock');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
