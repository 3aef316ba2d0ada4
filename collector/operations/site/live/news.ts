import { jsonText } from '../../../base/json/text.ts';
import type { ActionRecord } from '../../../formats/actions/action.ts';
import type { LiveAction, LiveMessages } from '../../../formats/live/messages.ts';
import type { RunRecord } from '../../../runs/record.ts';

/** A build that has begun: what comes from then on is news to the pages it makes. */
export interface BegunBuild {
  /** Marks it among the builds of this server. */
  built: number;
  beganAtMs: number;
  /** The runs there were; undefined where nobody had looked yet. */
  runs: ReadonlySet<string> | undefined;
  /** Which of them went on: its pages say so until they are told otherwise. */
  going: ReadonlySet<string>;
}

/** Whether a run says that it runs, and may. */
export function isGoingOn({ status, stale }: Pick<RunRecord, 'status' | 'stale'>): boolean {
  return status === 'running' && stale === undefined;
}

type Runs = ReadonlyMap<string, Pick<RunRecord, 'status' | 'stale'>>;

/** Further news is counted only. */
const mostActions = 100;
/** Larger details are left to the build. */
const mostDetailsChars = 2000;

/** What came since the build that is served: what its pages cannot know. */
export class News {
  #built: BegunBuild | undefined;
  /** By what lines of one action share, in the order in which they came. */
  #actions = new Map<string, { atMs: number; action: LiveAction }>();

  /** Which build is served. */
  get built(): number {
    return this.#built?.built ?? 0;
  }

  /** Says that a build begins. */
  begin(runs: Runs | undefined): BegunBuild {
    const known = runs && new Set(runs.keys());
    return { built: Date.now(), beganAtMs: performance.now(), runs: known, going: goingIn(runs) };
  }

  /** That build is served now: what came before it is no news any more. */
  served(build: BegunBuild): void {
    this.#built = build;
    for (const [key, { atMs }] of this.#actions) if (atMs < build.beganAtMs) this.#actions.delete(key);
  }

  /** The runs at the first look, where a build had begun before. */
  firstRuns(runs: Runs): void {
    if (this.#built === undefined || this.#built.runs !== undefined) return;
    this.#built.runs = new Set(runs.keys());
    this.#built.going = goingIn(runs);
  }

  /** Whether the pages that are served say of a run that it goes on. */
  wentOn(slug: string): boolean {
    return this.#built?.going.has(slug) === true;
  }

  /** Whether the pages that are served do not know a run. */
  isNewRun(slug: string): boolean {
    return this.#built?.runs?.has(slug) === false;
  }

  /** Takes an action that was appended. */
  add(record: ActionRecord): void {
    const { atUs, type, status, statusWord, run, durationMs, details, actionId } = record;
    const key = actionId ?? record.key;
    const isShort = record.blob === undefined && jsonText(details).length <= mostDetailsChars;
    const action: LiveAction = {
      ...{ key, atUs, type, status, statusWord, run, durationMs },
      details: isShort ? details : undefined,
    };
    this.#actions.set(key, { atMs: performance.now(), action });
    if (this.#actions.size > 100 * mostActions) this.#actions.delete(this.#actions.keys().next().value!);
  }

  /** The newest of the actions that are news, and how many there are. */
  actions(): LiveMessages['actions'] {
    const all = [...this.#actions.values()].map(({ action }) => action);
    return { actions: all.slice(-mostActions), total: all.length };
  }
}

function goingIn(runs: Runs = new Map()): Set<string> {
  return new Set([...runs].filter(([, run]) => isGoingOn(run)).map(([slug]) => slug));
}
