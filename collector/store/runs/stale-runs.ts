import { displayStatusOf } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { JoinedRun } from '../../runs/join.ts';
import type { RunRecord, Staleness } from '../../runs/record.ts';
import { standingOf } from '../../runs/standing.ts';
import { type StalenessWorld, stalenessOf } from '../ledger/staleness.ts';

/** Why a run that says "running" most likely is not; whom it believes about its status decides. */
export function staleness({ evidence }: JoinedRun, world: StalenessWorld): Staleness | undefined {
  const word = standingOf(evidence);
  if (word === undefined || word.by.joinsOnly === true) return undefined;
  const status = displayStatusOf(word.said);
  if (status !== 'running') return undefined;
  const { history = [], owner } = word.by.says;
  // What a neighbour of the record wrote last is a sign of life, too.
  const seenUs = Math.max(0, ...evidence.map(({ says }) => says.seenUs ?? 0));
  const sign = seenUs > (history.at(-1)?.atUs ?? 0) ? [{ atUs: seenUs, word: '', status }] : [];
  return stalenessOf({ status, history: [...history, ...sign], owner }, world);
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
