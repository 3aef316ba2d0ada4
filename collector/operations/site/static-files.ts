import { createReadStream, realpathSync, type Stats, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { isInside } from '../../base/paths.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.parquet': 'application/vnd.apache.parquet',
};

/** Answers one request from a folder: GET and HEAD, byte ranges, nothing outside of the folder, nothing cached. */
export function serveFile(folder: string, request: IncomingMessage, response: ServerResponse): undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, { Allow: 'GET, HEAD' });
  const found = findFile(folder, request.url ?? '/');
  if (found === undefined) return sendOn(folder, request, response);
  const { path, stat } = found;
  const headers: Record<string, string> = {
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Last-Modified': stat.mtime.toUTCString(),
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  };
  const range = parseRange(request.headers.range, stat.size);
  if (range === 'unsatisfiable') return refuse(response, 416, { 'Content-Range': `bytes */${stat.size}` });
  const { start, end } = range ?? { start: 0, end: stat.size - 1 };
  if (range !== undefined) headers['Content-Range'] = `bytes ${start}-${end}/${stat.size}`;
  headers['Content-Length'] = String(end - start + 1);
  response.writeHead(range === undefined ? 200 : 206, headers);
  if (request.method === 'HEAD' || stat.size === 0) response.end();
  else {
    createReadStream(path, { start, end })
      .on('error', () => response.destroy())
      .pipe(response);
  }
  return undefined;
}

/**
 * The file an address names, index.html for folders; undefined for everything that is not a plain file in the folder,
 * a link that leads out of it included.
 */
function findFile(folder: string, url: string): { path: string; stat: Stats } | undefined {
  let name: string;
  try {
    name = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
  } catch {
    return undefined;
  }
  if (name.includes('\u0000') || name.includes('\\')) return undefined;
  const path = resolve(folder, `.${name.startsWith('/') ? name : `/${name}`}`);
  if (!isInside(folder, path)) return undefined;
  return plainFile(folder, path) ?? plainFile(folder, join(path, 'index.html'));
}

/** Who takes the .html off an address, or cuts the name of a run off, means the page of that name. */
function sendOn(folder: string, request: IncomingMessage, response: ServerResponse): undefined {
  const [, path, rest = ''] = /^(\/[^/?#][^?#]*?)\/?(\?[^#]*)?$/.exec(request.url ?? '') ?? [];
  if (path === undefined || findFile(folder, `${path}.html`) === undefined) return refuse(response, 404);
  response.writeHead(302, { Location: `${path}.html${rest}` }).end();
  return undefined;
}

/** Follows links before it asks where the file lies; the folder itself may be reached by one. */
function plainFile(folder: string, given: string): { path: string; stat: Stats } | undefined {
  try {
    const path = realpathSync(given);
    const stat = isInside(realpathSync(folder), path) ? statSync(path) : undefined;
    return stat?.isFile() ? { path, stat } : undefined;
  } catch {
    // Also names that no file can have, such as one of thousands of letters.
    return undefined;
  }
}

/** One byte range ("bytes=0-99", "bytes=100-", "bytes=-8"); undefined where the whole file is asked for or several ranges are. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size) return 'unsatisfiable';
  return end < start ? undefined : { start, end };
}

function refuse(response: ServerResponse, code: number, headers: Record<string, string> = {}): undefined {
  const text = { 404: 'Not found.', 405: 'Only GET and HEAD.', 416: 'No such range.' }[code] ?? 'Refused.';
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
  return undefined;
}
