import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { jsonText } from '../../../base/json/text.ts';
import type { ActionRecord } from '../../../formats/actions/action.ts';
import type { LiveState } from '../../../formats/live/messages.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { type Asked, beat, eventOf, LiveClient } from './client.ts';
import { LiveRun } from './live-run.ts';
import { type BegunBuild, isGoingOn, News } from './news.ts';

/** Milliseconds between looks at the files of runs that go on. */
const everyMs = 250;
const beatMs = 15_000;
/** Pages and programs that may listen at once: each holds a connection open. */
const mostClients = 500;
/** Runs that are followed at once, the newest first; beyond that only those whose page is open. */
const mostRuns = 200;
/** A run that nobody asks for and that says nothing new is let go after this. */
const idleMs = 30_000;
/** Looking may take this share of the time. */
const rest = 4;

/**
 * Follows the runs that go on, and tells the pages that listen what was appended to them. It reads each file once from where it
 * stood, and the whole of it only when a page asks for its curves.
 */
export class LiveHub {
  readonly #root: string;
  readonly #signal: AbortSignal;
  readonly #clients = new Set<LiveClient>();
  readonly #followed = new Map<string, LiveRun>();
  #all: ReadonlyMap<string, RunRecord> = new Map();
  readonly #news = new News();
  /** Whether anybody has looked at the runs yet. */
  #hasLooked = false;
  #hasNewActions = false;
  #isOpening = false;

