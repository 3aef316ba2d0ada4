import type { ExperimentRecord } from '../../formats/experiments/experiment.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { RunOwner } from '../../formats/ledger/record.ts';
import type { JoinedRun } from '../../runs/join.ts';
import type { MetricsDigest } from '../../runs/make.ts';
import type { RunRecord, Staleness } from '../../runs/record.ts';
import { type StalenessWorld, stalenessOf } from '../ledger/staleness.ts';

/** Why a run that says "running" most likely is not; a ledger's record decides, else the experiment file. */
export function staleness(
  { ledger, experiment, metrics }: JoinedRun<MetricsDigest>,
  world: StalenessWorld,
): Staleness | undefined {
  // What a neighbour of the record wrote last is a sign of life, too.
  const seenUs = Math.max(0, experiment?.updatedAtUs ?? 0, ...metrics.map(({ lastAtUs }) => lastAtUs ?? 0));
  const part = ledger ?? experiment;
  if (part === undefined || part.status !== 'running') return undefined;
  const owner = ledger === undefined ? ownerOf(experiment!, seenUs) : ledger.owner;
  const sign =
    seenUs > (part.history.at(-1)?.atUs ?? 0) ? [{ atUs: seenUs, word: '', status: part.status }] : [];
  return stalenessOf({ status: part.status, history: [...part.history, ...sign], owner }, world);
}

function ownerOf({ source }: ExperimentRecord, seenUs: number): RunOwner | undefined {
  const host = source?.['host'];
  if (typeof host !== 'string') return undefined;
  const pid = source!['pid'];
  const start = source!['start'];
  return {
    pid: typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : undefined,
    host,
    start: typeof start === 'string' ? start : undefined,
    seenUs,
    beats: false,
  };
}

/** Collects stale runs for one finding a file. */
export class StaleRuns {
  readonly #bySource = new Map<string, RunRecord[]>();

  add(run: RunRecord): void {
    const source = run.files[0]!.path;
    const known = this.#bySource.get(source);
    if (known === undefined) this.#bySource.set(source, [run]);
    else known.push(run);
  }

  /** One finding for each file that says so of runs. */
  findings(): Finding[] {
    return [...this.#bySource].map(([file, runs]) => ({
      code: 'stale-run',
      severity: 'warning',
      file,
      expected: 'runs that are alive where a file says "running"',
      found: found(runs),
      hint: 'Say how they ended, e.g. daybook ledger log or daybook experiment abort.',
    }));
  }
}

function found(runs: readonly RunRecord[]): string {
  const [{ key, stale }] = runs as [RunRecord];
  if (runs.length === 1) return `${key}: ${stale!.why}`;
  const shown = runs.slice(0, 3).map((run) => run.key);
  return `${runs.length} that are not, ${shown.join(', ')}${runs.length > 3 ? ', …' : ''}`;
}
