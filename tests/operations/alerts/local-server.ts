import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type RequestEffects, realRequests } from '../../../collector/operations/alerts/request.ts';
import { certificate, privateKey } from './certificate.ts';

/** One request that a server got. */
export interface Got {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What a server answers: a status, or all of it; `never` leaves a request without an answer. */
export type Answer = number | 'never' | { status: number; headers?: Record<string, string>; body?: string };

/** A server on this machine that answers as told, the last answer again and again, and keeps what it got. */
export async function localServer(
  answers: Answer | readonly Answer[] | ((got: Got) => Answer),
  { secure = false }: { secure?: boolean } = {},
): Promise<{ address: string; got: Got[] }> {
  const got: Got[] = [];
  const list = typeof answers === 'function' ? [] : ([answers].flat() as Answer[]);
  const listener: RequestListener = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body };
    const answer =
      typeof answers === 'function' ? answers(one) : list[Math.min(got.length, list.length - 1)]!;
    got.push(one);
    if (answer === 'never') return;
    const { status, ...rest } = typeof answer === 'number' ? { status: answer } : answer;
    const { headers: sent = {}, body: text = '' } = rest as {
      headers?: Record<string, string>;
      body?: string;
    };
    response.writeHead(status, sent).end(text);
  };
  const server = secure
    ? createSecureServer({ key: privateKey, cert: certificate }, listener)
    : createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`, got };
}

/** The address of a port at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

/** The real network, without its pauses, which are taken down. */
export function quickRequests(changes: Partial<RequestEffects> = {}): {
  effects: RequestEffects;
  pauses: number[];
} {
  const pauses: number[] = [];
  const sleep = (ms: number) => Promise.resolve(pauses.push(ms));
  return { effects: { ...realRequests, timeoutMs: 2000, sleep, ...changes }, pauses };
}
