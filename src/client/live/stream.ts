import { parsePlainJson } from '../../data/browser.ts';
import {
  type LiveMessages,
  type LiveMetricPoints,
  type LiveState,
  liveMetrics,
  liveStates,
} from '../../data/runs/live.ts';
import { servedBuild } from '../live.ts';
import type { Hearing } from './notice.ts';

/** What a page does with what it hears. */
export interface Listener {
  /** There is a newer site than the one this page is of. */
  newer(): void;
  states(states: LiveState[]): void;
  actions(actions: LiveMessages['actions']): void;
  metrics(metrics: LiveMetricPoints[]): void;
  /** Whether it hears anything at the moment. */
  hearing(hearing: Hearing): void;
}

/** A browser opens six connections to one server for all of its tabs; two are left for loading pages. */
const mostTabs = 4;
const firstRetryMs = 1000;
const longestRetryMs = 10_000;

/** Listens to what `daybook serve` tells, while the page is seen and as few others of this browser listen as it can bear. */
export class LiveStream {
  readonly #address: string;
  readonly #listener: Listener;
  #source: EventSource | undefined;
  /** Which build the page is of. */
  readonly #built = servedBuild();
  #retryMs = firstRetryMs;
  #release: (() => void) | undefined;
  #turn: AbortController | undefined;

  constructor(address: string, listener: Listener) {
    this.#address = address;
    this.#listener = listener;
  }

  /** Begins to listen, and stops for as long as nobody looks at the page. */
  start(): void {
    const follow = () => (document.hidden ? this.#pause() : this.#resume());
    document.addEventListener('visibilitychange', follow);
    addEventListener('pagehide', () => this.#pause());
    addEventListener('pageshow', follow);
    follow();
  }

  #resume(): void {
    if (this.#turn !== undefined) return;
    const turn = new AbortController();
    this.#turn = turn;
    takeSlot(turn.signal).then(
      (release) => {
        if (turn.signal.aborted) return release();
        this.#release = release;
        this.#connect();
      },
      // It was hidden before its turn came.
      () => undefined,
    );
  }

  #pause(): void {
    this.#turn?.abort();
    this.#turn = undefined;
    this.#source?.close();
    this.#source = undefined;
    this.#release?.();
    this.#release = undefined;
    this.#listener.hearing('paused');
  }

  #connect(): void {
    const source = new EventSource(this.#address);
    this.#source = source;
    const hear = (name: keyof LiveMessages, take: (data: string) => void) =>
      source.addEventListener(name, (event) => take((event as MessageEvent<string>).data));
    hear('site', (data) => this.#hearSite((parsePlainJson(data) as LiveMessages['site']).built));
    hear('runs', (data) => this.#listener.states(liveStates(data)));
    hear('actions', (data) => this.#listener.actions(parsePlainJson(data) as LiveMessages['actions']));
    hear('whole', (data) => this.#listener.metrics(liveMetrics('whole', data)));
    hear('points', (data) => this.#listener.metrics(liveMetrics('points', data)));
    source.addEventListener('open', () => {
      this.#retryMs = firstRetryMs;
      this.#listener.hearing('live');
    });
    source.addEventListener('error', () => {
      source.close();
      if (source !== this.#source) return;
      this.#listener.hearing('lost');
      const turn = this.#turn;
      setTimeout(() => {
        if (turn !== undefined && turn === this.#turn) this.#connect();
      }, this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    });
  }

  #hearSite(built: number): void {
    if (built !== this.#built) this.#listener.newer();
  }
}

/** Waits for one of the few places for tabs that listen, and gives it back when what it returns is called. */
async function takeSlot(signal: AbortSignal): Promise<() => void> {
  const { locks } = navigator;
  if (locks === undefined) return () => undefined;
  for (let slot = 0; slot < mostTabs - 1; slot++) {
    const release = await held(locks, slot, { ifAvailable: true });
    if (release !== undefined) return release;
  }
  return (await held(locks, mostTabs - 1, { signal })) ?? (() => undefined);
}

function held(locks: LockManager, slot: number, options: LockOptions): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const request = locks.request(`daybook-live-${slot}`, options, (lock) => {
      if (lock === null) return resolve(undefined);
      return new Promise<void>((release) => resolve(release));
    });
    request.catch(reject);
  });
}
