import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DaybookError, systemCodeOf } from '../../base/errors.ts';
import { snapshotsFolder } from '../../store/layout.ts';
import type { BuildSite } from './site-builder.ts';
import { serveFile } from './static-files.ts';

/** What serving needs from the world. */
export interface ServeEffects {
  buildSite: BuildSite;
  /** Called once, when the site can be opened. */
  ready(url: string): void;
  /** One line per build and per problem. */
  log(line: string): void;
  signal: AbortSignal;
  /** How long the book must be quiet before it is built again. */
  quietMs?: number;
}

/** Builds the site, serves it on loopback and builds it again whenever the book changes, until the signal aborts. */
export async function serveSite(root: string, port: number, effects: ServeEffects): Promise<void> {
  const first = await effects.buildSite({ root });
  const server = createServer((request, response) => {
    // A page elsewhere that points a host name of its own at this machine gets nothing.
    if (!isLoopbackHost(request.headers.host)) response.writeHead(403).end('Only for this machine.\n');
    else serveFile(first.out, request, response);
  });
  const { port: taken } = await listen(server, port);
  const stopWatching = watchBook(root, effects.quietMs ?? 300, () => rebuild(root, effects));
  effects.ready(`http://127.0.0.1:${taken}/`);
  await new Promise<void>((resolve) => {
    if (effects.signal.aborted) resolve();
    effects.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stopWatching();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
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

async function rebuild(root: string, effects: ServeEffects): Promise<void> {
  try {
    const { actions, snapshots, durationMs } = await effects.buildSite({ root });
    effects.log(
      `built again in ${(durationMs / 1000).toFixed(1)} s: ${actions} actions, ${snapshots} snapshots`,
    );
  } catch (error) {
    effects.log(`could not build: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Calls `change` when the book was quiet for a moment after a change; never twice at once, and once more if it changed in the meantime. */
function watchBook(root: string, quietMs: number, change: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  const run = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    await change();
    running = false;
    if (again) later();
    again = false;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(run, quietMs);
  };
  mkdirSync(snapshotsFolder(root), { recursive: true });
  const watchers: FSWatcher[] = [
    watch(snapshotsFolder(root), later),
    watch(root, (_, name) => {
      if (name === 'daybook.yaml') later();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
