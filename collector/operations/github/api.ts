import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { type Outcome, type OutsideRequest, type RequestEffects, send } from '../alerts/request.ts';

/** Asks GitHub about one repository; `path` is what comes behind its address: "issues/5/comments". */
export type GitHubApi = (
  method: OutsideRequest['method'],
  path: string,
  body?: JsonObject,
) => Promise<Outcome>;

/** The repository "owner/name" with a token. Never throws: what went wrong stands in the outcome, without the token. */
export function gitHubApi(
  { repository, token }: { repository: string; token: string },
  env: NodeJS.ProcessEnv,
  requests: RequestEffects,
): GitHubApi {
  const base = (env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '');
  return (method, path, body) =>
    send(
      {
        address: new URL(`${base}/repos/${repository}/${path}`),
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/vnd.github+json',
          'content-type': 'application/json',
          'x-github-api-version': '2022-11-28',
        },
        ...(body === undefined ? {} : { body: jsonText(body) }),
      },
      // What was written although no answer came would be written twice: the next call looks for it first.
      method === 'POST' ? { ...requests, attempts: 1 } : requests,
    );
}
