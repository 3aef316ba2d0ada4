import { readFileSync } from 'node:fs';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonValue } from '../../base/json/json.ts';
import { parseJson } from '../../base/json/text.ts';
import { type RequestEffects, realRequests } from '../alerts/request.ts';
import { type GitHubApi, gitHubApi } from './api.ts';
import { objectIn, textIn } from './payload.ts';

/** What became of the comment. */
export interface PullComment {
  number: number;
  state: 'written' | 'updated' | 'unchanged';
}

/** By this the comment is found again, whoever wrote it. */
const marker = '<!-- daybook: one comment for each pull request, updated by every run -->';
const mostPages = 20;

/**
 * Puts the text into the one comment that Daybook has at the pull request of this job, which is found by a mark in it; the first time it writes
 * it. Undefined where the job belongs to no pull request.
 * @throws DaybookError `unavailable` where GitHub does not take it, with what it answered.
 */
export async function commentOnPull(
  markdown: string,
  env: NodeJS.ProcessEnv,
  effects: RequestEffects = realRequests,
): Promise<PullComment | undefined> {
  const number = pullNumber(env);
  if (number === undefined) return undefined;
  const ask = asker(env, effects);
  const body = `${marker}\n${markdown}`;
  const found = await findComment(ask, number);
  if (found?.body === body) return { number, state: 'unchanged' };
  if (found === undefined) await ask('POST', `issues/${number}/comments`, { body });
  else await ask('PATCH', `issues/comments/${found.id}`, { body });
  return { number, state: found === undefined ? 'written' : 'updated' };
}

/** The pull request of the event: its own, or the one that the finished run was for (how those of forks are answered). */
function pullNumber(env: NodeJS.ProcessEnv): number | undefined {
  const path = env['GITHUB_EVENT_PATH'];
  if (!path) return undefined;
  const payload = parseJson(readFileSync(path, 'utf8'));
  if (!isObject(payload)) return undefined;
  const run = objectIn(payload, 'workflow_run')?.['pull_requests'];
  const pulls = [payload['pull_request'], ...(Array.isArray(run) ? run : [])].filter(isObject);
  const number = pulls[0]?.['number'];
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

type Ask = (...asked: Parameters<GitHubApi>) => Promise<JsonValue>;

function asker(env: NodeJS.ProcessEnv, effects: RequestEffects): Ask {
  const token = env['GITHUB_TOKEN'];
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  if (!token || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new DaybookError('usage', 'Expected GITHUB_TOKEN and GITHUB_REPOSITORY in the environment.', {
      hint: 'Give the step the token of the job as GITHUB_TOKEN.',
    });
  const api = gitHubApi({ repository, token }, env, effects);
  return async (...asked) => {
    const outcome = await api(...asked);
    if (outcome.ok) return outcome.text === '' ? null : parseJson(outcome.text);
    throw new DaybookError('unavailable', `The comment could not be written: ${outcome.problem}.`, {
      hint: 'The job needs permissions: { pull-requests: write }; a pull request from a fork has none, and is answered from workflow_run.',
    });
  };
}

async function findComment(ask: Ask, number: number): Promise<{ id: number; body: string } | undefined> {
  for (let page = 1; page <= mostPages; page++) {
    const comments = await ask('GET', `issues/${number}/comments?per_page=100&page=${page}`);
    if (!Array.isArray(comments)) return undefined;
    for (const comment of comments.filter(isObject)) {
      const body = textIn(comment, 'body');
      const id = comment['id'];
      if (body?.startsWith(marker) && typeof id === 'number') return { id, body };
    }
    if (comments.length < 100) return undefined;
  }
  return undefined;
}
