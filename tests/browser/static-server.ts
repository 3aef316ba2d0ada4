import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

/** A site served below a sub-path, as a web host would; `ranges` off answers like a simple one that always sends all. */
export interface StaticServer {
  address: string;
  /** Bytes of data files sent so far. */
  sentBytes(): number;
  close(): Promise<void>;
}

/** Serves a folder at http://127.0.0.1:<port>/some/where/. */
export async function serveStatic(folder: string, ranges: boolean): Promise<StaticServer> {
  let sent = 0;
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const file = join(folder, normalize(path.replace(/^\/some\/where\//, '/')));
    if (!path.startsWith('/some/where/') || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end('not found');
      return;
    }
    const bytes = readFileSync(file);
    const type = types[extname(file)] ?? 'application/octet-stream';
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const part =
      ranges && range !== null
        ? bytes.subarray(Number(range[1]), range[2] === '' ? undefined : Number(range[2]) + 1)
        : bytes;
    if (file.includes('/data/')) sent += part.length;
    const headers = { 'content-type': type, 'content-length': part.length };
    if (part === bytes) response.writeHead(200, headers).end(bytes);
    else
      response
        .writeHead(206, {
          ...headers,
          'content-range': `bytes ${range![1]}-${Number(range![1]) + part.length - 1}/${bytes.length}`,
        })
        .end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/some/where/`,
    sentBytes: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
