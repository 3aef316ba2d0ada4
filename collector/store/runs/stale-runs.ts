import { displayStatusOf } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { RunOwner } from '../../formats/ledger/record.ts';
import type { JoinedRun } from '../../runs/join.ts';
import type { RunRecord, Staleness } from '../../runs/record.ts';
import { standingOf } from '../../runs/standing.ts';
import { type StalenessWorld, stalenessOf, thisWorld } from '../ledger/staleness.ts';

/** What tells of a run that says it runs whether it does: all that its files know of it, none of the world around it. */
export interface SignsOfLife extends Pick<RunRecord, 'key' | 'slug'> {
  /** The file that the finding about it names. */
  file: string;
  /** Who runs it, and when it was last heard of. */
  owner: RunOwner | undefined;
  lastUs: number;
}

/** The signs of life of a joined run; undefined of one that does not say it runs. */
export function signsOfLife(joined: JoinedRun, run: RunRecord): SignsOfLife | undefined {
  const life = lifeOf(joined);
  return life && { key: run.key, slug: run.slug, file: whereAll(joined) ?? run.files[0]!.path, ...life };
}

/** What holds a run with many others, where one does. */
function whereAll({ evidence }: JoinedRun): string | undefined {
  return evidence.find(({ store }) => store !== undefined)?.store;
}

/** Why a run that says "running" most likely is not. */
export function staleness(joined: JoinedRun, world: StalenessWorld): Staleness | undefined {
  const life = lifeOf(joined);
  return life && staleBySigns(life, world);
}

/** Why a run with these signs of life most likely does not run; undefined where it may. */
export function staleBySigns({ owner, lastUs }: Life, world: StalenessWorld): Staleness | undefined {
  const history = [{ atUs: lastUs, word: '', status: 'running' as const }];
  return stalenessOf({ status: 'running', history, owner }, world);
}

type Life = Pick<SignsOfLife, 'owner' | 'lastUs'>;

/** Whom it believes about its status decides. */
function lifeOf({ evidence }: JoinedRun): Life | undefined {
  const word = standingOf(evidence);
  if (word === undefined || word.by.joinsOnly === true) return undefined;
  if (displayStatusOf(word.said) !== 'running') return undefined;
  const { history = [], owner } = word.by.says;
  // What a neighbour of the record wrote last is a sign of life, too.
  const seenUs = Math.max(0, ...evidence.map(({ says }) => says.seenUs ?? 0));
  return { owner, lastUs: Math.max(seenUs, history.at(-1)?.atUs ?? 0) };
}

/** Which of the runs that say so do not run now, and one finding for each file that says it of them. */
export function staleNow(signs: readonly SignsOfLife[]): {
  stale: Map<string, Staleness>;
  findings: Finding[];
} {
  const world = thisWorld();
  const runs = new StaleRuns();
  const stale = new Map<string, Staleness>();
  for (const one of signs) {
    const why = staleBySigns(one, world);
    if (why === undefined) continue;
    stale.set(one.slug, why);
    runs.add(one, why);
  }
  return { stale, findings: runs.findings() };
}

/** Collects stale runs for one finding a file. */
export class StaleRuns {
  readonly #bySource = new Map<string, StaleRun[]>();

  add({ file, key }: Pick<SignsOfLife, 'file' | 'key'>, { why }: Staleness): void {
    const known = this.#bySource.get(file);
    if (known === undefined) this.#bySource.set(file, [{ key, why }]);
    else known.push({ key, why });
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

type StaleRun = Pick<RunRecord, 'key'> & Pick<Staleness, 'why'>;

function found(runs: readonly StaleRun[]): string {
  const [{ key, why }] = runs as [StaleRun];
  if (runs.length === 1) return `${key}: ${why}`;
  const shown = runs.slice(0, 3).map((run) => run.key);
  return `${runs.length} that are not, ${shown.join(', ')}${runs.length > 3 ? ', …' : ''}`;
}
