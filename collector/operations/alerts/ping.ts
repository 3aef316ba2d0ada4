import { DaybookError } from '../../base/errors.ts';
import { type Outcome, type RequestEffects, send } from './request.ts';

/**
 * Tells a dead man's switch (healthchecks.io and its like) how it went: the address itself where all is well, `/fail`
 * behind its path where not. The sentence goes along as the body; a service that takes no POST gets a GET.
 */
export async function ping(
  address: URL,
  isWell: boolean,
  sentence: string,
  effects: RequestEffects,
): Promise<Outcome> {
  const target = isWell ? address : failAddress(address);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const posted = await send({ address: target, method: 'POST', headers, body: sentence }, effects);
  if (posted.ok || posted.status !== 405) return posted;
  return send({ address: target, method: 'GET' }, effects);
}

/** The address for bad news: "/fail" behind the path, in front of what is asked. */
export function failAddress(address: URL): URL {
  const fail = new URL(address);
  fail.pathname = `${address.pathname.replace(/\/+$/, '')}/fail`;
  return fail;
}

/** An http(s) address that a person gave; an error does not repeat it, because it is mostly a secret. */
export function parseAddress(text: string, where: string): URL {
  const parsed = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  const found = text.trim() === '' ? 'empty text' : 'another text';
  throw new DaybookError('usage', `Expected an http(s) address in ${where}, found ${found}.`, {
    hint: 'Where it comes from the environment, see whether the variable is set and passed on.',
  });
}
