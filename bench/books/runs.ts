import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from './random.ts';

/** Which runs to write. */
export interface RunsSize {
  runs: number;
  /** Runs with 20 metrics of 1,000 steps. */
  charted: number;
  /** Runs with one metric of `longSteps` steps. */
  long: number;
  longSteps: number;
}

interface SampleRun {
  identifier: string;
  relpath: string;
  uid: string;
}

const identifiers = ['train', 'eval', 'tune', 'export'];
const perFolder = 500;
const states = [
  ['done', 86],
  ['error', 8],
  ['running', 3],
  ['pending', 3],
] as const;
const start = Date.UTC(2025, 10, 1);
const spanMs = 364 * 86_400_000;

/** Writes results/metadata.json as pycaddy does, parameters and metrics beside; gives the keys of some runs. */
export function writeRuns(root: string, size: RunsSize): string[] {
  const random = new Random(4711);
  const runs = Array.from(
    { length: size.runs },
    (_, at): SampleRun => ({
      identifier: identifiers[at % identifiers.length]!,
      relpath: `grid_${String(Math.floor(at / perFolder)).padStart(3, '0')}`,
      uid: String(Math.floor((at % perFolder) / identifiers.length)).padStart(3, '0'),
    }),
  );
  const ledger: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const [at, { identifier, relpath, uid }] of runs.entries()) {
    ledger[identifier] ??= {};
    ledger[identifier][relpath] ??= {};
    ledger[identifier][relpath][uid] = recordOf(random, start + (at / size.runs) * spanMs);
  }
  mkdirSync(join(root, 'results'), { recursive: true });
  writeFileSync(join(root, 'results', 'metadata.json'), `${JSON.stringify(ledger, null, 2)}`);
  // Spread over the year, from the newest backwards.
  const measured = size.charted + size.long;
  for (let number = 0; number < measured; number++) {
    const run = runs[Math.floor(((number + 1) * size.runs) / measured) - 1]!;
    const isLong =
      number % Math.max(1, Math.floor(measured / Math.max(1, size.long))) === 0 &&
      number / (measured / size.long) < size.long;
    const file = join(root, 'results', run.relpath, run.uid, `${run.identifier}_metrics.jsonl`);
    mkdirSync(dirname(file), { recursive: true });
    writeMetrics(file, random, isLong ? { names: 1, steps: size.longSteps } : { names: 20, steps: 1000 });
  }
  return runs
    .filter((_, at) => at % 97 === 0)
    .map((run) => `results:${run.identifier}/${run.relpath}/${run.uid}`);
}

function recordOf(random: Random, atMs: number): unknown {
  const status = random.weighted(states);
  const steps =
    status === 'pending' ? ['pending'] : ['pending', 'running', ...(status === 'running' ? [] : [status])];
  let at = atMs;
  return {
    status,
    param_hash: random.isWithin(0.1) ? null : random.hex(64),
    files: status === 'done' ? { model: `/srv/results/${random.hex(6)}/model.pt` } : {},
    timestamp_status_lst: steps.map((step) => {
      at += 1000 + random.below(1_800_000);
      return [`${new Date(at).toISOString().slice(0, -1)}000`, step];
    }),
  };
}

function writeMetrics(
  file: string,
  random: Random,
  { names, steps }: { names: number; steps: number },
): void {
  const descriptor = openSync(file, 'w');
  const all = Array.from({ length: names }, (_, at) => ({
    name: at === 0 ? 'loss' : `val/metric_${at}`,
    value: 4 * random.number(),
  }));
  let lines: string[] = [];
  for (let step = 0; step < steps; step++) {
    let line = `{"step":${step}`;
    for (const each of all) {
      each.value += (0.2 - each.value) * (3 / steps) + (random.number() - 0.5) * 0.02;
      line += `,"${each.name}":${each.value.toFixed(6)}`;
    }
    lines.push(`${line}}\n`);
    if (lines.length < 20_000 && step < steps - 1) continue;
    writeSync(descriptor, lines.join(''));
    lines = [];
  }
  closeSync(descriptor);
}
