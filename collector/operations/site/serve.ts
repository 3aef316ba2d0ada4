import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DaybookError, messageOf, systemCodeOf } from '../../base/errors.ts';
import { followActions } from '../../store/follow-actions.ts';
import { earlierSite } from './earlier-site.ts';
import { LiveHub } from './live/hub.ts';
import { watchBook } from './live/watched-book.ts';
import { Rebuilds } from './rebuilds.ts';
import type { BuildResult, BuildSite } from './site-builder.ts';
import { serveFile } from './static-files.ts';

/** What serving needs from the world. */
export interface ServeEffects {
  buildSite: BuildSite;
  /** Called once, when the site can be opened; `isEarlier` where it is the one of an earlier build, and a newer one follows. */
  ready(url: string, isEarlier: boolean): void;
  /** One line per build and per problem. */
  log(line: string): void;
  signal: AbortSignal;
  /** How long the book must be quiet before it is built again. */
  quietMs?: number;
}

/** Milliseconds between looks at the log. */
const actionsEveryMs = 500;

/**
 * Builds the site, serves it on loopback and builds it again whenever the book changes, until the signal aborts. What runs
 * that go on append to their metrics reaches their pages without a build. Where an earlier build left a site, that one is
 * served at once, and its pages hear when the newer one is there.
 */
export async function serveSite(root: string, port: number, effects: ServeEffects): Promise<void> {
  const own = new AbortController();
  const signal = AbortSignal.any([effects.signal, own.signal]);
  const hub = new LiveHub(root, signal);
  const rebuilds = new Rebuilds(() => rebuild(root, effects, hub), { quietMs: effects.quietMs ?? 300 });
  // What changes while the first build reads the book is a reason for a second one.
  const watching = watchBook(root, {
    signal,
    isHeard: () => hub.isHeard,
    changed: () => rebuilds.wish(),
    runs(all, grown) {
      hub.runs(all, grown);
      if (grown.size > 0) rebuilds.wishSometime();
    },
  });
  const following = followActions(root, (record) => hub.action(record), {
    signal,
    report: () => {},
    pollMs: actionsEveryMs,
  });
  try {
    const earlier = earlierSite(root);
    const out = earlier ?? (await rebuilds.first(() => built(root, effects, hub))).out;
    const server = createServer((request, response) => {
      // A page elsewhere that points a host name of its own at this machine gets nothing.
      if (!isLoopbackHost(request.headers.host)) response.writeHead(403).end('Only for this machine.\n');
      else if (/^\/events(?:\?|$)/.test(request.url ?? '')) hub.answer(request, response);
      else {
        // How a page knows that it may ask for events, and which build it is of: elsewhere it asks for nothing that is not there.
        response.setHeader('Server-Timing', `daybook-live;dur=${hub.built}`);
        serveFile(out, request, response);
      }
    });
    const { port: taken } = await listen(server, port);
    effects.ready(`http://127.0.0.1:${taken}/`, earlier !== undefined);
    if (earlier !== undefined) void rebuilds.first(() => rebuild(root, effects, hub));
    await hub.run();
    rebuilds.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  } catch (error) {
    // A build that was given up on the way.
    if (!effects.signal.aborted) throw error;
  } finally {
    rebuilds.stop();
    own.abort();
    await Promise.all([watching, following]);
  }
}

function isLoopbackHost(host: string | undefined): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host ?? '');
}

/** The wanted port, or the next free one of the ten above it, or any. */
async function listen(server: Server, wanted: number): Promise<AddressInfo> {
  const ports = [
    ...Array.from({ length: 10 }, (_, index) => wanted + index).filter((port) => port <= 65535),
    0,
  ];
  for (const port of ports) {
    const error = await new Promise<unknown>((resolve) => {
      server.once('error', resolve);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (error === undefined) return server.address() as AddressInfo;
    const code = systemCodeOf(error);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
  }
  throw new DaybookError('unavailable', `Expected a free port near ${wanted}, found none.`, {
    hint: 'Name another one with --port.',
  });
}

async function built(root: string, effects: ServeEffects, hub: LiveHub): Promise<BuildResult> {
  const begun = hub.buildBegins();
  const result = await effects.buildSite({ root });
  hub.siteBuilt(begun);
  return result;
}

async function rebuild(root: string, effects: ServeEffects, hub: LiveHub): Promise<void> {
  try {
    const { actions, snapshots, durationMs } = await built(root, effects, hub);
    effects.log(
      `built again in ${(durationMs / 1000).toFixed(1)} s: ${actions} actions, ${snapshots} snapshots`,
    );
  } catch (error) {
    if (!effects.signal.aborted) effects.log(`could not build: ${messageOf(error)}`);
  }
}
