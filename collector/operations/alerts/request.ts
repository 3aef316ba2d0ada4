import { setTimeout as sleep } from 'node:timers/promises';
import { systemCodeOf } from '../../base/errors.ts';
import { formatDuration } from '../../formats/schedule/duration.ts';

/** One request to a service outside. */
export interface OutsideRequest {
  address: URL;
  method: 'GET' | 'POST' | 'PATCH';
  headers?: Record<string, string>;
  body?: string;
}

/** How a request ended: with its answer, or with a sentence that says what went wrong and names no more of the address than its host. */
export type Outcome =
  | { ok: true; status: number; text: string }
  | {
      ok: false;
      problem: string;
      /** The answer, where there was one that is no success. */
      status?: number;
      /** Nothing was sent: something is missing here, and no service needs to be left alone. */
      unsent?: true;
      /** Before this is over, trying again is of no use: the service said so. */
      waitMs?: number;
    };

/** How long and how often a request is tried. */
export interface RequestEffects {
  fetch(address: URL, init: RequestInit): Promise<Response>;
  sleep(ms: number): Promise<unknown>;
  timeoutMs: number;
  /** How often it is tried, with pauses of one second, two, four … */
  attempts: number;
}

/** The network, ten seconds for an answer, three attempts. */
export const realRequests: RequestEffects = {
  fetch: (address, init) => fetch(address, init),
  sleep: (ms) => sleep(ms),
  timeoutMs: 10_000,
  attempts: 3,
};

/** A service that asks for a longer pause is left alone until the next call. */
const longestPauseMs = 20_000;

/** Sends a request; what may pass by itself (no connection, no answer, 429, 5xx) is tried again after a pause. Never throws. */
export function send(request: OutsideRequest, effects: RequestEffects): Promise<Outcome> {
  return withRetries(() => sendOnce(request, effects), effects);
}

/** Tries again, after pauses, what may pass by itself; the last outcome counts. */
export async function withRetries(
  once: () => Promise<Attempt>,
  effects: Pick<RequestEffects, 'attempts' | 'sleep'>,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const { outcome, mayPass } = await once();
    if (outcome.ok || !mayPass || attempt >= effects.attempts) return outcome;
    const pauseMs = Math.max(1000 * 2 ** (attempt - 1), outcome.waitMs ?? 0);
    if (pauseMs > longestPauseMs) return outcome;
    await effects.sleep(pauseMs);
  }
}

/** One attempt, and whether another may have more luck. */
export interface Attempt {
  outcome: Outcome;
  mayPass: boolean;
}

async function sendOnce({ address, ...request }: OutsideRequest, effects: RequestEffects): Promise<Attempt> {
  try {
    const response = await effects.fetch(address, {
      ...request,
      headers: { 'user-agent': 'daybook', ...request.headers },
      // A redirect would turn POST into GET, or take secrets elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(effects.timeoutMs),
    });
    const text = await response.text();
    if (response.ok) return { outcome: { ok: true, status: response.status, text }, mayPass: false };
    return refused(address, response);
  } catch (error) {
    return unanswered(address, error, effects.timeoutMs);
  }
}

function refused({ host }: URL, { status, headers }: Response): Attempt {
  const waitMs = retryAfterMs(headers.get('retry-after'), Date.now());
  if (status === 429 || status === 503) {
    const wait = waitMs === undefined ? '' : `, and asks to wait for ${formatDuration(waitMs)}`;
    const problem = `${host} answered ${status}${status === 429 ? ' (too many requests)' : ''}${wait}`;
    return {
      outcome: { ok: false, status, problem, ...(waitMs === undefined ? {} : { waitMs }) },
      mayPass: true,
    };
  }
  const why =
    status >= 300 && status < 400
      ? ' and points to another address; give that one'
      : status === 401 || status === 403
        ? ': it does not accept the token or address'
        : status === 404 || status === 410
          ? ': it does not know the address'
          : '';
  return {
    outcome: { ok: false, status, problem: `${host} answered ${status}${why}` },
    mayPass: status >= 500 || status === 408,
  };
}

/** The header's seconds, or the time until its date. */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,7}$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - nowMs) / 1000) * 1000);
}

const certificateCodes =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_SSL_|ERR_TLS_)/;

function unanswered({ host }: URL, error: unknown, timeoutMs: number): Attempt {
  if (error instanceof Error && error.name === 'TimeoutError')
    return failed(`${host} did not answer within ${formatDuration(timeoutMs)}`, true);
  const cause = error instanceof Error ? error.cause : undefined;
  const { problem, mayPass } = connectionProblem(host, cause ?? error);
  return failed(problem, mayPass);
}

const failed = (problem: string, mayPass: boolean): Attempt => ({ outcome: { ok: false, problem }, mayPass });

/** What a failed connection means, for HTTP and mail alike; a wrong certificate does not pass by itself. */
export function connectionProblem(host: string, error: unknown): { problem: string; mayPass: boolean } {
  const code = systemCodeOf(error) ?? '';
  if (certificateCodes.test(code))
    return { problem: `the certificate of ${host} is not accepted (${code})`, mayPass: false };
  if (code === 'ECONNREFUSED') return { problem: `${host} refuses the connection (${code})`, mayPass: true };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { problem: `${host} is not found by name (${code})`, mayPass: true };
  return { problem: `the connection to ${host} failed${code === '' ? '' : ` (${code})`}`, mayPass: true };
}