  constructor(root: string, signal: AbortSignal) {
    this.#root = root;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  /** Looks and tells until the signal aborts. */
  async run(): Promise<void> {
    let beatenAt = performance.now();
    while (!this.#signal.aborted) {
      const begun = performance.now();
      // Nobody waits for what would be seen.
      const isMore = this.isHeard && this.#look();
      if (begun - beatenAt > beatMs) {
        for (const client of this.#clients) client.send(beat);
        beatenAt = begun;
      }
      const tookMs = performance.now() - begun;
      const pauseMs = isMore ? tookMs : Math.max(everyMs, tookMs * rest);
      await wait(pauseMs, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  /** Answers a page that asks for `/events`, with `?runs`, `?actions` or `?run=<slug>` for more. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const asked = askedBy(request.url ?? '');
    if (request.method !== 'GET' || request.headers['sec-fetch-site'] === 'cross-site') refuse(response, 403);
    else if (this.#clients.size >= mostClients) refuse(response, 503);
    else {
      const client: LiveClient = new LiveClient(response, asked, {
        caughtUp: () => this.#tellAll(client),
        gone: () => this.#clients.delete(client),
      });
      this.#clients.add(client);
      if (this.#clients.size === 1) this.#takeUp(new Set());
      this.#tellAll(client);
    }
  }

  /** Takes up how the runs stand; `grown` have more values than before. Without listeners nothing is followed. */
  runs(all: ReadonlyMap<string, RunRecord>, grown: ReadonlySet<string>): void {
    this.#all = all;
    this.#hasLooked = true;
    this.#news.firstRuns(all);
    if (this.isHeard) this.#takeUp(grown);
    this.#letGo();
  }

  #takeUp(grown: ReadonlySet<string>): void {
    const asked = this.#askedFor();
    for (const [slug, run] of this.#all)
      if (isGoingOn(run) || grown.has(slug) || asked.has(slug) || this.#isNews(slug)) this.#follow(slug);
    const other: LiveRun[] = [];
    for (const [slug, run] of this.#followed) {
      const record = this.#all.get(slug);
      if (record === undefined) this.#followed.delete(slug);
      else {
        const before = jsonText(run.state());
        run.update(record);
        if (jsonText(run.state()) !== before) other.push(run);
      }
    }
    this.#tellStates(other);
  }

  /** Takes an action that was appended to the log. */
  action(record: ActionRecord): void {
    this.#news.add(record);
    this.#hasNewActions = true;
  }

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#clients.size > 0;
  }

  /** Which build is served. */
  get built(): number {
    return this.#news.built;
  }

  /** Says that a build begins; what it returns says which one `siteBuilt` is about. */
  buildBegins(): BegunBuild {
    return this.#news.begin(this.#hasLooked ? this.#all : undefined);
  }

  /** Says that a newer site is served. */
  siteBuilt(build: BegunBuild): void {
    this.#news.served(build);
    if (this.#hasLooked) this.#news.firstRuns(this.#all);
    for (const client of this.#clients) client.send(eventOf('site', { built: build.built }));
  }

  /** Looks at all that is followed; whether more stands there than was read at once. */
  #look(): boolean {
    const fresh: LiveRun[] = [];
    let isMore = false;
    for (const [slug, run] of this.#followed) {
      const seen = run.look();
      isMore ||= seen.isMore;
      if (!seen.isNew) continue;
      fresh.push(run);
      if (seen.points.length > 0) this.#tell(slug, eventOf('points', { run: slug, series: seen.points }));
    }
    this.#tellStates(fresh);
    this.#tellActions();
    void this.#openWanted();
    return isMore;
  }

  /** Reads the curves that pages wait for, one run at a time. */
  async #openWanted(): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      for (const slug of this.#askedFor()) {
        const run = this.#followed.get(slug);
        if (run !== undefined && !run.isOpen && (await run.open()))
          this.#tell(slug, eventOf('whole', run.whole()));
      }
    } catch {
      // A file that cannot be read now is tried again at the next look.
    } finally {
      this.#isOpening = false;
    }
  }

  #tellAll(client: LiveClient): void {
    client.send(eventOf('site', { built: this.#news.built }));
    const { run: slug, runs, actions } = client.asked;
    if (actions) client.send(eventOf('actions', this.#news.actions()));
    if (runs)
      client.send(
        eventOf(
          'runs',
          [...this.#followed.values()].map((run) => this.#stateOf(run)),
        ),
      );
    const run = slug === undefined ? undefined : this.#follow(slug);
    if (run === undefined) return;
    client.send(eventOf('runs', [this.#stateOf(run)]));
    if (run.isOpen) client.send(eventOf('whole', run.whole()));
  }

  #tell(slug: string, sent: ReturnType<typeof eventOf>): void {
    for (const client of this.#clients) if (client.asked.run === slug) client.send(sent);
  }

  #tellActions(): void {
    if (!this.#hasNewActions) return;
    this.#hasNewActions = false;
    const sent = eventOf('actions', this.#news.actions());
    for (const client of this.#clients) if (client.asked.actions) client.send(sent);
  }

  #stateOf(run: LiveRun): LiveState {
    return run.state(this.#news.isNewRun(run.record.slug));
  }

  /** Those who see all runs, and those who see one of these, hear how they stand. */
  #tellStates(runs: readonly LiveRun[]): void {
    if (runs.length === 0 || this.#clients.size === 0) return;
    const states = runs.map((run) => this.#stateOf(run));
    const all = eventOf('runs', states);
    for (const client of this.#clients) if (client.asked.runs) client.send(all);
    const asked = this.#askedFor();
    for (const state of states) if (asked.has(state.slug)) this.#tell(state.slug, eventOf('runs', [state]));
  }

  #askedFor(): Set<string> {
    return new Set([...this.#clients].flatMap(({ asked }) => asked.run ?? []));
  }

  #follow(slug: string): LiveRun | undefined {
    const known = this.#followed.get(slug);
    if (known !== undefined) return known;
    const record = this.#all.get(slug);
    const isFull = this.#followed.size >= mostRuns && !this.#askedFor().has(slug);
    if (record === undefined || isFull) return undefined;
    const run = new LiveRun(this.#root, record);
    this.#followed.set(slug, run);
    return run;
  }

  /** Whether the pages that are served do not know a run, or may say that it goes on when it has ended. */
  #isNews(slug: string): boolean {
    return this.#news.isNewRun(slug) || this.#news.wentOn(slug);
  }

  #letGo(): void {
    const asked = this.#askedFor();
    const now = performance.now();
    for (const [slug, run] of this.#followed) {
      if (asked.has(slug)) run.askedAtMs = now;
      if (now - run.askedAtMs <= idleMs) continue;
      const isTold = isGoingOn(run.record) || this.#news.wentOn(slug) || now - run.newAtMs <= idleMs;
      if (this.isHeard && isTold) run.close();
      else this.#followed.delete(slug);
    }
  }

  #end(): void {
    for (const client of this.#clients) client.end();
  }
}

function askedBy(url: string): Asked {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const run = parameters.get('run');
  return {
    run: run === null || run === '' ? undefined : run,
    runs: parameters.has('runs'),
    actions: parameters.has('actions'),
  };
}

function refuse(response: ServerResponse, code: number): void {
  response.writeHead(code, { 'Cache-Control': 'no-store' }).end();
}
